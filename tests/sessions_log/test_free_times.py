from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_log.free_times import (
    Interval,
    Window,
    good_times,
    hours,
    intersect,
    local_instant,
    merge,
    mutual,
    slots,
    subtract,
)

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    LONDON,
    NEW_YORK,
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Pacific/Apia"),
]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def clock_changes(zone: ZoneInfo) -> list[datetime]:
    """The first instants with a new offset, 2026 to 2028, found hour by hour."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    found, offset = [], start.astimezone(zone).utcoffset()
    while start < end:
        start += HOUR / 2
        now = start.astimezone(zone).utcoffset()
        if now != offset:
            found.append(start)
        offset = now
    return found


CHANGES = [(zone, change) for zone in ZONES for change in clock_changes(zone)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def window(weekday: int, at: str, minutes: int, zone: ZoneInfo = LONDON) -> Window:
    return Window(weekday, time.fromisoformat(at), minutes, zone)


def reads_within(window: Window, at: datetime) -> bool:
    """The definition, looked up at one instant: does the clock on the wall say so?"""
    wall = at.astimezone(window.zone).replace(tzinfo=None)
    opened = [datetime.combine(wall.date() - timedelta(days=back), window.starts_at) for back in (0, 1)]
    return any(
        start.weekday() == window.weekday and start <= wall < start + window.minutes * MINUTE for start in opened
    )


def covers(intervals: Sequence[Interval], at: datetime) -> bool:
    return any(start <= at < end for start, end in intervals)


def test_changes_are_those_of_the_calendar() -> None:
    """Two a year in London, New York and on Lord Howe; Casablanca around Ramadan; Apia gave it up."""
    per_zone = {zone.key: len([change for known, change in CHANGES if known == zone]) for zone in ZONES}
    assert per_zone["Europe/London"] == per_zone["America/New_York"] == per_zone["Australia/Lord_Howe"] == 6
    assert per_zone["Africa/Casablanca"] == 6
    assert per_zone["Pacific/Apia"] == 0


def test_nine_stays_nine_when_the_clock_changes() -> None:
    monday = window(0, "09:00", 60)
    found = hours([monday], Interval(utc(2026, 3, 20), utc(2026, 4, 4)))
    assert found == [
        Interval(utc(2026, 3, 23, 9), utc(2026, 3, 23, 10)),
        Interval(utc(2026, 3, 30, 8), utc(2026, 3, 30, 9)),
    ]


def test_a_window_runs_over_midnight() -> None:
    found = hours([window(6, "22:00", 240)], Interval(utc(2026, 1, 4), utc(2026, 1, 6)))
    assert found == [Interval(utc(2026, 1, 4, 22), utc(2026, 1, 5, 2))]


def test_a_window_that_began_before_the_span_is_cut() -> None:
    found = hours([window(6, "22:00", 240)], Interval(utc(2026, 1, 5, 1), utc(2026, 1, 6)))
    assert found == [Interval(utc(2026, 1, 5, 1), utc(2026, 1, 5, 2))]


def test_a_skipped_hour_is_lost() -> None:
    """London, 29 March 2026: after 00:59 comes 02:00."""
    found = hours([window(6, "00:30", 120)], Interval(utc(2026, 3, 29), utc(2026, 3, 30)))
    assert found == [Interval(utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30))]


def test_a_window_inside_the_skipped_hour_does_not_happen() -> None:
    assert hours([window(6, "01:00", 60)], Interval(utc(2026, 3, 28, 12), utc(2026, 3, 29, 12))) == []


def test_a_repeated_half_hour_counts_twice() -> None:
    """London, 25 October 2026: 01:00 to 02:00 comes twice, so 01:00 to 01:30 does too."""
    found = hours([window(6, "01:00", 30)], Interval(utc(2026, 10, 24, 12), utc(2026, 10, 25, 12)))
    assert found == [
        Interval(utc(2026, 10, 25, 0), utc(2026, 10, 25, 0, 30)),
        Interval(utc(2026, 10, 25, 1), utc(2026, 10, 25, 1, 30)),
    ]


around_a_change = st.sampled_from(CHANGES)
any_windows = st.builds(
    lambda weekday, start, length: (weekday, time(start // 4, start % 4 * 15), length * 15),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 96),
)


@given(around_a_change, st.lists(any_windows, min_size=1, max_size=3), st.lists(st.integers(-2880, 2880), min_size=20))
def test_free_is_what_the_clock_on_the_wall_says(
    change: tuple[ZoneInfo, datetime], weekly: list[tuple[int, time, int]], minutes: list[int]
) -> None:
    zone, at = change
    windows = [Window(*parts, zone) for parts in weekly]
    free = hours(windows, Interval(at - timedelta(days=2), at + timedelta(days=2)))
    for moment in (at + offset * MINUTE for offset in [*minutes, -61, -31, -1, 0, 29, 59]):
        if abs(moment - at) < timedelta(days=2):
            assert covers(free, moment) == any(reads_within(one, moment) for one in windows)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=lambda value: str(getattr(value, "key", value)))
def test_each_window_around_each_change(zone: ZoneInfo, change: datetime) -> None:
    """Every window of a quarter day that touches the night of the change, minute by minute."""
    day = change.astimezone(zone).date()
    for start in range(0, 24, 3):
        one = Window(day.weekday(), time(start), 360, zone)
        span = Interval(change - timedelta(days=1), change + timedelta(days=1))
        free = hours([one], span)
        for offset in range(-1440, 1440, 10):
            moment = change + offset * MINUTE
            assert covers(free, moment) == reads_within(one, moment)


@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_nine_is_nine_in_every_zone_on_every_day(zone: ZoneInfo, day: date) -> None:
    noon = datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    every_day = [Window(weekday, time(9), 60, zone) for weekday in range(7)]
    (today,) = (
        found
        for found in hours(every_day, Interval(noon - timedelta(days=1), noon + timedelta(days=1)))
        if found.start.astimezone(zone).date() == day
    )
    assert today.start.astimezone(zone).time() == time(9)
    assert today.end - today.start == HOUR


moments = st.integers(0, 600).map(lambda minute: utc(2026, 6, 1) + minute * MINUTE)
intervals = st.lists(st.builds(lambda a, b: Interval(min(a, b), max(a, b)), moments, moments), max_size=6)


@given(intervals, intervals, moments)
def test_the_algebra_of_intervals(some: list[Interval], others: list[Interval], at: datetime) -> None:
    left, right = merge(some), merge(others)
    assert covers(left, at) == covers(some, at)
    assert covers(intersect(left, right), at) == (covers(left, at) and covers(right, at))
    assert covers(subtract(left, others), at) == (covers(left, at) and not covers(others, at))
    assert all(before.end < after.start for before, after in pairwise(left))


@given(intervals, intervals, intervals, moments)
def test_three_are_free_when_each_is(a: list, b: list, c: list, at: datetime) -> None:
    people = [merge(one) for one in (a, b, c)]
    assert covers(mutual(people), at) == all(covers(one, at) for one in people)


def test_nobody_is_never_free() -> None:
    assert mutual([]) == []


def test_two_zones_meet_in_the_afternoon() -> None:
    """Nine to five in London and New York, between the two spring changes: London 13:00 to 17:00."""
    span = Interval(utc(2026, 3, 16), utc(2026, 3, 17))
    office = [hours([window(0, "09:00", 480, zone)], span) for zone in (LONDON, NEW_YORK)]
    assert mutual(office) == [Interval(utc(2026, 3, 16, 13), utc(2026, 3, 16, 17))]


@given(intervals, st.sampled_from([15, 30]), st.sampled_from([30, 45, 60]), st.sampled_from(ZONES))
def test_slots_fit_and_stand_on_the_grid(free: list[Interval], step: int, minutes: int, zone: ZoneInfo) -> None:
    free = merge(free)
    starts = slots(free, minutes, step, zone)
    for start in starts:
        assert any(start >= one.start and start + minutes * MINUTE <= one.end for one in free)
        assert start.astimezone(zone).minute % step == 0
    assert starts == sorted(set(starts))


def test_slots_are_all_there_are() -> None:
    free = [Interval(utc(2026, 1, 5, 9, 10), utc(2026, 1, 5, 11))]
    assert slots(free, 60, 30, LONDON) == [utc(2026, 1, 5, 9, 30), utc(2026, 1, 5, 10)]


def test_slots_follow_the_readers_clock() -> None:
    """Kathmandu is 5:45 ahead."""
    free = [Interval(utc(2026, 1, 5, 3, 15), utc(2026, 1, 5, 4, 30))]
    assert slots(free, 60, 30, ZoneInfo("Asia/Kathmandu")) == [utc(2026, 1, 5, 3, 15)]


def test_good_times_are_on_different_days_and_at_different_hours() -> None:
    week = [utc(2026, 1, day, hour) for day in (5, 6, 7) for hour in (9, 11, 13)]
    assert good_times(week, utc(2026, 1, 5, 10), 3, LONDON) == [
        utc(2026, 1, 5, 11),
        utc(2026, 1, 6, 9),
        utc(2026, 1, 7, 13),
    ]


def test_good_times_take_what_there_is() -> None:
    day = [utc(2026, 1, 5, 9), utc(2026, 1, 5, 9, 30), utc(2026, 1, 5, 11)]
    assert good_times(day, utc(2026, 1, 5), 3, LONDON) == [utc(2026, 1, 5, 9), utc(2026, 1, 5, 11)]
    assert good_times(day, utc(2026, 1, 6), 1, LONDON) == [utc(2026, 1, 5, 9)]
    assert good_times([], utc(2026, 1, 6), 3, LONDON) == []


def test_a_time_on_the_clock_is_one_instant() -> None:
    assert local_instant(datetime(2026, 7, 1, 9), LONDON) == utc(2026, 7, 1, 8)  # noqa: DTZ001
    assert local_instant(datetime(2026, 3, 29, 1, 30), LONDON) is None  # noqa: DTZ001
    assert local_instant(datetime(2026, 10, 25, 1, 30), LONDON) == utc(2026, 10, 25, 0, 30)  # noqa: DTZ001
