"""Rounds of pairs drawn up ahead for a cohort, in which nobody meets the same person twice. Nothing is kept or told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from buddying.models import Cohort
from buddying.spreadsheets import harmless
from matching import engine, figures
from matching.engine.rounds import plan_rounds
from matching.snapshot import problem_of

COLUMNS = ["round", "pairing", "member_ids", "names", "reasons"]


@dataclass(frozen=True)
class Planned:
    ids: tuple[str, ...]
    names: list[str]
    reasons: list[str]


@dataclass(frozen=True)
class Round:
    number: int
    pairings: list[Planned]
    left_over: list[str]

    @property
    def people(self) -> int:
        return sum(len(pairing.ids) for pairing in self.pairings)


def draw_up(cohort: Cohort, rounds: int) -> list[Round]:
    problem = problem_of(cohort, engine.Policy())
    names = {person.id: person.called for person in problem.people}
    return [
        Round(
            number,
            [_planned(pairing, names) for pairing in plan.pairings],
            [names[person.person_id] for person in plan.unplaced],
        )
        for number, plan in enumerate(plan_rounds(problem, rounds), 1)
    ]


def table(rounds: Sequence[Round]) -> Iterator[list[Any]]:
    """Rows for a spreadsheet, the first with the names of the columns."""
    yield COLUMNS
    for each in rounds:
        for number, pairing in enumerate(each.pairings, 1):
            names, reasons = harmless("; ".join(pairing.names)), harmless(" ".join(pairing.reasons))
            yield [each.number, number, ";".join(pairing.ids), names, reasons]


def _planned(pairing: engine.PlannedPairing, names: dict[str, str]) -> Planned:
    called = [names[member] for member in pairing.members]
    return Planned(pairing.members, called, figures.without_wishes(figures.reasons_for_lead(pairing)))
