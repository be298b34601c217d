"""Weekly hours into free times. Data in, times out: no ORM, no clock; every instant is in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Rule = Callable[[datetime, datetime, ZoneInfo], bool]


@dataclass(frozen=True, slots=True)
class Window:
    """``minutes`` of the wall clock in ``zone``, from ``starts_at`` on each ``weekday`` (Monday is 0)."""

    weekday: int
    starts_at: time
    minutes: int
    zone: ZoneInfo


class Interval(NamedTuple):
    """From ``start`` until just before ``end``."""

    start: datetime
    end: datetime


def hours(windows: Iterable[Window], span: Interval) -> list[Interval]:
    """The instants within ``span`` that lie in any of the windows, in order and without overlaps."""
    found = (piece for window in windows for piece in _occurrences(window, span))
    return intersect(merge(found), [span])


def on_date(day: date, starts_at: time, minutes: int, zone: ZoneInfo) -> list[Interval]:
    """The instants of ``minutes`` of the wall clock from ``starts_at`` on one date."""
    return merge(_on(Window(day.weekday(), starts_at, minutes, zone), day))


def whole_days(first: date, last: date, zone: ZoneInfo, span: Interval) -> list[Interval]:
    """The instants within ``span`` that lie on these days of the zone's calendar."""
    first, last = max(first, (span.start - DAY).date()), min(last, (span.end + DAY).date())
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return intersect(merge(piece for day in days for piece in on_date(day, time.min, 24 * 60, zone)), [span])


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(end, merged[-1].end))
        elif start < end:
            merged.append(Interval(start, end))
    return merged


def intersect(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Both lists in order and without overlaps, as ``merge`` leaves them."""
    common, i, j = [], 0, 0
    while i < len(some) and j < len(others):
        start, end = max(some[i].start, others[j].start), min(some[i].end, others[j].end)
        if start < end:
            common.append(Interval(start, end))
        if some[i].end < others[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(intervals: Sequence[Interval], busy: Iterable[Interval]) -> list[Interval]:
    """What is left of ``intervals`` (in order, without overlaps) outside the busy times."""
    if not intervals:
        return []
    return intersect(intervals, _gaps(merge(busy), intervals[0].start, intervals[-1].end))


def mutual(people: Sequence[Sequence[Interval]]) -> list[Interval]:
    """When everybody is free; nobody at all is never free."""
    common = list(people[0]) if people else []
    for free in people[1:]:
        common = intersect(common, free)
    return common


def slots(free: Iterable[Interval], minutes: int, step: int, zone: ZoneInfo) -> list[datetime]:
    """Starts of meetings that fit: every ``step`` minutes on the clock of ``zone``, its whole hours included."""
    length = timedelta(minutes=minutes)
    return [start for interval in free for start in _starts(interval, length, step, zone)]


def good_times(starts: Sequence[datetime], not_before: datetime, count: int, zone: ZoneInfo) -> list[datetime]:
    """A few of ``starts`` to offer first, in order: on different days, at different hours, with some notice.

    Where that leaves too few the rules give way: first the hours, then the days; the notice where nothing is left.
    """
    chosen: list[datetime] = []
    pool = [start for start in starts if start >= not_before] or starts
    for rule in (_other_day_and_hour, _other_day, _two_hours_apart):
        chosen += _pick(pool, chosen, count - len(chosen), zone, rule)
    return sorted(chosen)


def local_instant(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant at which the clock of ``zone`` reads ``wall``: the first of two, None for one that is skipped."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall else None


def every(
    first: datetime, weeks: int, zone: ZoneInfo, end: datetime, most: int
) -> Iterator[tuple[datetime, datetime | None]]:
    """The same wall time of ``zone`` every so many weeks, before ``end``: what the clock reads, and the instant.

    There is no instant where the clock skips that time.
    """
    wall, step = first.astimezone(zone).replace(tzinfo=None, fold=0), timedelta(weeks=weeks)
    yield wall, first
    for _ in range(1, most):
        wall += step
        if wall >= end.astimezone(zone).replace(tzinfo=None):
            return
        yield wall, local_instant(wall, zone)


def _occurrences(window: Window, span: Interval) -> Iterator[Interval]:
    # A window reaches at most one day past its own, and no zone is more than a day from UTC.
    day, last = span.start.date() - 2 * DAY, span.end.date() + DAY
    day += timedelta(days=(window.weekday - day.weekday()) % 7)
    while day <= last:
        yield from _on(window, day)
        day += timedelta(days=7)


def _on(window: Window, day: date) -> Iterator[Interval]:
    """The instants at which the wall clock reads a time within the window that opens on ``day``.

    Taken apart where the clock changes: a skipped hour is lost, a repeated one counts twice.
    """
    opens = datetime.combine(day, window.starts_at, tzinfo=UTC)
    closes = opens + window.minutes * MINUTE
    for start, end in _between_changes(window.zone, opens - DAY, closes + DAY):
        offset = _offset(window.zone, start)
        yield Interval(max(start, opens - offset), min(end, closes - offset))


def _between_changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Interval]:
    """Parts of a few days in which the zone's offset stays; no zone changes its clock twice within days."""
    if _offset(zone, start) == _offset(zone, end):
        yield Interval(start, end)
        return
    change = _change(zone, start, end)
    yield Interval(start, change)
    yield Interval(change, end)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant of the new offset, by halving: clocks change on whole minutes."""
    old = _offset(zone, before)
    while after - before > MINUTE:
        middle = before + (after - before) // (2 * MINUTE) * MINUTE
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _gaps(busy: Sequence[Interval], start: datetime, end: datetime) -> list[Interval]:
    starts = [start, *(interval.end for interval in busy)]
    ends = [*(interval.start for interval in busy), end]
    return [Interval(*gap) for gap in zip(starts, ends, strict=True) if gap[0] < gap[1]]


def _starts(free: Interval, length: timedelta, step: int, zone: ZoneInfo) -> Iterator[datetime]:
    start = free.start
    while (start := _next_on_grid(start, step, zone)) + length <= free.end:
        yield start
        start += step * MINUTE


def _next_on_grid(at: datetime, step: int, zone: ZoneInfo) -> datetime:
    return at + (EPOCH - _offset(zone, at) - at) % (step * MINUTE)


def _pick(pool: Iterable[datetime], chosen: list[datetime], wanted: int, zone: ZoneInfo, rule: Rule) -> list[datetime]:
    picked: list[datetime] = []
    for start in pool:
        if len(picked) < wanted and all(rule(start, known, zone) for known in (*chosen, *picked)):
            picked.append(start)
    return picked


def _other_day(start: datetime, known: datetime, zone: ZoneInfo) -> bool:
    return start.astimezone(zone).date() != known.astimezone(zone).date()


def _other_day_and_hour(start: datetime, known: datetime, zone: ZoneInfo) -> bool:
    apart = abs(start.astimezone(zone).hour - known.astimezone(zone).hour)
    return _other_day(start, known, zone) and apart >= 2


def _two_hours_apart(start: datetime, known: datetime, zone: ZoneInfo) -> bool:
    return abs(start - known) >= timedelta(hours=2)
