"""The times to choose from on the booking page: a few good ones, and a week as a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format

from buddying.models import Person
from matching.models import Pairing
from sessions_log.availability import NOTICE, free_starts, open_span
from sessions_log.free_times import good_times
from sessions_log.models import CoachingSession

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Clock:
    """What the clock of somebody in another zone reads: “17:00”, with the day where that differs."""

    name: str
    reads: str

    @property
    def short_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name


@dataclass(frozen=True)
class Slot:
    starts_at: datetime
    ends_at: datetime
    others: list[Clock]

    @property
    def value(self) -> str:
        return self.starts_at.isoformat()


@dataclass(frozen=True)
class Day:
    """``cells`` has a place for each time of the week's grid, so that days stand in line."""

    date: date
    cells: list[Slot | None]

    @property
    def is_free(self) -> bool:
        return any(self.cells)


@dataclass(frozen=True)
class Timetable:
    good: list[Slot]
    monday: date
    days: list[Day]
    earlier: date | None
    later: date | None

    def elsewhere(self, ticked: Sequence[datetime]) -> list[datetime]:
        """Which of the times that were ticked stand neither among the good ones nor in this week."""
        shown = {slot.starts_at for slot in self.all()}
        return [start for start in ticked if start not in shown]

    def all(self) -> list[Slot]:
        return self.good + [slot for day in self.days for slot in day.cells if slot]


class Times:
    """What suits the people of a pairing, as ``reader`` sees it."""

    def __init__(
        self, pairing: Pairing, reader: Person, minutes: int, at: datetime, moving: CoachingSession | None = None
    ) -> None:
        self.reader, self.length, self.at = reader, timedelta(minutes=minutes), at
        people = pairing.people()
        self.buddies = [person for person in people if person != reader]
        self.starts = free_starts(people, open_span(pairing, at), minutes, reader, moving)

    def timetable(self, week: date | None = None) -> Timetable | None:
        """The week around the day that is asked for, else that of the first good time; None when nothing suits."""
        if not self.starts:
            return None
        by_week = self._by_week()
        good = [self.slot(start) for start in good_times(self.starts, self.at + NOTICE, 3, self.reader.zone)]
        wanted = _monday(week or good[0].starts_at.date())
        return Timetable(
            good=good,
            monday=wanted,
            days=_days(wanted, by_week.get(wanted, []), self.at.astimezone(self.reader.zone).date()),
            earlier=max((monday for monday in by_week if monday < wanted), default=None),
            later=min((monday for monday in by_week if monday > wanted), default=None),
        )

    def slot(self, starts_at: datetime) -> Slot:
        here = starts_at.astimezone(self.reader.zone)
        return Slot(here, (starts_at + self.length).astimezone(self.reader.zone), other_clocks(here, self.buddies))

    def _by_week(self) -> dict[date, list[Slot]]:
        weeks: dict[date, list[Slot]] = {}
        for slot in map(self.slot, self.starts):
            weeks.setdefault(_monday(slot.starts_at.date()), []).append(slot)
        return weeks


def other_clocks(here: datetime, people: Sequence[Person]) -> list[Clock]:
    """What clocks elsewhere read; empty where everybody's reads the same."""
    return [Clock(person.name, _reads(here, person)) for person in people if _offsets_differ(here, person)]


def _offsets_differ(here: datetime, person: Person) -> bool:
    return here.astimezone(person.zone).utcoffset() != here.utcoffset()


def _reads(here: datetime, person: Person) -> str:
    there = here.astimezone(person.zone)
    return date_format(there, "TIME_FORMAT" if there.date() == here.date() else "SHORT_WEEKDAY_TIME_FORMAT")


def _days(monday: date, slots: Sequence[Slot], today: date) -> list[Day]:
    """Monday to Friday, and the weekend where something is free then; no day that is over."""
    found = {(slot.starts_at.date(), _row(slot)): slot for slot in slots}
    rows = sorted({_row(slot) for slot in slots})
    length = 7 if any(day.weekday() > 4 for day, _ in found) else 5
    week = [monday + timedelta(days=number) for number in range(length)]
    return [Day(day, [found.get((day, row)) for row in rows]) for day in week if day >= today]


def _row(slot: Slot) -> tuple[time, int]:
    """The time on the clock; an hour that comes twice in a night has two rows."""
    return slot.starts_at.time().replace(fold=0), slot.starts_at.fold


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
