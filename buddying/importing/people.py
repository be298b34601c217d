"""The rows of people.csv."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from buddying.importing.addresses import address_of, is_address
from buddying.importing.problems import Problem
from buddying.importing.reading import Row, Shape, Table
from buddying.topics import TICKED, tidy

SHAPE = Shape(
    names={
        "id": "id",
        "name": "name",
        "label": "name",
        "email": "email",
        "e_mail": "email",
        "mail": "email",
        "email_address": "email",
        "e_mail_address": "email",
        "department": "department",
        "team": "team",
        "level": "level",
        "manager_id": "manager_id",
        "manager": "manager_id",
        "office": "place",
        "place": "place",
        "time_zone": "time_zone",
        "timezone": "time_zone",
        "hours_per_month": "hours_per_month",
        "wants": "wants",
        "offers": "offers",
    },
    required=("id",),
    max_rows=20_000,
)
LONGEST = {"id": 60, "name": 120, "department": 120, "team": 120, "place": 120}
WHOLE_NUMBERS = {"level": (0, 1000), "hours_per_month": (1, 20)}


@dataclass(frozen=True)
class PersonDraft:
    """What one row says. ``facts`` holds only the columns that the file has; a blank there means "none"."""

    line: int
    reference: str
    name: str = ""
    email: str = ""
    manager: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    topics: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shown_name(self) -> str:
        return self.name or _("Person %(reference)s") % {"reference": self.reference}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_people(table: Table, address_pattern: str = "") -> tuple[list[PersonDraft], list[Problem]]:
    """What stands in each row, looked at alone."""
    problems: list[Problem] = []
    drafts = [_draft(table, row, address_pattern, problems) for row in table.rows]
    return drafts, problems


def _draft(table: Table, row: Row, pattern: str, problems: list[Problem]) -> PersonDraft:
    def problem(column: str, message: str) -> None:
        problems.append(table.problem(row.line, column, message))

    if not row["id"]:
        problem("id", _("This cell is empty. Each person needs an id."))
    for column, longest in LONGEST.items():
        if len(row[column]) > longest:
            problem(column, _("This is longer than %(most)d characters.") % {"most": longest})
    numbers = {column: _whole_number(row, column, problem) for column in WHOLE_NUMBERS}
    if row["time_zone"] and row["time_zone"] not in _zones():
        said = _("“%(text)s” is no time zone. One is for example Europe/Berlin.")
        problem("time_zone", said % {"text": row["time_zone"]})
    return PersonDraft(
        line=row.line,
        reference=row["id"],
        name=row["name"],
        email=_address(row, pattern, problem),
        manager=row["manager_id"],
        facts={column: numbers.get(column, row[column]) for column in table.headings if column in FACTS},
        topics={column: tidy(row[column].split(";")) for column in TOPICS if column in table.headings},
    )


TOPICS = ("wants", "offers")
FACTS = ("department", "team", "level", "place", "time_zone", "hours_per_month")


def _whole_number(row: Row, column: str, problem: Any) -> int | None:
    text = row[column]
    if not text:
        return None
    least, most = WHOLE_NUMBERS[column]
    if not text.isascii() or not text.isdigit():
        problem(column, _("“%(text)s” is not a whole number.") % {"text": text[:40]})
    elif len(text) > 6 or not least <= int(text) <= most:
        said = _("“%(text)s” is not between %(least)d and %(most)d.")
        problem(column, said % {"text": text[:40], "least": least, "most": most})
    else:
        return int(text)
    return None


def _address(row: Row, pattern: str, problem: Any) -> str:
    if row["email"]:
        if not is_address(row["email"]):
            problem("email", _("“%(text)s” is not an e-mail address.") % {"text": row["email"][:80]})
        return row["email"].lower()
    if not pattern or not row["id"]:
        return ""
    address = address_of(pattern, row["id"], row["name"] or row["id"])
    if not is_address(address):
        said = _("The pattern makes “%(address)s” of this: no e-mail address.")
        problem("name" if row["name"] else "id", said % {"address": address[:80]})
    return address.lower()


def check_among_themselves(table: Table, drafts: list[PersonDraft]) -> list[Problem]:
    return [
        *_twice(table, "id", [(draft.line, draft.reference) for draft in drafts]),
        *_twice(table, "email", [(draft.line, draft.email) for draft in drafts]),
    ]


def _twice(table: Table, column: str, found: list[tuple[int, str]]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for line, value in found:
        if value and (begins := first.setdefault(value, line)) != line:
            message = _("“%(value)s” stands on line %(line)d already.") % {"value": value, "line": begins}
            problems.append(table.problem(line, column, message))
    return problems


def check_topics(table: Table, drafts: list[PersonDraft], topics: Iterable[str]) -> list[Problem]:
    """Each is one of the programme's; afterwards the drafts hold them as the programme writes them."""
    known = {topic.casefold(): topic for topic in topics}
    problems = []
    for draft in drafts:
        for column, found in draft.topics.items():
            if unknown := [topic for topic in found if topic.casefold() not in known]:
                message = _no_topic(unknown[0][:80], known.values())
                problems.append(table.problem(draft.line, column, message))
            elif len(found) > TICKED:
                message = _("These are %(count)d topics. Up to five count.") % {"count": len(found)}
                problems.append(table.problem(draft.line, column, message))
            draft.topics[column] = [known.get(topic.casefold(), topic) for topic in found]
    return problems


def _no_topic(text: str, topics: Collection[str]) -> str:
    if topics:
        said = _("“%(text)s” is no topic of the programme. Topics are: %(topics)s.")
        return said % {"text": text, "topics": "; ".join(topics)}
    said = _("“%(text)s” is no topic of the programme. It has none so far: write them on the programme’s page first.")
    return said % {"text": text}


def check_managers(table: Table, drafts: list[PersonDraft], managers_here: dict[str, str]) -> list[Problem]:
    """``managers_here``: each reference that the cohort has already, with its manager's (or "")."""
    problems = []
    known = {draft.reference for draft in drafts} | set(managers_here)
    for draft in drafts:
        if not draft.manager:
            continue
        if draft.manager == draft.reference:
            message = _("“%(id)s” is this person’s own id. Nobody is their own manager.") % {"id": draft.manager}
            problems.append(table.problem(draft.line, "manager_id", message))
        elif draft.manager not in known:
            message = _("“%(id)s” is no id in this file, nor in the cohort.") % {"id": draft.manager}
            problems.append(table.problem(draft.line, "manager_id", message))
    return problems or _cycles(table, drafts, managers_here)


def _cycles(table: Table, drafts: list[PersonDraft], managers_here: dict[str, str]) -> list[Problem]:
    above = managers_here | {draft.reference: draft.manager for draft in drafts}
    lines = {draft.reference: draft.line for draft in drafts}
    settled: set[str] = set()
    problems = []
    for draft in drafts:
        path: list[str] = []
        at = draft.reference
        while at and at not in settled:
            settled.add(at)
            path.append(at)
            at = above.get(at, "")
        if at in path:
            circle = path[path.index(at) :]
            line = min(lines[one] for one in circle if one in lines)
            said = _("These people would be each other’s managers in a circle: %(circle)s.")
            message = said % {"circle": " → ".join([*circle[:6], at])}
            problems.append(table.problem(line, "manager_id", message))
    return problems
