from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from buddying.models import Person, WeeklyWindow
from matching.models import Pairing
from sessions_log.availability import next_free_times, suits_everybody
from sessions_log.free_times import Interval
from sessions_log.models import CoachingSession
from sessions_log.timetable import Times, other_clocks

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def monday(now: datetime) -> date:
    return now.date() + timedelta(days=7 - now.weekday())


@pytest.fixture
def at(monday: date) -> datetime:
    """The Sunday before, at noon."""
    return datetime.combine(monday, time(12), tzinfo=UTC) - DAY


def in_utc(*people: Person) -> None:
    for person in people:
        person.time_zone = "UTC"
        person.save()


def hours(person: Person, weekday: int, start: int, length: int) -> None:
    WeeklyWindow.objects.create(person=person, weekday=weekday, starts_at=time(start), minutes=length * 60)


def test_only_what_both_have_in_common(pairing: Pairing, ada: Person, ben: Person, at: datetime, monday: date) -> None:
    in_utc(ada, ben)
    hours(ada, 0, 9, 4)
    hours(ben, 0, 11, 4)
    found = Times(pairing, ada, 60, at).timetable()
    assert found
    assert found.monday == monday
    cells = [[slot and f"{slot.starts_at:%H:%M}" for slot in day.cells] for day in found.days]
    assert cells == [["11:00", "11:30", "12:00"]] + [[None, None, None]] * 4
    assert (found.earlier, found.later) == (None, monday + 7 * DAY)


def test_days_stand_in_line(pairing: Pairing, ada: Person, ben: Person, at: datetime) -> None:
    in_utc(ada, ben)
    for person in (ada, ben):
        hours(person, 0, 9, 1)
        hours(person, 5, 10, 1)
    found = Times(pairing, ada, 60, at).timetable()
    assert found
    assert [len(day.cells) for day in found.days] == [2] * 7
    assert [bool(cell) for cell in found.days[0].cells] == [True, False]
    assert [bool(cell) for cell in found.days[5].cells] == [False, True]


def test_days_that_are_over_are_left_out(
    pairing: Pairing, ada: Person, ben: Person, monday: date, office_hours: Any
) -> None:
    in_utc(ada, ben)
    office_hours(ada, ben)
    wednesday = datetime.combine(monday + 2 * DAY, time(12), tzinfo=UTC)
    found = Times(pairing, ada, 60, wednesday).timetable(monday)
    assert found
    assert [day.date for day in found.days] == [monday + number * DAY for number in (2, 3, 4)]


def test_a_booked_hour_is_not_offered_again(
    pairing: Pairing,
    ada: Person,
    ben: Person,
    at: datetime,
    monday: date,
    make_session: Callable[..., CoachingSession],
) -> None:
    in_utc(ada, ben)
    for person in (ada, ben):
        hours(person, 0, 9, 2)
    nine = datetime.combine(monday, time(9), tzinfo=UTC)
    session = make_session(pairing, nine)
    first = [start for start in Times(pairing, ada, 60, at).starts if start < nine + DAY]
    assert first == [nine + HOUR]
    moving = [start for start in Times(pairing, ada, 60, at, session).starts if start < nine + DAY]
    assert moving == [nine, nine + HOUR / 2, nine + HOUR]
    session.seats.update(released_at=at)
    assert Times(pairing, ada, 60, at).starts[0] == nine


def test_nothing_after_the_cohorts_end(
    pairing: Pairing, ada: Person, ben: Person, at: datetime, office_hours: Any
) -> None:
    office_hours(ada, ben)
    last = Times(pairing, ada, 60, at).starts[-1]
    assert last.date() <= pairing.cohort.ends_on
    assert next_free_times(pairing, 60, ada, at + timedelta(days=200)) == []


def test_without_hours_there_is_no_timetable(pairing: Pairing, ada: Person, at: datetime, office_hours: Any) -> None:
    office_hours(ada)
    assert Times(pairing, ada, 60, at).timetable() is None


def test_both_clocks_where_they_differ(ada: Person, ben: Person, cleo: Person) -> None:
    ben.time_zone, cleo.time_zone = "Pacific/Apia", "Europe/Lisbon"
    here = datetime(2026, 1, 5, 15, tzinfo=ada.zone)
    assert [(clock.name, clock.reads) for clock in other_clocks(here, [ben, cleo])] == [("Ben", "Tue 04:00")]


def test_hours_suit_everybody_or_not(pairing: Pairing, ada: Person, ben: Person, monday: date) -> None:
    in_utc(ada, ben)
    hours(ada, 0, 9, 4)
    hours(ben, 0, 10, 4)
    nine = datetime.combine(monday, time(9), tzinfo=UTC)
    assert suits_everybody([ada, ben], Interval(nine + HOUR, nine + 4 * HOUR))
    assert not suits_everybody([ada, ben], Interval(nine, nine + HOUR))
    assert not suits_everybody([ada, ben], Interval(nine + HOUR, nine + 4.5 * HOUR))


def test_queries_do_not_grow_with_the_weeks(
    pairing: Pairing,
    ada: Person,
    ben: Person,
    at: datetime,
    office_hours: Any,
    make_session: Callable[..., CoachingSession],
    django_assert_num_queries: Any,
) -> None:
    office_hours(ada, ben)
    for days in (1, 3, 8):
        with django_assert_num_queries(7):  # people, windows, calendars, dates, leaves, seats and where they meet
            Times(Pairing.objects.select_related("cohort").get(pk=pairing.pk), ada, 60, at).timetable()
        make_session(pairing, at + days * DAY)
