"""From a calendar file to bare intervals: when its owner is busy, and nothing of what for.

A file from elsewhere may ask for a repetition that never ends: ``read_apart`` reads it in a process of its own, which
ends with its time and memory. So this module knows no Django.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

MOST = 20_000
CPU_SECONDS, WALL_SECONDS, MEMORY = 5, 15, 768 * 1024 * 1024

Busy = tuple[datetime, datetime]


class Unreadable(Exception):
    """``problem`` is one of ``BusyCalendar.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def read_apart(content: bytes, zone: str, start: datetime, end: datetime) -> list[Busy]:
    """Raises ``Unreadable``."""
    if not looks_like_a_calendar(content):
        raise Unreadable("page")
    # An empty environment: whatever the file makes of this process, it holds no secret of ours.
    command = [sys.executable, "-m", "sessions_log.busy_times", zone, start.isoformat(), end.isoformat()]
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=WALL_SECONDS, cwd=root, env={})
    except subprocess.TimeoutExpired:
        raise Unreadable("large") from None
    if done.returncode < 0:  # ended by its limits
        raise Unreadable("large")
    if done.returncode:
        raise Unreadable("unreadable")
    found = json.loads(done.stdout)
    if found is None:
        raise Unreadable("large")
    return [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in found]


def looks_like_a_calendar(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def busy_times(content: bytes, zone: ZoneInfo, start: datetime, end: datetime) -> list[Busy] | None:
    """In order, what touches or overlaps joined; None if there are more than we keep. ``zone`` is the owner's."""
    calendar = Calendar.from_ical(content.removeprefix(b"\xef\xbb\xbf"))
    found: list[Busy] = []
    for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end):
        if len(found) >= MOST:
            return None
        if _is_busy(event):
            found += _clipped((_instant(event.start, zone), _instant(event.end, zone)), start, end)
    return _joined(found)


def _is_busy(event: Event) -> bool:
    """All-day events (birthdays, reminders) only where they say so; others unless they say otherwise."""
    if _said(event, "STATUS") == "CANCELLED" or _said(event, "X-MICROSOFT-CDO-BUSYSTATUS") == "FREE":
        return False
    if isinstance(event.start, datetime):
        return _said(event, "TRANSP") != "TRANSPARENT"
    return _said(event, "TRANSP") == "OPAQUE" or _said(event, "X-MICROSOFT-CDO-BUSYSTATUS") in ("BUSY", "OOF")


def _said(event: Event, name: str) -> str:
    return str(event.get(name, "")).strip().upper()


def _instant(at: Any, zone: ZoneInfo) -> datetime:
    """Days and floating times are meant in the owner's zone."""
    if not isinstance(at, datetime):
        assert isinstance(at, date)
        at = datetime.combine(at, time.min)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _clipped(busy: Busy, start: datetime, end: datetime) -> Iterator[Busy]:
    begins, ends = max(busy[0], start), min(busy[1], end)
    if begins < ends:
        yield begins, ends


def _joined(found: Iterable[Busy]) -> list[Busy]:
    joined: list[Busy] = []
    for begins, ends in sorted(found):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


def _main(zone: str, start: str, end: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS knows no limit of memory
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    span = datetime.fromisoformat(start), datetime.fromisoformat(end)
    try:
        found = busy_times(sys.stdin.buffer.read(), ZoneInfo(zone), *span)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return 1
    except (MemoryError, RecursionError):
        found = None
    sys.stdout.write(json.dumps(None if found is None else [[at.isoformat() for at in busy] for busy in found]))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:4]))
