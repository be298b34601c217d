"""What people answered from their calendars to the date as it stands: accepted, tentative or declined.

Anybody can write a mail in another's name, so an answer never does anything but stand there: it books, moves,
cancels and mails nothing. A session that moves is a new question.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from sessions_log import replies
from sessions_log.models import CoachingSession, Seat
from sessions_log.replies import Reply


def take(mail: EmailMessage) -> bool:
    """Whether the mail answers an invitation of ours."""
    return True in [note(reply) for reply in replies.read(mail)]


@transaction.atomic
def note(reply: Reply, at: datetime | None = None) -> bool:
    """Whether it is about a session of ours. An answer to an earlier date, and one that comes late, change nothing."""
    at = at or timezone.now()
    session = CoachingSession.objects.select_for_update(no_key=True).filter(uid=reply.uid).first()
    if session is None:
        return False
    seat = _seat(session, reply.address)
    if seat and session.is_standing and not session.is_over(at) and reply.sequence >= session.sequence:
        _note(seat, reply.answer, min(reply.said_at or at, at))
    return True


def show(sessions: Iterable[CoachingSession], viewer: Person) -> None:
    """Put ``answers`` beside each session, the seats whose people have answered, in one query."""
    answered = Seat.objects.visible_to(viewer).filter(released_at__isnull=True).exclude(answer="")
    seats = answered.select_related("person").order_by("person__name", "pk")
    prefetch_related_objects(list(sessions), Prefetch("seats", seats, to_attr="answers"))


def declined(pairing: Pairing, viewer: Person, at: datetime | None = None) -> Seat | None:
    """The first session to come that somebody cannot make, as the seat of whoever said so."""
    coming = CoachingSession.objects.upcoming(at).unlogged().filter(pairing=pairing).order_by()
    seats = Seat.objects.visible_to(viewer).filter(session__in=coming, released_at=None, answer=Seat.DECLINED)
    return seats.select_related("session", "person").order_by("session__starts_at", "person__name").first()


def _note(seat: Seat, answer: str, said_at: datetime) -> None:
    if seat.answered_at is None or seat.answered_at <= said_at:
        seat.answer, seat.answered_at = answer, said_at
        seat.save(update_fields=["answer", "answered_at"])


def _seat(session: CoachingSession, address: str) -> Seat | None:
    """The address as it was invited, else as it reads without a +tag, if that is one person's alone."""
    seats: Any = session.seats.filter(released_at__isnull=True, person__deactivated_at__isnull=True)
    seated = [seat for seat in seats.select_related("person") if seat.person.email]
    exact = [seat for seat in seated if seat.person.email.lower() == address.lower()]
    alike = [seat for seat in seated if replies.plain(seat.person.email) == replies.plain(address)]
    return next((found[0] for found in (exact, alike) if len(found) == 1), None)
