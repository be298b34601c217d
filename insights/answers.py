"""What the people of a cohort answered, as counts that stand for at least five people each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from buddying.models import Cohort, Person
from insights.aggregates import Given, released
from matching.models import PairingMember
from reflection.models import FitCheck


@dataclass(frozen=True)
class Bar:
    label: str
    value: int


@dataclass(frozen=True)
class Answered:
    """One question, and how often each answer was given; no bars where it cannot be shown."""

    question: str
    bars: list[Bar]

    @property
    def most(self) -> int:
        return max((bar.value for bar in self.bars), default=0)


def answers(cohort: Cohort, lead: Person) -> list[Answered]:
    """Without pairings that the lead sits in: their own answer would lay the others' open."""
    return [_fit(cohort, _own_pairings(lead))]


def _fit(cohort: Cohort, own: Any) -> Answered:
    checks = FitCheck.objects.filter(pairing__cohort=cohort, answered_at__isnull=False).exclude(pairing__in=own)
    given = checks.order_by("answered_at", "pk").values_list("person", "answer")
    return _counted("Is it a good fit?", given, FitCheck.ANSWERS)


def _own_pairings(lead: Person) -> Any:
    return PairingMember.objects.filter(participant__person=lead).values("pairing")


def _counted(question: str, given: Iterable[tuple[int, Any]], choices: Iterable[tuple[Any, str]]) -> Answered:
    counts = released(Given(*one) for one in given)
    return Answered(question, [Bar(label, counts[value]) for value, label in choices] if counts else [])
