"""Weekly hours as people tick them: parts of the day, and exact hours where those do not fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from buddying.models import Person, WeeklyWindow
from outbox.words import Words

DAY = 24 * 60
WEEK = 7 * DAY


class Hours(NamedTuple):
    """``begins`` counts minutes from midnight in the person's own zone."""

    weekday: int
    begins: int
    minutes: int

    @property
    def starts_at(self) -> time:
        return time(*divmod(self.begins, 60))


class Part(NamedTuple):
    """A part of the day, in whole hours."""

    slug: str
    name: Words
    begins: int
    ends: int

    def on(self, weekday: int) -> Hours:
        return Hours(weekday, self.begins * 60, (self.ends - self.begins) * 60)

    @property
    def hours(self) -> str:
        return f"{self.begins}–{self.ends}"


PARTS = (
    Part("early", _("early morning"), 7, 9),
    Part("morning", _("morning"), 9, 12),
    Part("midday", _("midday"), 12, 14),
    Part("afternoon", _("afternoon"), 14, 16),
    Part("late", _("late afternoon"), 16, 18),
    Part("evening", _("evening"), 18, 20),
)
WORKDAYS = range(5)

Tick = tuple[int, str]  # weekday, slug of the part


class Preset(NamedTuple):
    slug: str
    name: Words
    short: Words  # beside “Weekdays”
    parts: tuple[str, ...]

    @property
    def ticks(self) -> set[Tick]:
        return {(day, part) for day in WORKDAYS for part in self.parts}


PRESETS = (
    Preset("mornings", _("Weekday mornings"), _("Mornings"), ("morning",)),
    Preset("afternoons", _("Weekday afternoons"), _("Afternoons"), ("afternoon", "late")),
    Preset("office", _("Weekdays 9–18"), "9–18", ("morning", "midday", "afternoon", "late")),
    Preset("none", _("Clear"), _("Clear"), ()),
)


def merged(hours: Iterable[Hours]) -> list[Hours]:
    """The same minutes of the week without overlaps; what touches is joined, and nothing reaches past midnight."""
    spans = sorted(span for one in hours for span in _within_the_week(one))
    joined: list[list[int]] = []
    for begins, ends in spans:
        if joined and begins <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], ends)
        else:
            joined.append([begins, ends])
    return [piece for begins, ends in joined for piece in _by_day(begins, ends)]


def _within_the_week(hours: Hours) -> list[tuple[int, int]]:
    """What reaches over Sunday's midnight comes round on Monday."""
    begins = hours.weekday * DAY + hours.begins
    ends = begins + hours.minutes
    return [(begins, min(ends, WEEK))] + ([(0, ends - WEEK)] if ends > WEEK else [])


def _by_day(begins: int, ends: int) -> list[Hours]:
    midnights = range((begins // DAY + 1) * DAY, ends, DAY)
    return [Hours(a // DAY, a % DAY, b - a) for a, b in pairwise([begins, *midnights, ends])]


def week_of(person: Person) -> list[Hours]:
    windows = WeeklyWindow.objects.filter(person=person)
    return merged(
        Hours(window.weekday, window.starts_at.hour * 60 + window.starts_at.minute, window.minutes)
        for window in windows
    )


def ticks_and_rest(week: Iterable[Hours]) -> tuple[set[Tick], list[Hours]]:
    """The parts of the day that the hours cover from end to end, and what is left beside them."""
    ticks: set[Tick] = set()
    rest: list[Hours] = []
    for hours in merged(week):
        ends = hours.begins + hours.minutes
        at = hours.begins
        for part in PARTS:
            if hours.begins <= part.begins * 60 and part.ends * 60 <= ends:
                ticks.add((hours.weekday, part.slug))
                rest += _between(hours.weekday, at, part.begins * 60)
                at = part.ends * 60
        rest += _between(hours.weekday, at, ends)
    return ticks, rest


def _between(weekday: int, begins: int, ends: int) -> list[Hours]:
    return [Hours(weekday, begins, ends - begins)] if ends > begins else []


def hours_of(ticks: Iterable[Tick], rest: Iterable[Hours]) -> list[Hours]:
    parts = {part.slug: part for part in PARTS}
    return merged([*(parts[slug].on(day) for day, slug in ticks), *rest])


@transaction.atomic
def replace_week(person: Person, week: Iterable[Hours]) -> None:
    """Idempotent: the same week again leaves the same rows."""
    Person.objects.select_for_update().get(pk=person.pk)
    wanted = merged(week)
    if wanted == [
        Hours(row.weekday, row.starts_at.hour * 60 + row.starts_at.minute, row.minutes)
        for row in WeeklyWindow.objects.filter(person=person)
    ]:
        return
    WeeklyWindow.objects.filter(person=person).delete()
    WeeklyWindow.objects.bulk_create(
        WeeklyWindow(person=person, weekday=one.weekday, starts_at=one.starts_at, minutes=one.minutes) for one in wanted
    )
