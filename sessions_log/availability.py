"""When the people of a pairing could meet: the hours they have given less what they have booked.

Reads everybody's hours, dates, calendars and seats, whoever asks, and hands out only what all of them have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from buddying.models import DayHours, Leave, Person, WeeklyWindow
from buddying.models.programmes import end_of
from matching.models import Pairing
from sessions_log.free_times import (
    Interval,
    Window,
    good_times,
    hours,
    intersect,
    merge,
    mutual,
    on_date,
    slots,
    subtract,
    whole_days,
)
from sessions_log.models import BusyTime, CoachingSession, Seat
from trust.acting import Purpose, acting_as_system

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
    given, seated = _given_hours(people, span, ignoring), seats_of(people, span, ignoring)
    return mutual([subtract(given[person.pk], seated[person.pk]) for person in people])


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


def common_hours(people: Sequence[Person], span: Interval) -> list[Interval]:
    """The hours that all of them have given, whatever they have booked here."""
    return mutual(list(_given_hours(people, span).values()))


def suits_everybody(people: Sequence[Person], meeting: Interval) -> bool:
    """The meeting lies within the hours that everybody has given, whatever else they have booked here."""
    return common_hours(people, meeting) == [meeting]


def seats_of(people: Sequence[Person], span: Interval, ignoring: CoachingSession | None) -> dict[int, list[Interval]]:
    seats = Seat.objects.filter(person__in=people, released_at__isnull=True, period__overlap=span)
    seats = seats.exclude(session=ignoring) if ignoring else seats
    found = defaultdict(list)
    for seat in seats:
        found[seat.person_id].append(Interval(seat.period.lower, seat.period.upper))
    return {person.pk: merge(found[person.pk]) for person in people}


def _given_hours(
    people: Sequence[Person], span: Interval, ignoring: CoachingSession | None = None
) -> dict[int, list[Interval]]:
    """Each one's week and dates with more hours, less dates with fewer, days away and what their calendar says."""
    more, less = _weekly_hours(people, span), _calendar_times(people, span, ignoring)
    zones = {person.pk: person.zone for person in people}
    for row in DayHours.objects.filter(person__in=people, day__range=_days(span)):
        hours_of_day = on_date(row.day, row.starts_at, row.minutes, zones[row.person_id])
        (more if row.kind == DayHours.FREE else less)[row.person_id] += hours_of_day
    first, last = _days(span)
    for leave in Leave.objects.filter(person__in=people, first_day__lte=last, last_day__gte=first):
        less[leave.person_id] += whole_days(leave.first_day, leave.last_day, zones[leave.person_id], span)
    return {pk: subtract(intersect(merge(more[pk]), [span]), less[pk]) for pk in zones}


def _weekly_hours(people: Sequence[Person], span: Interval) -> dict[int, list[Interval]]:
    zones = {person.pk: person.zone for person in people}
    windows = defaultdict(list)
    for row in WeeklyWindow.objects.filter(person__in=people):
        windows[row.person_id].append(Window(row.weekday, row.starts_at, row.minutes, zones[row.person_id]))
    return {person.pk: hours(windows[person.pk], span) for person in people}


def _calendar_times(
    people: Sequence[Person], span: Interval, ignoring: CoachingSession | None
) -> dict[int, list[Interval]]:
    """A session that is ``ignored`` stands in people's own calendars too."""
    own = [Interval(ignoring.starts_at, ignoring.ends_at)] if ignoring else []
    found: dict[int, list[Interval]] = {person.pk: [] for person in people}
    times = BusyTime.objects.filter(calendar__person__in=people, period__overlap=span)
    with acting_as_system(Purpose.CALENDARS):
        rows = list(times.values_list("calendar__person", "period"))
    for pk, period in rows:
        found[pk] += subtract([Interval(period.lower, period.upper)], own)
    return found


def _days(span: Interval) -> tuple[date, date]:
    """Every date that the span can touch in any zone; hours of the day before may reach into it."""
    return span.start.date() - timedelta(days=2), span.end.date() + timedelta(days=1)
