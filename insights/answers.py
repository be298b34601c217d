"""What people answered, as published in monthly snapshots. Nothing here reads an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from buddying.models import Cohort, Person, Programme
from insights.departments import OTHERS, Reached
from insights.models import Figure
from insights.subjects import FIT, REACH, USEFUL, outcome, scale
from outbox.words import Words
from reflection.goal_setting import hoped_for
from reflection.models import FitCheck, OutcomeRating
from reflection.questions import SCALES
from sessions_log.models.usefulness import SCALE as USEFUL_SCALE


@dataclass(frozen=True)
class Bar:
    label: str
    value: int


@dataclass(frozen=True)
class Answered:
    """One question, and how often each answer was given; no bars where nothing is published."""

    question: str
    bars: list[Bar]

    @property
    def most(self) -> int:
        return max((bar.value for bar in self.bars), default=0)

    @property
    def total(self) -> int:
        return sum(bar.value for bar in self.bars)


@dataclass(frozen=True)
class Outcome:
    """A hoped-for outcome and its mean from 1 to 5, before and afterwards, with how many people it is the mean of."""

    words: str
    before: float | None
    after: float | None
    people_before: int
    people_after: int


class Published:
    """Figures of one scope that ``viewer`` may see, summed over the months."""

    def __init__(self, viewer: Person, where: Q) -> None:
        figures: QuerySet[Figure] = Figure.objects.visible_to(viewer).filter(where)
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        for subject, counts in figures.exclude(subject=REACH).values_list("subject", "counts"):
            self.counts[subject].update(counts)

    def answers(self) -> list[Answered]:
        questions: list[tuple[Words, str, Iterable[tuple[Any, Words]]]] = [
            (_("Is it a good fit?"), FIT, FitCheck.ANSWERS),
            (_("How useful was the session?"), USEFUL, USEFUL_SCALE),
        ]
        questions += [(one.words, scale(one.slug), one.choices) for one in SCALES]
        return [self._answered(*question) for question in questions]

    def _answered(self, question: Words, subject: str, choices: Iterable[tuple[Any, Words]]) -> Answered:
        counts = self.counts[subject]
        bars = [Bar(str(label), counts[str(value)]) for value, label in choices] if counts else []
        return Answered(str(question), bars)

    def outcomes(self, programmes: Iterable[Programme]) -> list[Outcome]:
        """Those of which something is published, each line of words once."""
        hoped = dict.fromkeys(one for programme in programmes for one in hoped_for(programme))
        found = [self._outcome(one.digest, one.words) for one in hoped]
        return [one for one in found if one.people_before or one.people_after]

    def _outcome(self, digest: str, words: str) -> Outcome:
        before, after = (self.counts[outcome(moment, digest)] for moment, _ in OutcomeRating.MOMENTS)
        return Outcome(words, _mean(before), _mean(after), before.total(), after.total())


def of_cohort(cohort: Cohort, viewer: Person) -> Published:
    return Published(viewer, Q(cohort=cohort))


def of_programme(programme: Programme, viewer: Person) -> Published:
    return Published(viewer, Q(cohort__programme=programme) | Q(programme=programme))


def of_all(viewer: Person) -> Published:
    return Published(viewer, Q())


def departments(viewer: Person) -> list[Reached]:
    """In the whole organisation, as of the last snapshot."""
    found: Counter[str] = Counter()
    rows = Figure.objects.visible_to(viewer).filter(subject=REACH)
    for department, people in rows.values_list("department", "people"):
        found[department] += people
    known = sorted(found.items(), key=lambda row: (not row[0], -row[1], row[0]))
    return [Reached(department or str(OTHERS), people) for department, people in known]


def _mean(counts: Counter[str]) -> float | None:
    if not counts:
        return None
    return round(sum(int(value) * count for value, count in counts.items()) / counts.total(), 1)
