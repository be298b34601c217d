"""What choosing about mail means for sessions: nobody stands before a closed door."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from outbox import delivery
from outbox.choosing import InDigest, Later, decide
from outbox.kinds import kind_of
from outbox.models import MailChoices, Message
from sessions_log.booking import book, cancel, move

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS_QUIET = {"quiet_from": time(0), "quiet_until": time(23, 59)}


@pytest.fixture
def now() -> datetime:
    """Noon."""
    return datetime.combine(timezone.now().date() + DAY, time(12), tzinfo=UTC)


def decided(kind: str, person: Person, at: datetime) -> object:
    message = Message.objects.get(kind=kind, recipient=person)
    message.is_fresh = True
    return decide(message, at)


def night(person: Person) -> None:
    MailChoices.objects.create(person=person, **ALWAYS_QUIET)


@pytest.mark.parametrize(("ahead", "passes"), [(20 * HOUR, True), (3 * DAY, False)])
def test_news_of_a_session_in_the_next_day_passes_quiet_hours(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, ahead: timedelta, passes: bool
) -> None:
    session = book(pairing, now + ahead, 60, "", by=ada, at=now)
    night(ben)
    assert (decided("session_booked", ben, now) is None) == passes
    move(session, now + ahead + HOUR, 60, "", by=ada, at=now)
    assert (decided("session_moved", ben, now) is None) == passes
    cancel(session, by=ada, at=now)
    found = decided("session_cancelled", ben, now)
    assert isinstance(found, Later) != passes


def test_the_hours_reminder_passes_and_the_days_waits(
    pairing: Pairing, ada: Person, ben: Person, now: datetime
) -> None:
    session = book(pairing, now + 3 * DAY, 60, "", by=ada, at=now)
    night(ben)
    reminders = Message.objects.filter(kind="session_reminder", recipient=ben)
    for name, at, held in (("day", session.starts_at - DAY, True), ("hour", session.starts_at - HOUR, False)):
        message = reminders.get(params__reminder=name)
        message.is_fresh = True
        assert isinstance(decide(message, at), Later) == held


def test_a_booking_in_the_daily_mail_but_for_a_session_before_it(
    pairing: Pairing, ada: Person, ben: Person, now: datetime
) -> None:
    MailChoices.objects.create(person=ben, sessions="daily")
    book(pairing, now + 19 * HOUR, 60, "", by=ada, at=now)
    assert decided("session_booked", ben, now) is None
    Message.objects.all().delete()
    book(pairing, now + 3 * DAY, 60, "", by=ada, at=now)
    assert isinstance(decided("session_booked", ben, now), InDigest)


@pytest.mark.parametrize(
    ("chosen", "ahead"),
    [({"sessions": "never"}, 3 * DAY), ({"sessions": "daily"}, 3 * DAY), (ALWAYS_QUIET, 3 * DAY)],
    ids=["never", "daily", "quiet"],
)
def test_whoever_had_no_mail_of_the_booking_yet_is_told_that_it_is_cancelled(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, chosen: dict[str, Any], ahead: timedelta
) -> None:
    """They may know of it from the pages."""
    MailChoices.objects.create(person=ben, **chosen)
    session = book(pairing, now + ahead, 60, "", by=ada, at=now)
    Message.objects.exclude(recipient=ben).delete()
    delivery.drain(at=now)
    assert not Message.objects.sent().filter(kind="session_booked", recipient=ben).exists()
    cancel(session, by=ada, at=now + HOUR)
    told = Message.objects.get(kind="session_cancelled", recipient=ben)
    assert kind_of("session_cancelled").compose(told) is not None


def test_what_was_taken_back_before_anybody_looked_at_it_needs_no_cancellation(
    pairing: Pairing, ada: Person, ben: Person, now: datetime
) -> None:
    session = book(pairing, now + 3 * DAY, 60, "", by=ada, at=now)
    cancel(session, by=ada, at=now)
    told = Message.objects.get(kind="session_cancelled", recipient=ben)
    assert kind_of("session_cancelled").compose(told) is None
