"""When the people of a pairing could meet: their weekly hours less what they have booked.

Reads everybody's hours and seats, whoever asks, and hands out only what all of them have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from buddying.models import Person, WeeklyWindow
from buddying.models.programmes import end_of
from matching.models import Pairing
from sessions_log.free_times import Interval, Window, good_times, hours, merge, mutual, slots, subtract
from sessions_log.models import CoachingSession, Seat

AHEAD = timedelta(weeks=4)
OUTSIDE = timedelta(weeks=13)
NOTICE = timedelta(hours=16)
STEP = 30


def open_span(pairing: Pairing, at: datetime) -> Interval:
    """When a session of this pairing may take place: from now until its cohort ends, if it does not go on."""
    if pairing.continues_at:
        return Interval(at, max(at, pairing.continues_at) + OUTSIDE)
    return Interval(at, max(at, end_of(pairing.cohort.ends_on, pairing.cohort.zone)))


def mutual_free(people: Sequence[Person], span: Interval, ignoring: CoachingSession | None = None) -> list[Interval]:
    """When all of them are free. The session that is ``ignored`` keeps nobody busy: it is to be moved."""
    weekly, busy = _weekly_hours(people, span), _busy(people, span, ignoring)
    return mutual([subtract(weekly[person.pk], busy[person.pk]) for person in people])


def free_starts(
    people: Sequence[Person], span: Interval, minutes: int, reader: Person, ignoring: CoachingSession | None = None
) -> list[datetime]:
    return slots(mutual_free(people, span, ignoring), minutes, STEP, reader.zone)


def next_free_times(
    pairing: Pairing,
    minutes: int,
    reader: Person,
    at: datetime,
    *,
    count: int = 3,
    ignoring: CoachingSession | None = None,
) -> list[datetime]:
    """A few times in the coming weeks to offer first."""
    span = open_span(pairing, at)
    ahead = Interval(at, min(span.end, at + AHEAD))
    starts = free_starts(pairing.people(), ahead, minutes, reader, ignoring)
    return good_times(starts, at + NOTICE, count, reader.zone)


def suits_everybody(people: Sequence[Person], meeting: Interval) -> bool:
    """The meeting lies within everybody's weekly hours, whatever else they have booked."""
    return mutual(list(_weekly_hours(people, meeting).values())) == [meeting]


def _weekly_hours(people: Sequence[Person], span: Interval) -> dict[int, list[Interval]]:
    zones = {person.pk: person.zone for person in people}
    windows = defaultdict(list)
    for row in WeeklyWindow.objects.filter(person__in=people):
        windows[row.person_id].append(Window(row.weekday, row.starts_at, row.minutes, zones[row.person_id]))
    return {person.pk: hours(windows[person.pk], span) for person in people}


def _busy(people: Sequence[Person], span: Interval, ignoring: CoachingSession | None) -> dict[int, list[Interval]]:
    seats = Seat.objects.filter(person__in=people, released_at__isnull=True, period__overlap=span)
    seats = seats.exclude(session=ignoring) if ignoring else seats
    busy = defaultdict(list)
    for seat in seats:
        busy[seat.person_id].append(Interval(seat.period.lower, seat.period.upper))
    return {person.pk: merge(busy[person.pk]) for person in people}
