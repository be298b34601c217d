"""Putting what a session has to say into the outbox, in the transaction that makes it so.

Every key holds the session's sequence: what was posted for an earlier date is withdrawn, and would not be
wanted any more if it slipped through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db.models import F, Prefetch, Q
from django.utils import timezone

from buddying.models import Person
from outbox.models import DropReason, Message
from outbox.models.states import BY_CHOICE
from outbox.posting import Draft, post_many, withdraw
from sessions_log.models import CoachingSession, Proposal, Seat

LOG_AFTER = timedelta(minutes=30)
LOG_UNTIL = timedelta(days=7)


class Reminder(NamedTuple):
    """``before`` the start, for sessions that were arranged at least ``notice`` ahead; of use until ``until``."""

    name: str
    before: timedelta
    notice: timedelta
    until: timedelta


# Booked less than 26 hours ahead, the invitation itself is the reminder of the day before. A reminder
# that comes late gives way to the next: the day's to the hour's, the hour's to the session.
REMINDERS = [
    Reminder("day", timedelta(hours=24), notice=timedelta(hours=26), until=timedelta(hours=1)),
    Reminder("hour", timedelta(hours=1), notice=timedelta(minutes=70), until=timedelta(0)),
]


def booked(session: CoachingSession, people: Sequence[Person], at: datetime | None = None) -> None:
    post_many(_announcements("session_booked", session, people, session.starts_at, at))
    post_many(_ahead(session, people))


def moved(session: CoachingSession, people: Sequence[Person], by: Person, at: datetime | None = None) -> None:
    _withdraw_all(session)
    post_many(_announcements("session_moved", session, people, session.starts_at, at, by=by.pk))
    post_many(_ahead(session, people))


def cancelled(session: CoachingSession, people: Sequence[Person], at: datetime | None = None) -> None:
    _withdraw_all(session)
    post_many(_announcements("session_cancelled", session, people, session.ends_at, at))


def was_told(session: CoachingSession, person: Person) -> bool:
    """An invitation went to them, or may have, or was held back as they had chosen.

    What was held back they may know from the pages. What was taken back before any sender had it needs no cancellation.
    """
    invitations = Message.objects.filter(kind__in=("session_booked", "session_moved"), about_id=str(session.pk))
    held_back = Q(drop_reason__in=BY_CHOICE) | Q(digest__isnull=False) | Q(next_try_at__gt=F("due_at"))
    may_have_left = Q(drop_reason=DropReason.WITHDRAWN, dated_at__isnull=False)  # its sender died, or is at it
    went = Q(dropped_at__isnull=True, failed_at__isnull=True)
    return invitations.filter(went | may_have_left | held_back, recipient=person).exists()


def released(session: CoachingSession, person: Person, at: datetime | None = None) -> None:
    """``person`` has left; the session stands for the others."""
    for kind in ("session_booked", "session_moved", "session_reminder", "log_your_session"):
        withdraw(key_prefix=_key(kind, session, person))
    post_many(_announcements("session_released", session, [person], session.ends_at, at))


def put_back_what_is_missing(at: datetime | None = None) -> None:
    """For every session to come, and every one just over: whatever was lost of what it has to say."""
    at = at or timezone.now()
    standing = CoachingSession.objects.unlogged().booked_ahead()
    sessions = standing.filter(ends_at__gt=at - LOG_UNTIL, pairing__closed_at__isnull=True)
    seats = Prefetch("seats", Seat.objects.filter(released_at__isnull=True).select_related("person"))
    for session in sessions.select_related("pairing").prefetch_related(seats).iterator(chunk_size=200):
        people = [seat.person for seat in session.seats.all()]
        kind = "session_moved" if session.sequence else "session_booked"
        post_many(chain(_announcements(kind, session, people, session.starts_at, at), _ahead(session, people)))


def proposed(proposal: Proposal, people: Iterable[Person], at: datetime | None = None) -> None:
    last = max(time.starts_at for time in proposal.times.all())
    due_at = at or timezone.now()
    post_many(
        Draft(
            "session_proposed",
            f"session_proposed:{proposal.pk}:{person.pk}",
            to=person,
            due_at=due_at,
            expires_at=last,
            about_id=proposal.pk,
        )
        for person in people
    )


def withdrawn(proposal: Proposal) -> None:
    withdraw(key_prefix=f"session_proposed:{proposal.pk}")


def _announcements(
    kind: str,
    session: CoachingSession,
    people: Iterable[Person],
    expires_at: datetime,
    at: datetime | None,
    **params: int,
) -> Iterator[Draft]:
    for person in people:
        yield Draft(
            kind,
            _key(kind, session, person),
            to=person,
            due_at=at or timezone.now(),
            expires_at=expires_at,
            about_id=session.pk,
            params=_params(session) | params,
            cohort_id=session.pairing.cohort_id,
        )


def _ahead(session: CoachingSession, people: Sequence[Person]) -> Iterator[Draft]:
    for person in people:
        for reminder in REMINDERS:
            if session.starts_at - session.arranged_at >= reminder.notice:
                yield _reminder(session, person, reminder)
        yield _log_your_session(session, person)


def _reminder(session: CoachingSession, person: Person, reminder: Reminder) -> Draft:
    return Draft(
        "session_reminder",
        f"{_key('session_reminder', session, person)}:{reminder.name}",
        to=person,
        due_at=session.starts_at - reminder.before,
        expires_at=session.starts_at - reminder.until,
        about_id=session.pk,
        params=_params(session) | {"reminder": reminder.name},
        cohort_id=session.pairing.cohort_id,
    )


def _log_your_session(session: CoachingSession, person: Person) -> Draft:
    return Draft(
        "log_your_session",
        _key("log_your_session", session, person),
        to=person,
        due_at=session.ends_at + LOG_AFTER,
        expires_at=session.ends_at + LOG_UNTIL,
        about_id=session.pk,
        params=_params(session),
        cohort_id=session.pairing.cohort_id,
    )


def _withdraw_all(session: CoachingSession) -> None:
    for kind in ("session_booked", "session_moved", "session_reminder", "log_your_session"):
        withdraw(key_prefix=f"{kind}:{session.pk}")


def _key(kind: str, session: CoachingSession, person: Person) -> str:
    return f"{kind}:{session.pk}:{session.sequence}:{person.pk}"


def _params(session: CoachingSession) -> dict[str, int]:
    return {"sequence": session.sequence}
