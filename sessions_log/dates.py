"""Dates on which a person's hours differ from their week, and the sessions that such a date meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from buddying.models import DayHours, Leave, Person
from sessions_log.free_times import Interval, on_date, whole_days
from sessions_log.models import CoachingSession


@dataclass(frozen=True)
class Marked:
    """A leave, or hours of one date, with the sessions that are booked in that time. Nothing is moved by itself."""

    row: Leave | DayHours
    sessions: list[CoachingSession] = field(default_factory=list)


def leaves(person: Person, at: datetime | None = None) -> list[Marked]:
    rows = Leave.objects.visible_to(person).filter(last_day__gte=today(person, at))
    booked = _booked(person, at)
    return [Marked(row, _within(booked, _days_of(row, person))) for row in rows]


def day_hours(person: Person, at: datetime | None = None) -> list[Marked]:
    rows = DayHours.objects.visible_to(person).filter(day__gte=today(person, at))
    booked = _booked(person, at)
    return [Marked(row, _within(booked, _hours_of(row, person)) if row.kind == DayHours.BUSY else []) for row in rows]


def sessions_in(row: Leave | DayHours, at: datetime | None = None) -> list[CoachingSession]:
    times = _days_of(row, row.person) if isinstance(row, Leave) else _hours_of(row, row.person)
    return _within(_booked(row.person, at), times)


def today(person: Person, at: datetime | None = None) -> date:
    return (at or timezone.now()).astimezone(person.zone).date()


def _booked(person: Person, at: datetime | None) -> list[CoachingSession]:
    mine = CoachingSession.objects.visible_to(person).filter(seats__person=person, seats__released_at=None)
    return list(mine.upcoming(at).unlogged().order_by("starts_at"))


def _within(sessions: Sequence[CoachingSession], times: Sequence[Interval]) -> list[CoachingSession]:
    return [one for one in sessions if any(one.starts_at < time.end and time.start < one.ends_at for time in times)]


def _days_of(leave: Leave, person: Person) -> list[Interval]:
    begins = datetime.combine(leave.first_day, datetime.min.time(), tzinfo=person.zone)
    ends = datetime.combine(leave.last_day + timedelta(days=1), datetime.min.time(), tzinfo=person.zone)
    return whole_days(leave.first_day, leave.last_day, person.zone, Interval(begins, ends))


def _hours_of(row: DayHours, person: Person) -> list[Interval]:
    return on_date(row.day, row.starts_at, row.minutes, person.zone)
