"""The rows of nominations.csv, and the wishes that they come to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from buddying.importing.problems import Problem
from buddying.importing.reading import Row, Shape, Table

SHAPE = Shape(
    names={
        "from_id": "from_id",
        "from": "from_id",
        "to_id": "to_id",
        "to": "to_id",
        "rank_or_weight": "rank_or_weight",
        "rank": "rank_or_weight",
        "weight": "rank_or_weight",
        "value": "rank_or_weight",
        "kind": "kind",
    },
    required=("from_id", "to_id"),
    max_rows=200_000,
)
NOMINATION, REFUSAL = "nomination", "refusal"
MOST_KINDS = 50
RANKED = 3
UNRANKED = math.inf


class Tie(NamedTuple):
    """``value`` is a rank, 1 for the first wish; negative for a refusal; infinite where the file says nothing."""

    line: int
    namer: str
    named: str
    value: float
    kind: str

    @property
    def refuses(self) -> bool:
        return self.kind == REFUSAL or self.value < 0


@dataclass
class Wishes:
    ranked: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_ties(table: Table, known: Collection[str]) -> tuple[list[Tie], list[Problem]]:
    problems: list[Problem] = []
    first: dict[tuple[str, str, str], int] = {}
    ties = []
    for row in table.rows:
        tie = _tie(table, row, known, problems)
        begins = first.setdefault((tie.namer, tie.named, tie.kind), tie.line)
        if begins != tie.line:
            who = {"namer": tie.namer, "named": tie.named, "line": begins}
            message = _("“%(namer)s” names “%(named)s” on line %(line)d already.") % who
            problems.append(table.problem(tie.line, "to_id", message))
        ties.append(tie)
    if len(kinds_in(ties)) > MOST_KINDS:
        message = _("There are more than %(most)d different words in this column.") % {"most": MOST_KINDS}
        problems.append(table.problem(0, "kind", message))
    return ties, problems


def _tie(table: Table, row: Row, known: Collection[str], problems: list[Problem]) -> Tie:
    def problem(column: str, message: str) -> None:
        problems.append(table.problem(row.line, column, message))

    for column in ("from_id", "to_id"):
        if not row[column]:
            problem(column, _("This cell is empty."))
        elif row[column] not in known:
            said = _("“%(id)s” is no id among the people, nor in the cohort.")
            problem(column, said % {"id": row[column][:60]})
    if row["from_id"] and row["from_id"] == row["to_id"]:
        problem("to_id", _("“%(id)s” names themself.") % {"id": row["to_id"][:60]})
    kind = " ".join(row["kind"].split()) or NOMINATION
    kind = kind.lower() if kind.lower() in (NOMINATION, REFUSAL) else kind
    return Tie(row.line, row["from_id"], row["to_id"], _value(row, problem), kind)


def _value(row: Row, problem: Any) -> float:
    text = row["rank_or_weight"]
    if not text:
        return UNRANKED
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problem("rank_or_weight", _("“%(text)s” is not a number.") % {"text": text[:40]})
        return UNRANKED
    if value == 0:
        said = _("0 says nothing. Write 1 for the first wish, 2 for the second, or leave the row out.")
        problem("rank_or_weight", said)
    return value


def kinds_in(ties: Iterable[Tie]) -> Counter[str]:
    return Counter(tie.kind for tie in ties)


def usual_kinds(found: Collection[str]) -> tuple[str, ...]:
    """The kinds to take as nominations where nobody has chosen: none if that is not clear."""
    others = [kind for kind in found if kind != REFUSAL]
    if NOMINATION in others:
        return (NOMINATION,)
    return tuple(others) if len(others) == 1 else ()


def contradictions(table: Table, ties: Iterable[Tie], kinds: Collection[str]) -> list[Problem]:
    """Somebody is named and refused by the same person."""
    taken = [tie for tie in ties if tie.kind in kinds or tie.kind == REFUSAL]
    refused = {(tie.namer, tie.named): tie.line for tie in taken if tie.refuses}
    said = _("“%(namer)s” names “%(named)s” here and refuses them on line %(line)d.")
    return [
        table.problem(
            tie.line,
            "to_id",
            said % {"namer": tie.namer, "named": tie.named, "line": refused[tie.namer, tie.named]},
        )
        for tie in taken
        if not tie.refuses and (tie.namer, tie.named) in refused
    ]


def wishes_of(ties: Iterable[Tie], kinds: Collection[str], *, keep_rest: bool = True) -> dict[str, Wishes]:
    """For each namer: lower values first, then those who name them too, then by id; three of them are ranked."""
    taken = [tie for tie in ties if tie.kind in kinds or tie.kind == REFUSAL]
    values: dict[str, dict[str, float]] = defaultdict(dict)
    wishes: dict[str, Wishes] = defaultdict(Wishes)
    for tie in taken:
        if tie.refuses:
            refused = wishes[tie.namer].refused
            refused += [tie.named] if tie.named not in refused else []
        else:
            values[tie.namer][tie.named] = min(tie.value, values[tie.namer].get(tie.named, UNRANKED))
    for namer, named in values.items():
        order = sorted(named, key=lambda one: (named[one], namer not in values.get(one, {}), by_id(one)))
        wishes[namer].ranked = order[:RANKED]
        wishes[namer].also = order[RANKED:] if keep_rest else []
    return dict(wishes)


def by_id(reference: str) -> tuple[int, int, str]:
    """Numbers as numbers, before words."""
    number = reference.isascii() and reference.isdigit() and len(reference) < 20
    return (0, int(reference), reference) if number else (1, 0, reference)
