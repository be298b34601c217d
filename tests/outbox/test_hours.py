"""A time of day is the same on the nights when clocks change, and where they never do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.hours import in_daytime, is_between, next_at

ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"]
).map(ZoneInfo)
INSTANTS = st.integers(1_293_840_000, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(ZONES, INSTANTS, CLOCKS)
def test_the_next_time_is_later_soon_and_what_the_clock_shows(zone: ZoneInfo, at: datetime, clock: time) -> None:
    found = next_at(clock, zone, at)
    assert timedelta(0) < found - at <= timedelta(hours=49)  # a day may be left out (Apia, 2011)
    shown = found.astimezone(zone)
    skipped = datetime.combine(shown.date(), clock, tzinfo=zone).astimezone(UTC).astimezone(zone).time() != clock
    assert shown.time() == clock or skipped


@given(ZONES, INSTANTS, CLOCKS, CLOCKS)
def test_a_time_is_in_one_of_two_halves_of_the_day(zone: ZoneInfo, at: datetime, start: time, end: time) -> None:
    if start != end:
        assert is_between(start, end, zone, at) != is_between(end, start, zone, at)


@given(ZONES, INSTANTS)
def test_nobody_is_nudged_at_night(zone: ZoneInfo, at: datetime) -> None:
    person = SimpleNamespace(time_zone=zone.key)
    found = in_daytime(person, at)
    assert found >= at
    assert 8 <= found.astimezone(zone).hour < 20


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 28, 9, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # clocks go on in that night
        (datetime(2026, 10, 24, 9, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),  # and back
    ],
)
def test_eight_is_eight_after_clocks_have_changed(at: datetime, expected: datetime) -> None:
    assert next_at(time(8), ZoneInfo("Europe/London"), at) == expected
