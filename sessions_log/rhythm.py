"""The dates of a series before anything is booked: which suit, which do not and why, and what is free near them.

The reasons are neutral: a member learns that a date does not suit, never what the other is doing then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from buddying.models import Person
from matching.models import Pairing
from sessions_log.availability import STEP, common_hours, open_span, seats_of
from sessions_log.free_times import Interval, every, intersect, mutual, slots, subtract
from sessions_log.models import CoachingSession

MOST_DATES = 30
OFFERS = 2

YOU_MEET_THEN = gettext_noop("You have a session with each other then already.")
ANOTHER_SESSION = gettext_noop("One of you has another session then.")
OUTSIDE = gettext_noop("This is outside the hours you have in common.")
SKIPPED = gettext_noop("The clock skips this time on that night.")


@dataclass(frozen=True)
class Occasion:
    """``wall`` is what the booker's clock reads; ``starts_at`` is None where the clock skips it."""

    wall: datetime
    starts_at: datetime | None
    clash: str = ""
    nearest: list[datetime] = field(default_factory=list)
    is_wanted: bool = False  # outside the common hours, like the first that was chosen

    @property
    def is_booked_already(self) -> bool:
        return self.clash == YOU_MEET_THEN

    @property
    def suggested(self) -> datetime | None:
        if not self.clash or self.is_wanted:
            return self.starts_at
        return next(iter(self.nearest), None)

    @property
    def choices(self) -> list[datetime]:
        """What may be booked for it. Outside the common hours two people may agree on it all the same."""
        planned = [self.starts_at] if self.starts_at and self.clash in ("", OUTSIDE) else []
        return planned + self.nearest if self.is_wanted else self.nearest + planned


def plan(
    pairing: Pairing, reader: Person, first: datetime, weeks: int, minutes: int, at: datetime, times: int | None = None
) -> list[Occasion]:
    """Every so many weeks from ``first`` until the cohort ends, or so many times."""
    span, people, length = open_span(pairing, at), pairing.people(), timedelta(minutes=minutes)
    dates = list(every(first, weeks, reader.zone, span.end, min(times or MOST_DATES, MOST_DATES)))
    seated, common = seats_of(people, span, None), common_hours(people, span)
    busy = [interval for intervals in seated.values() for interval in intervals]
    ours = set(_ours(pairing, span))
    reasons = [_clash(start, length, ours, busy, common) for _, start in dates]
    taken = [start for (_, start), why in zip(dates, reasons, strict=True) if start and not why]
    free = slots(mutual([subtract(common, intervals) for intervals in seated.values()]), minutes, STEP, reader.zone)
    occasions = []
    for (wall, start), why in zip(dates, reasons, strict=True):
        nearest = _nearest(wall.replace(tzinfo=reader.zone), free, taken, length, weeks) if _wants_another(why) else []
        is_wanted = why == reasons[0] == OUTSIDE
        taken += [start] if start and is_wanted else nearest[:1]
        occasions.append(Occasion(wall, start, why, nearest, is_wanted))
    return occasions


def _wants_another(why: str) -> bool:
    return bool(why) and why != YOU_MEET_THEN


def _ours(pairing: Pairing, span: Interval) -> Iterable[datetime]:
    standing = CoachingSession.objects.standing().filter(pairing=pairing, starts_at__range=span)
    return standing.values_list("starts_at", flat=True)


def _clash(
    start: datetime | None,
    length: timedelta,
    ours: set[datetime],
    busy: Sequence[Interval],
    common: Sequence[Interval],
) -> str:
    if start is None:
        return SKIPPED
    meeting = Interval(start, start + length)
    if start in ours:
        return YOU_MEET_THEN
    if any(_overlap(meeting, interval) for interval in busy):
        return ANOTHER_SESSION
    return "" if intersect(common, [meeting]) == [meeting] else OUTSIDE


def _nearest(
    wanted: datetime, free: Iterable[datetime], taken: Sequence[datetime], length: timedelta, weeks: int
) -> list[datetime]:
    """Free times near the one that was wanted, and nearer to it than to the dates before and after.

    The same day comes before the same hour, the same hour before another.
    """

    def distance(start: datetime) -> tuple[int, int, datetime]:
        here = start.astimezone(wanted.tzinfo)
        days, minutes = (here.date() - wanted.date()).days, _minute(here) - _minute(wanted)
        return abs(days), abs(minutes), start

    near = [start for start in free if abs(start - wanted) < timedelta(weeks=weeks) / 2]
    clear = [start for start in near if all(abs(start - other) >= length for other in taken)]
    return sorted(clear, key=distance)[:OFFERS]


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _overlap(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end
