from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddying.models import Cohort, Leave, Participant, Person
from matching.models import Pairing
from sessions_log.free_times import every
from sessions_log.models import CoachingSession
from sessions_log.rhythm import ANOTHER_SESSION, OUTSIDE, YOU_MEET_THEN, Occasion, plan

DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)
ZONES = [ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")]


@pytest.fixture
def first(now: datetime) -> datetime:
    """A Tuesday at ten in London, one to two weeks ahead."""
    day = now.date() + timedelta(days=7 + (1 - now.weekday()) % 7)
    return datetime.combine(day, time(10), tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


@pytest.fixture
def planned(
    pairing: Pairing, ada: Person, ben: Person, first: datetime, now: datetime, office_hours: Any
) -> Callable[..., list[Occasion]]:
    """Every second Tuesday at ten, four times, of two people with office hours."""
    office_hours(ada, ben)
    return lambda times=4, weeks=2: plan(pairing, ada, first, weeks, 60, now, times)


def instants(occasions: list[Occasion]) -> list[datetime | None]:
    return [occasion.starts_at for occasion in occasions]


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(1, 4),
    st.integers(0, 23).map(time),
)
def test_the_clock_reads_the_same_each_time(zone: ZoneInfo, day: date, weeks: int, at: time) -> None:
    first = datetime.combine(day, at, tzinfo=zone)
    found = list(every(first.astimezone(UTC), weeks, zone, first + timedelta(days=400), 30))
    reads = first.astimezone(UTC).astimezone(zone)  # a first time that is skipped reads an hour later
    assert found[0][1] == first
    assert [wall for wall, _ in found] == [
        reads.replace(tzinfo=None, fold=0) + number * weeks * WEEK for number in range(len(found))
    ]
    for wall, instant in found:
        assert instant is None or instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall


def test_a_time_that_the_clock_skips_has_no_instant() -> None:
    london = ZoneInfo("Europe/London")
    first = datetime(2027, 3, 21, 1, 30, tzinfo=london)
    found = list(every(first, 1, london, datetime(2027, 4, 10, tzinfo=UTC), 9))
    assert [instant is None for _, instant in found] == [False, True, False]


def test_every_second_week_until_the_cohort_ends(
    planned: Callable[..., list[Occasion]], pairing: Pairing, ada: Person, first: datetime
) -> None:
    dates = [occasion.wall for occasion in planned(times=None)]
    last_day = pairing.cohort.ends_on
    assert dates[0] == first.astimezone(ada.zone).replace(tzinfo=None)
    assert {after - before for before, after in pairwise(dates)} == {2 * WEEK}
    assert dates[-1].date() <= last_day < (dates[-1] + 2 * WEEK).date()


def test_dates_that_suit_are_suggested_as_planned(planned: Callable[..., list[Occasion]]) -> None:
    occasions = planned()
    assert [one.clash for one in occasions] == [""] * 4
    assert [one.suggested for one in occasions] == instants(occasions)
    assert [one.choices for one in occasions] == [[one.starts_at] for one in occasions]


def test_leave_is_outside_the_common_hours_and_says_no_more(
    planned: Callable[..., list[Occasion]], ben: Person, first: datetime
) -> None:
    day = (first + 2 * WEEK).date()
    Leave.objects.create(person=ben, first_day=day, last_day=day)
    second = planned()[1]
    assert second.clash == OUTSIDE
    assert second.nearest == [first + 2 * WEEK - DAY, first + 2 * WEEK + DAY]
    assert second.suggested == first + 2 * WEEK - DAY
    assert second.choices == [*second.nearest, second.starts_at]


def test_a_session_elsewhere_is_another_session(
    planned: Callable[..., list[Occasion]],
    ben: Person,
    cleo: Person,
    first: datetime,
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
    make_session: Callable[..., CoachingSession],
) -> None:
    autumn = make_cohort("Autumn")
    make_session(make_pairing(take_part(ben, autumn), take_part(cleo, autumn)), first + 2 * WEEK - HOUR / 2)
    second = planned()[1]
    assert (second.clash, second.suggested) == (ANOTHER_SESSION, first + 2 * WEEK + HOUR / 2)
    assert second.starts_at not in second.choices


def test_what_they_have_booked_already_is_said(
    planned: Callable[..., list[Occasion]], pairing: Pairing, first: datetime, make_session: Any
) -> None:
    make_session(pairing, first + 2 * WEEK)
    second = planned()[1]
    assert (second.clash, second.nearest, second.is_booked_already) == (YOU_MEET_THEN, [], True)


def test_what_is_suggested_overlaps_with_nothing_of_the_series(
    planned: Callable[..., list[Occasion]], ada: Person, first: datetime
) -> None:
    """Weekly, with a whole week away: what is near the lost date is no other date of the series."""
    Leave.objects.create(person=ada, first_day=(first + WEEK - DAY).date(), last_day=(first + WEEK + 3 * DAY).date())
    suggested = [one.suggested for one in planned(times=5, weeks=1) if one.suggested]
    assert len(suggested) == len(set(suggested))
    assert all(abs(a - b) >= HOUR for a in suggested for b in suggested if a != b)


def test_where_the_first_is_outside_on_purpose_so_are_the_others(
    pairing: Pairing, ada: Person, ben: Person, first: datetime, now: datetime, office_hours: Any
) -> None:
    office_hours(ada, ben)
    evening = first + 9 * HOUR
    occasions = plan(pairing, ada, evening, 2, 60, now, 3)
    assert [one.clash for one in occasions] == [OUTSIDE] * 3
    assert [one.suggested for one in occasions] == instants(occasions)


def test_without_common_hours_every_date_may_be_booked_all_the_same(
    pairing: Pairing, ada: Person, first: datetime, now: datetime
) -> None:
    occasions = plan(pairing, ada, first, 2, 60, now, 3)
    assert [one.suggested for one in occasions] == instants(occasions)


def test_it_takes_as_many_queries_for_one_date_as_for_many(
    planned: Callable[..., list[Occasion]],
    pairing: Pairing,
    ada: Person,
    first: datetime,
    now: datetime,
    django_assert_num_queries: Any,
) -> None:
    fresh = Pairing.objects.select_related("cohort").get(pk=pairing.pk)
    for times in (1, 4, 12):
        with django_assert_num_queries(7):
            plan(fresh, ada, first, 1, 60, now, times)
