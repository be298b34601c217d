"""A person's feed: what is to come and what was in the past month, in all their pairings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone, translation

from outbox.hours import language_of
from sessions_log import calendars
from sessions_log.models import CoachingSession, Seat
from sessions_log.own_calendars import OwnCalendar

PAST = timedelta(days=30)


@dataclass(frozen=True)
class Feed:
    content: bytes
    changed_at: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()}"'


def feed_of(own: OwnCalendar, at: datetime | None = None) -> Feed:
    """In the language of whose it is: nobody logs in to read it."""
    seats = Seat.objects.filter(person=own.person, session__ends_at__gt=(at or timezone.now()) - PAST)
    with translation.override(language_of(own.person)):
        return Feed(calendars.feed(_sessions(seats, own), own), _changed_at(seats, own))


def _sessions(seats: QuerySet[Seat], own: OwnCalendar) -> QuerySet[CoachingSession]:
    mine = CoachingSession.objects.visible_to(own.person).standing()
    taken = mine.filter(pk__in=seats.filter(released_at__isnull=True).values("session"))
    return taken.order_by("starts_at", "pk").prefetch_related("seats__person")


def _changed_at(seats: QuerySet[Seat], own: OwnCalendar) -> datetime:
    """What was cancelled or released is gone from the feed, and changed it."""
    # PostgreSQL's GREATEST passes over what is null.
    last = Greatest("session__arranged_at", "session__cancelled_at", "released_at")
    changed: datetime | None = seats.aggregate(last=Max(last))["last"]
    return max(changed or own.changed_at, own.changed_at)
