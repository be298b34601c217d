"""What is wrong with a file, said so that the person with the file open can find it."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

SHOWN = 100


class Problem(NamedTuple):
    """``line`` is 0 for the file as a whole; ``column`` is empty for a whole line."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = [self.file]
        where += [_("line %(number)d") % {"number": self.line}] if self.line else []
        where += [_("column “%(name)s”") % {"name": self.column}] if self.column else []
        return f"{', '.join(where)}: {self.message}"


class Unreadable(Exception):
    """Nothing of the file can be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line))
