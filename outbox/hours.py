"""Wall-clock hours of a person: a time of day means the same on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

MORNING, EVENING = time(8), time(20)


def zone_of(person: Any) -> ZoneInfo:
    return ZoneInfo(getattr(person, "time_zone", "") or settings.ORGANISATION_TIME_ZONE)


def language_of(person: Any) -> str:
    return getattr(person, "language", "") or settings.LANGUAGE_CODE


def next_at(clock: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant later than ``after`` at which clocks in ``zone`` show ``clock`` (or have just skipped it)."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        at = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
        if at > after:
            return at
        day += timedelta(days=1)


def is_between(start: time, end: time, zone: ZoneInfo, at: datetime) -> bool:
    """From ``start`` on and before ``end``, over midnight where the end is earlier in the day."""
    clock = at.astimezone(zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def in_daytime(person: Any, at: datetime) -> datetime:
    """``at`` if it is day for the person, else their next morning: nobody is nudged at night."""
    zone = zone_of(person)
    return at if is_between(MORNING, EVENING, zone, at) else next_at(MORNING, zone, at)
