"""A month is taken once, by the clock; what the auditor finds is not published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights import answers, months
from insights.departments import OTHERS
from insights.models import CohortMonth, Figure, Part, Snapshot
from insights.snapshots import month_before, take, take_when_due
from insights.subjects import FIT, REACH
from insights.tasks import take_snapshot
from matching.models import Pairing
from sessions_log.models import CoachingSession

Pairs = Callable[..., list[Pairing]]
Say = Callable[..., None]
Months = Callable[..., Any]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2027, 3, 1, tzinfo=UTC), date(2027, 2, 1)),
        (datetime(2027, 3, 31, 23, 59, tzinfo=UTC), date(2027, 2, 1)),
        (datetime(2027, 1, 5, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_the_last_whole_month(at: datetime, month: date) -> None:
    assert month_before(at) == month


@pytest.mark.django_db
def test_a_month_is_taken_once() -> None:
    at = datetime(2027, 3, 1, 0, 5, tzinfo=UTC)
    first = take_when_due(at)
    assert first is not None
    assert (first.month, first.taken_at) == (date(2027, 2, 1), at)
    assert take_when_due(at + timedelta(days=20)) is None
    assert take_when_due(at + timedelta(days=31)) is not None
    assert Snapshot.objects.count() == 2


@pytest.mark.django_db
def test_the_task_takes_the_month_before_now() -> None:
    take_snapshot()
    take_snapshot()
    assert [one.month for one in Snapshot.objects.all()] == [month_before(timezone.now())]


def test_nothing_of_after_the_month_is_counted(pairs: Pairs, say: Say) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "not-good")
    take(month_before(timezone.now()))
    assert not Figure.objects.exists()


def test_a_planted_leak_is_caught_and_nothing_is_published(
    cohort: Cohort, make_cohort: Callable[..., Cohort], pairs: Pairs, say: Say, months_pass: Months
) -> None:
    """Somebody once published a programme's total beside a cohort's figure: two others can be worked out."""
    small = make_cohort("Small")
    before = Snapshot.objects.create(month=date(2020, 1, 1))
    until = datetime(2020, 2, 1, tzinfo=UTC)
    whole = Figure.objects.create(
        snapshot=before,
        subject=FIT,
        programme=cohort.programme,
        people=8,
        pairings=4,
        counts={"good": 5, "not-good": 3},
    )
    known = Figure.objects.create(
        snapshot=before, subject=FIT, cohort=cohort, people=6, pairings=3, counts={"good": 4, "not-good": 2}
    )
    for figure, of, people, pairings in ((whole, cohort, 6, 3), (known, cohort, 6, 3), (whole, small, 2, 1)):
        Part.objects.create(figure=figure, cohort=of, until=until, people=people, pairings=pairings)
    for pairing in pairs(3):
        say(pairing, "good", "not-good")
    taken = months_pass(1)
    assert taken.refused_at is not None
    assert not taken.figures.exists()
    whole.delete()
    taken.delete()
    again = months_pass(1)
    assert again.refused_at is None
    assert again.figures.count() == 1


def test_too_few_of_a_cohort_count_with_others_of_its_programme_when_it_is_over(
    cohort: Cohort, make_cohort: Callable[..., Cohort], pairs: Pairs, say: Say, months_pass: Months, dora: Person,
    olga: Person,
) -> None:  # fmt: skip
    over = [make_cohort(f"Over {number}", days_since_start=100) for number in range(2)]
    for each in over:
        for pairing in pairs(2, of=each):
            say(pairing, "good", "not-good")
    for pairing in pairs(2):  # of a cohort that goes on
        say(pairing, "deciding", "not-good")
    months_pass(1)
    shown = {bar.label: bar.value for bar in answers.of_programme(cohort.programme, olga).answers()[0].bars}
    assert shown == {"A good fit": 4, "Still deciding": 0, "Not a good fit": 4}
    for each in (*over, cohort):
        assert answers.of_cohort(each, dora).answers()[0].bars == []


def test_a_pool_of_which_too_much_could_be_worked_out_is_held_back(
    make_cohort: Callable[..., Cohort], pairs: Pairs, say: Say, months_pass: Months
) -> None:
    """Of eight all but one agree, so at least three of the four of each cohort do."""
    for number, last in enumerate(("good", "not-good")):
        one, two = pairs(2, of=make_cohort(f"Over {number}", days_since_start=100))
        say(one, "good", "good")
        say(two, "good", last)
    taken = months_pass(1)
    assert (taken.held_back, taken.figures.count(), taken.refused_at) == (1, 0, None)


def test_departments_stand_for_five_people_and_change_by_five(
    cohort: Cohort, make_person: Callable[..., Person], take_part: Any, months_pass: Months, olga: Person
) -> None:
    def join(number: int, department: str) -> None:
        known = Person.objects.count()
        for one in range(number):
            take_part(make_person(f"{department}{known + one}", department=department), cohort)

    join(6, "Care"), join(3, "Sales"), join(1, "Legal")
    months_pass(1)
    assert answers.departments(olga) == [("Care", 6)]
    join(4, "Care"), join(1, "Legal")
    months_pass(2)
    assert answers.departments(olga) == [("Care", 6), (OTHERS, 5)]
    join(1, "Care")
    months_pass(3)
    assert answers.departments(olga) == [("Care", 11), (OTHERS, 5)]
    assert set(Figure.objects.filter(subject=REACH).values_list("people", flat=True)) == {5, 6}


@pytest.mark.parametrize(("number", "held"), [(2, None), (3, 3)])
def test_a_month_keeps_sessions_only_of_five_people(
    cohort: Cohort, pairs: Pairs, months_pass: Months, number: int, held: int | None
) -> None:
    now = timezone.now()
    for pairing in pairs(number):
        CoachingSession.objects.create(pairing=pairing, starts_at=now, held_at=now)
    months_pass(1)
    row = CohortMonth.objects.get()
    assert (row.joined, row.paired, row.met, row.held) == (2 * number, 2 * number, 2 * number, held)
    assert [one.held for one in months.trend()] == [held or 0]


def test_it_asks_the_same_of_one_cohort_and_of_three(
    make_cohort: Callable[..., Cohort], pairs: Pairs, say: Say, django_assert_num_queries: Any
) -> None:
    at = timezone.now() + timedelta(days=31)
    for expected in (1, 2):
        for number in range(expected):
            say(pairs(1, of=make_cohort(f"C{expected}{number}"))[0], "good", "good")
        Snapshot.objects.all().delete()
        with django_assert_num_queries(QUERIES_OF_A_SNAPSHOT):
            take_when_due(at)


QUERIES_OF_A_SNAPSHOT = 28


def test_participants_are_not_named_in_figures(cohort: Cohort, participants: dict[str, Participant]) -> None:
    related = {field.related_model for model in (Figure, Part, CohortMonth) for field in model._meta.fields}
    assert Person not in related
    assert Participant not in related
    assert Pairing not in related
