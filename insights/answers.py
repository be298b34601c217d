"""What the people of a cohort answered, as counts that stand for at least five people each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from buddying.models import Cohort, Person
from insights.aggregates import Given, released
from matching.models import PairingMember, within_cohort
from reflection.goal_setting import hoped_for
from reflection.models import FitCheck, OutcomeRating, ReflectionScale
from reflection.questions import SCALES
from sessions_log.models import Usefulness
from sessions_log.models.usefulness import SCALE as USEFUL

OUT_OF_FIVE = [(1, "1, not at all true"), (2, "2"), (3, "3"), (4, "4"), (5, "5, completely true")]


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
    own = _own_pairings(lead)
    return [_fit(cohort, own), _useful(cohort, own), *_scales(cohort, own), *_outcomes(cohort, lead)]


def _outcomes(cohort: Cohort, lead: Person) -> list[Answered]:
    """The programme's own hopes, before and afterwards, as far as they can be shown."""
    seats = PairingMember.objects.filter(pairing__in=_own_pairings(lead)).values("participant")
    ratings = OutcomeRating.objects.filter(participant__cohort=cohort).exclude(participant__person=lead)
    rows = ratings.exclude(participant__in=seats).order_by("given_at", "pk")
    given: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for outcome, moment, participant, value in rows.values_list("outcome", "moment", "participant", "value"):
        given[outcome, moment].append((participant, value))
    counted = [
        _counted(f"{one.words} ({words.lower()})", given[one.digest, moment], OUT_OF_FIVE)
        for one in hoped_for(cohort.programme)
        for moment, words in OutcomeRating.MOMENTS
    ]
    return [one for one in counted if one.bars]


def _fit(cohort: Cohort, own: Any) -> Answered:
    checks = FitCheck.objects.filter(within_cohort("answered_at", "pairing__"), pairing__cohort=cohort)
    rows = checks.filter(answered_at__isnull=False).exclude(pairing__in=own).order_by("answered_at", "pk")
    return _counted("Is it a good fit?", rows.values_list("person", "answer"), FitCheck.ANSWERS)


def _useful(cohort: Cohort, own: Any) -> Answered:
    """Each answer is about one session; a batch still holds five people."""
    said = Usefulness.objects.filter(within_cohort("given_at", "session__pairing__"), session__pairing__cohort=cohort)
    rows = said.exclude(session__pairing__in=own).order_by("given_at", "pk")
    return _counted("How useful was the session?", rows.values_list("person", "value"), USEFUL)


def _scales(cohort: Cohort, own: Any) -> list[Answered]:
    choices = ReflectionScale.objects.filter(
        within_cohort("prompt__answered_at", "prompt__pairing__"), prompt__pairing__cohort=cohort
    )
    rows = (
        choices.filter(prompt__answered_at__isnull=False)
        .exclude(prompt__pairing__in=own)
        .order_by("prompt__answered_at", "pk")
    )
    given: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for question, author, value in rows.values_list("question", "author", "value"):
        given[question].append((author, value))
    return [_counted(scale.words, given[scale.slug], scale.choices) for scale in SCALES]


def _own_pairings(lead: Person) -> Any:
    return PairingMember.objects.filter(participant__person=lead).values("pairing")


def _counted(question: str, given: Iterable[tuple[int, Any]], choices: Iterable[tuple[Any, str]]) -> Answered:
    counts = released(Given(*one) for one in given)
    return Answered(question, [Bar(label, counts[value]) for value, label in choices] if counts else [])
