"""Weekly hours in people's own zones as half-hours of one week in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from buddying.models import Cohort, WeeklyWindow

MINUTES_A_WEEK = 7 * 24 * 60
WHOLE_WEEK = (1 << MINUTES_A_WEEK) - 1
HALF_HOUR = (1 << 30) - 1


def reference_week(cohort: Cohort) -> date:
    """The Monday of the cohort's first whole week: clocks stand then as they do when pairs begin to meet."""
    return cohort.starts_on + timedelta(days=-cohort.starts_on.weekday() % 7)


def free_half_hours(windows: Iterable[WeeklyWindow], zone: ZoneInfo, monday: date) -> frozenset[int]:
    """Half-hours of the week from ``monday`` 00:00 UTC, 0 to 335, that the windows cover from end to end.

    What reaches over the end of the week comes round at its beginning.
    """
    minutes = 0
    for window in windows:
        minutes |= ((1 << window.minutes) - 1) << _first_minute(window, zone, monday)
    minutes = (minutes | minutes >> MINUTES_A_WEEK) & WHOLE_WEEK
    return frozenset(slot for slot in range(336) if (minutes >> 30 * slot) & HALF_HOUR == HALF_HOUR)


def _first_minute(window: WeeklyWindow, zone: ZoneInfo, monday: date) -> int:
    day = monday + timedelta(days=window.weekday)
    starts = datetime.combine(day, window.starts_at, tzinfo=zone).astimezone(UTC)
    since_monday = starts - datetime.combine(monday, datetime.min.time(), tzinfo=UTC)
    return int(since_monday.total_seconds()) // 60 % MINUTES_A_WEEK
