from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import CoachingSession, Seat


@pytest.fixture(autouse=True)
def conditions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What higher floors ask of a booking is tested there; here nobody asks anything."""
    monkeypatch.setattr("sessions_log.booking.booking_conditions", found := [])
    return found


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr("sessions_log.logs.when_held", found := [])
    return found


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def make_session(now: datetime) -> Callable[..., CoachingSession]:
    """A row with its seats, whatever booking would say to the time."""

    def make(pairing: Pairing, starts_at: datetime, minutes: int = 60, **fields: Any) -> CoachingSession:
        session = CoachingSession.objects.create(pairing=pairing, starts_at=starts_at, minutes=minutes, **fields)
        Seat.objects.bulk_create(
            Seat(session=session, person=person, period=(session.starts_at, session.ends_at))
            for person in pairing.people()
        )
        return session

    return make


@pytest.fixture
def session(
    pairing: Pairing, ada: Person, now: datetime, make_session: Callable[..., CoachingSession]
) -> CoachingSession:
    """Ada and Ben, in three days."""
    return make_session(pairing, now + timedelta(days=3), booked_by=ada, place="Room 4")


@pytest.fixture
def over(pairing: Pairing, ada: Person, now: datetime, make_session: Callable[..., CoachingSession]) -> CoachingSession:
    """Ada and Ben, yesterday, nothing logged."""
    return make_session(pairing, now - timedelta(days=1), booked_by=ada)
