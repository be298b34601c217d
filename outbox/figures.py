"""How the outbox is doing, in numbers: nothing of whom a mail was for, or what it was about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from outbox import kinds
from outbox.choosing import DIGEST
from outbox.models import AddressFailure, Message

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
FAILURES_SHOWN = 50


class Hour(NamedTuple):
    begins_at: datetime
    sent: int


@dataclass(frozen=True)
class Figures:
    """``oldest_due_seconds`` is 0 when nothing waits beyond its time. Errors and bounces are of the last week."""

    due: int
    oldest_due_seconds: int
    to_come: int
    in_daily_mails: int
    sent_last_hour: int
    sent_last_day: int
    daily_mails_last_day: int
    failures: dict[str, int]
    bounces: int
    addresses_failing: int

    @classmethod
    def at(cls, at: datetime | None = None) -> Figures:
        at = at or timezone.now()
        due = _overdue(at)
        sent = Message.objects.sent()
        return cls(
            due=due.count(),
            oldest_due_seconds=_age(due, at),
            to_come=Message.objects.waiting().filter(digest=None, next_try_at__gt=at).count(),
            in_daily_mails=Message.objects.waiting().filter(digest__isnull=False).count(),
            sent_last_hour=sent.filter(sent_at__gt=at - HOUR).count(),
            sent_last_day=sent.filter(sent_at__gt=at - DAY).count(),
            daily_mails_last_day=sent.filter(sent_at__gt=at - DAY, kind=DIGEST).count(),
            failures=_by_error(at),
            bounces=Message.objects.filter(bounced_at__gt=at - WEEK).count(),
            addresses_failing=AddressFailure.objects.count(),
        )


def sent_by_hour(at: datetime | None = None) -> list[Hour]:
    """Of the last 24 hours, each of them, the latest first."""
    at = at or timezone.now()
    latest = at.replace(minute=0, second=0, microsecond=0)
    rows = Message.objects.sent().filter(sent_at__gte=latest - 23 * HOUR).order_by()
    counts = dict(rows.annotate(hour=TruncHour("sent_at")).values_list("hour").annotate(n=Count("pk")))
    return [Hour(hour, counts.get(hour, 0)) for hour in (latest - n * HOUR for n in range(24))]


class Failed(NamedTuple):
    label: str
    at: datetime
    error: str
    attempts: int


def latest_failures(at: datetime | None = None) -> Iterator[Failed]:
    """Kind, time and error of what could not be sent; not for whom."""
    since = (at or timezone.now()) - WEEK
    rows = Message.objects.failed().filter(failed_at__gt=since).order_by("-failed_at")[:FAILURES_SHOWN]
    for kind, failed_at, error, attempts in rows.values_list("kind", "failed_at", "last_error", "attempts"):
        if failed_at:
            yield Failed(kinds.label_of(kind), failed_at, error, attempts)


def _overdue(at: datetime) -> QuerySet[Message]:
    """Its time has come, whether or not somebody is sending it just now."""
    return Message.objects.waiting().filter(digest=None, next_try_at__lte=at)


def _age(due: QuerySet[Message], at: datetime) -> int:
    oldest = due.aggregate(oldest=Min("next_try_at"))["oldest"]
    return int((at - oldest).total_seconds()) if oldest else 0


def _by_error(at: datetime) -> dict[str, int]:
    failed = Message.objects.failed().filter(failed_at__gt=at - WEEK).order_by()
    return dict(failed.values_list("last_error").annotate(n=Count("pk")).order_by("-n", "last_error"))
