"""What becomes of sessions when somebody leaves a pairing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from icalendar import Calendar

from buddying import joining
from buddying.models import Participant, Person
from matching import ending
from matching.models import Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from sessions_log import booking, notices
from sessions_log.history import session_to_log
from sessions_log.models import CoachingSession


def posted(kind: str) -> list[str]:
    return sorted(message.recipient.name for message in Message.objects.filter(kind=kind))


def announce(session: CoachingSession) -> None:
    notices.booked(session, session.pairing.people())
    Message.objects.filter(kind="session_booked").update(sent_at=timezone.now(), dated_at=timezone.now())


def event_of(person: Person, kind: str) -> tuple[Any, Any]:
    message = Message.objects.get(kind=kind, recipient=person)
    letter = kind_of(kind).compose(message)
    assert letter is not None
    assert letter.calendar is not None
    return letter.calendar.method, Calendar.from_ical(letter.calendar.content).walk("VEVENT")[0]


def test_a_pairing_that_ends_takes_its_sessions_along_at_once(
    session: CoachingSession, over: CoachingSession, ada: Person, ben: Person
) -> None:
    announce(session)
    ending.rematch(session.pairing, ada)
    session.refresh_from_db()
    over.refresh_from_db()
    assert (session.cancelled_at is None, session.cancelled_by, over.cancelled_at) == (False, None, None)
    assert not session.seats.filter(released_at=None).exists()
    assert posted("session_cancelled") == ["Ada", "Ben"]
    method, event = event_of(ben, "session_cancelled")
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)


def test_a_trio_keeps_its_session_without_the_one_who_leaves(
    participants: dict[str, Participant],
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
    now: datetime,
    ada: Person,
    ben: Person,
    cleo: Person,
) -> None:
    trio = make_pairing(*participants.values())
    session = make_session(trio, now + timedelta(days=3), sequence=2)
    announce(session)
    joining.leave(participants["Cleo"])
    session.refresh_from_db()
    assert (session.cancelled_at, session.sequence) == (None, 2)
    assert [seat.person for seat in session.seats.filter(released_at=None)] == [ada, ben]
    assert (posted("session_released"), posted("session_cancelled")) == (["Cleo"], [])
    method, event = event_of(cleo, "session_released")
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert event["attendee"] == "mailto:cleo@example.org"
    session.refresh_from_db()
    assert session.cancelled_at is None


def test_nobody_sits_in_a_session_alone(
    participants: dict[str, Participant],
    make_pairing: Callable[..., Pairing],
    session: CoachingSession,
) -> None:
    """Ada and Ben booked before Cleo joined them; Ada leaves."""
    session.pairing.members.create(participant=participants["Cleo"])
    joining.leave(participants["Ada"])
    session.refresh_from_db()
    assert session.cancelled_at
    assert posted("session_cancelled") == ["Ben"]


def test_a_move_asks_whoever_joined_since(
    participants: dict[str, Participant], session: CoachingSession, ada: Person, cleo: Person
) -> None:
    session.pairing.members.create(participant=participants["Cleo"])
    booking.move(session, session.starts_at + timedelta(hours=2), 60, "", by=ada)
    assert session.seats.filter(person=cleo, released_at=None).exists()
    assert posted("session_moved") == ["Ada", "Ben", "Cleo"]


def test_whoever_joined_after_a_session_was_booked_is_not_asked_about_it(
    participants: dict[str, Participant], session: CoachingSession, over: CoachingSession, ada: Person, cleo: Person
) -> None:
    pairing, after = session.pairing, session.ends_at + timedelta(hours=1)
    pairing.members.create(participant=participants["Cleo"])
    assert session_to_log(pairing, ada, after) == session
    assert session_to_log(pairing, cleo, after) is None
