"""Sessions of a cohort by week against the plan: numbers of sessions, never which pair's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from buddying.models import Cohort, Person
from insights.aggregates import FEWEST, PAIRINGS
from matching.models import Pairing
from sessions_log.models import CoachingSession

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """``booked`` counts every session that stands, held or not."""

    number: int
    begins_on: date
    booked: int
    held: int


@dataclass(frozen=True)
class Rhythm:
    """``plan`` is sessions a week: what the cohort aims for, over its weeks and its pairings."""

    weeks: list[Week]
    plan: float

    @property
    def most(self) -> float:
        return max([self.plan, *(week.booked for week in self.weeks)], default=0)


def rhythm_of(cohort: Cohort, lead: Person, at: datetime) -> Rhythm | None:
    """None where fewer than five people are in pairings that ``lead`` follows: it would be those pairs' own."""
    followed = Pairing.objects.followed_by(lead, at).filter(cohort=cohort).order_by()
    sizes = followed.aggregate(
        people=Count("members__participant", distinct=True),
        pairings=Count("pk", distinct=True),
        live=Count("pk", Q(closed_at__isnull=True), distinct=True),
    )
    begins = _beginnings(cohort)
    weeks = _weeks(cohort, followed, begins)
    if sizes["people"] < FEWEST or sizes["pairings"] < PAIRINGS:
        return None
    return Rhythm(weeks, round(sizes["live"] * cohort.target_sessions / len(begins), 1))


def _beginnings(cohort: Cohort) -> list[date]:
    days = (cohort.ends_on - cohort.starts_on).days + 1
    return [cohort.starts_on + number * A_WEEK for number in range(-(-days // 7))]


def _weeks(cohort: Cohort, pairings: QuerySet[Pairing], begins: list[date]) -> list[Week]:
    sessions = CoachingSession.objects.standing().filter(pairing__in=pairings.values("pk")).order_by()
    by_day = sessions.annotate(day=TruncDate("starts_at", tzinfo=cohort.zone)).values_list("day")
    booked: Counter[int] = Counter()
    held: Counter[int] = Counter()
    for day, stands, was_held in by_day.annotate(stands=Count("pk"), was_held=Count("held_at")):
        number = (day - cohort.starts_on) // A_WEEK
        booked[number] += stands
        held[number] += was_held
    return [Week(number + 1, day, booked[number], held[number]) for number, day in enumerate(begins)]
