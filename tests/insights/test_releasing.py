"""Over many months of made-up answers: what is released says nothing of a small group; the naive way would."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from insights.aggregates import Given, counted, latest, may_stand, size
from insights.auditor import Group
from insights.known import Known, scopes
from insights.releasing import Candidate, by_cohort

BEGIN = date(2027, 1, 1)
MONTHS = [BEGIN + timedelta(days=30 * number) for number in range(16)]
VALUES = ("good", "deciding", "not-good")
Pending = dict[int, list[Given]]


def made_up(rng: random.Random) -> tuple[dict[int, Any], dict[date, Pending]]:
    """Cohorts of four to sixteen people of two programmes, and who answers what in which month."""
    cohorts = {
        pk: SimpleNamespace(pk=pk, programme_id=1 + pk % 2, ends_on=BEGIN + timedelta(days=rng.randrange(60, 240)))
        for pk in range(1, 9)
    }
    answers: dict[date, Pending] = {month: {} for month in MONTHS}
    for pk, cohort in cohorts.items():
        for person in range(rng.randrange(4, 17)):
            for month in MONTHS:
                if month <= cohort.ends_on and rng.random() < 0.25:
                    given = Given(100 * pk + person, 100 * pk + person // 2, rng.choice(VALUES))
                    answers[month].setdefault(pk, []).append(given)
    return cohorts, answers


def released(cohorts: dict[int, Any], answers: dict[date, Pending]) -> tuple[list[list[Candidate]], Pending]:
    """Month by month, with what still waits at the end."""
    waiting: Pending = {}
    months = []
    for month in MONTHS:
        for pk, given in answers[month].items():
            waiting.setdefault(pk, []).extend(given)
        found = by_cohort("fit", waiting, cohorts, month + timedelta(days=30))
        for candidate in found.candidates:
            for key in candidate.parts:
                del waiting[key]  # type: ignore[arg-type]
        months.append(found.candidates)
    return months, waiting


@pytest.mark.parametrize("seed", range(6))
def test_each_figure_stands_by_itself_and_nothing_is_counted_twice(seed: int) -> None:
    cohorts, answers = made_up(random.Random(seed))
    months, waiting = released(cohorts, answers)
    figures = [candidate for month in months for candidate in month]
    assert figures
    assert all(may_stand(figure.given) for figure in figures)
    for pk in cohorts:
        given = [one for month in MONTHS for one in answers[month].get(pk, [])]
        counted_once = Counter(one.person for figure in figures for one in figure.parts.get(pk, []))
        assert all(counted_once[person] <= number for person, number in Counter(one.person for one in given).items())
    assert all(not may_stand(latest(given)) for given in waiting.values())


@pytest.mark.parametrize("seed", range(6))
def test_the_auditor_finds_nothing_in_what_is_released_month_after_month(seed: int) -> None:
    cohorts, answers = made_up(random.Random(seed))
    known = Known()
    for number, month in enumerate(released(cohorts, answers)[0]):
        for one in month:
            alone = Known()
            for of in (alone, known):
                groups = [Group((number, key), *size(given)) for key, given in one.parts.items()]
                of.add(groups, one.counts, scopes(one.cohort, one.programme))
            if alone.leaks(sizes_known=True):
                known.entries.pop()  # it is held back
        assert known.leaks(sizes_known=True) == []


def test_hiding_only_small_groups_beside_a_total_would_leak() -> None:
    """The naive way: each cohort's figure where it is large enough, and the total of all."""
    leaking = 0
    for seed in range(40):
        known, everything = Known(), []
        cohorts, answers = made_up(random.Random(seed))
        for pk in cohorts:
            given = latest(one for month in MONTHS[:2] for one in answers[month].get(pk, []))
            everything.append(Group(pk, *size(given)))
            if may_stand(given):
                counts = {str(value): count for value, count in counted(given).items()}
                known.add([everything[-1]], counts, ())
        total = counted(
            one for pk in cohorts for one in latest(one for month in MONTHS[:2] for one in answers[month].get(pk, []))
        )
        known.add(everything, {str(value): count for value, count in total.items()}, ())
        leaking += bool(known.leaks(sizes_known=True))
    assert leaking > 5
