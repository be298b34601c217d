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
from trust.acting import Purpose, acting_as_system

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
    mine = PairingMember.objects.filter(participant__person=lead, pairing__cohort=cohort)
    own = set(mine.values_list("pairing", flat=True))
    with acting_as_system(Purpose.COUNTING):
        return [_fit(cohort, own), _useful(cohort, own), *_scales(cohort, own), *_outcomes(cohort, lead, own)]


def _outcomes(cohort: Cohort, lead: Person, own: set[int]) -> list[Answered]:
    """The programme's own hopes, before and afterwards, as far as they can be shown."""
    theirs = set(PairingMember.objects.filter(pairing__in=own).values_list("participant", flat=True))
    theirs |= set(cohort.participants.filter(person=lead).values_list("pk", flat=True))
    rows = OutcomeRating.objects.filter(participant__cohort=cohort).order_by("given_at", "pk")
    given: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for outcome, moment, participant, value in rows.values_list("outcome", "moment", "participant", "value"):
        given[outcome, moment].append(Given(participant, value, participant in theirs))
    counted = [
        _counted(f"{one.words} ({words.lower()})", given[one.digest, moment], OUT_OF_FIVE)
        for one in hoped_for(cohort.programme)
        for moment, words in OutcomeRating.MOMENTS
    ]
    return [one for one in counted if one.bars]


def _fit(cohort: Cohort, own: set[int]) -> Answered:
    checks = FitCheck.objects.filter(within_cohort("answered_at", "pairing__"), pairing__cohort=cohort)
    rows = checks.filter(answered_at__isnull=False).order_by("answered_at", "pk")
    given = [
        Given(person, answer, pairing in own)
        for person, answer, pairing in rows.values_list("person", "answer", "pairing")
    ]
    return _counted("Is it a good fit?", given, FitCheck.ANSWERS)


def _useful(cohort: Cohort, own: set[int]) -> Answered:
    """Each answer is about one session; a batch still holds five people."""
    said = Usefulness.objects.filter(within_cohort("given_at", "session__pairing__"), session__pairing__cohort=cohort)
    rows = said.order_by("given_at", "pk").values_list("person", "value", "session__pairing")
    given = [Given(person, value, pairing in own) for person, value, pairing in rows]
    return _counted("How useful was the session?", given, USEFUL)


def _scales(cohort: Cohort, own: set[int]) -> list[Answered]:
    choices = ReflectionScale.objects.filter(
        within_cohort("prompt__answered_at", "prompt__pairing__"), prompt__pairing__cohort=cohort
    )
    rows = choices.filter(prompt__answered_at__isnull=False).order_by("prompt__answered_at", "pk")
    given: dict[str, list[Given]] = defaultdict(list)
    for question, author, value, pairing in rows.values_list("question", "author", "value", "prompt__pairing"):
        given[question].append(Given(author, value, pairing in own))
    return [_counted(scale.words, given[scale.slug], scale.choices) for scale in SCALES]


def _counted(question: str, given: Iterable[Given], choices: Iterable[tuple[Any, str]]) -> Answered:
    counts = released(given)
    return Answered(question, [Bar(label, counts[value]) for value, label in choices] if counts else [])
