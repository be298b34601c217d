"""Logging a session: what one member says became of it, and what they write down.

Each member logs for themselves; a second log completes the first and doubles nothing. Whoever says that
the session took place is right: “held” stands against any number of “missed”, and goes only when everybody
who said so has changed their mind. The turns are recorded once, and either member may mend them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Person
from matching.models import Pairing
from sessions_log.booking import Refused
from sessions_log.models import (
    CoachingSession,
    Commitment,
    Meeting,
    PrivateNote,
    RunningTurn,
    SessionLog,
    SharedNote,
    Turn,
    Usefulness,
)
from sessions_log.registry import when_held

MOST_COMMITMENTS = 3


@dataclass(frozen=True)
class Log:
    """``coachees``: who was coached, turn by turn. None keeps turns and notes as they are; an emptied note is gone."""

    outcome: str
    coachees: Sequence[Person] | None = None
    private_note: str | None = None
    shared_note: str | None = None
    commitments: Sequence[str] = ()
    done: Iterable[UUID] = field(default_factory=list)
    useful: int | None = None


def log(session: CoachingSession, by: Person, entry: Log, at: datetime | None = None) -> CoachingSession:
    """Idempotent: the same log sent twice is one log. Raises ``Refused``."""
    at = at or timezone.now()
    with transaction.atomic():
        people = locked(session)
        _check(session, people, by, at)
        _say(session, by, entry.outcome, at)
        write_notes(session, by, entry.private_note, entry.shared_note)
        _commit(session, by, entry.commitments, at)
        _mark_done(session, by, entry.done, at)
        _rate(session, by, entry, at)
        _settle(session, people, entry.coachees, at)
    return session


def reason_not_to_log(session: CoachingSession, at: datetime | None = None) -> str | None:
    if session.pairing.closed_at:
        return _("This pairing has ended: its sessions can be read, and no longer changed.")
    if not session.is_standing:
        return _("This session was cancelled, so there is nothing to log.")
    if not session.has_begun(at) and not _began_early(session):
        return _("This session has not begun yet. You can log it from its start on.")
    return None


def _began_early(session: CoachingSession) -> bool:
    return RunningTurn.objects.filter(meeting__session=session).exists()


def usual_order(session: CoachingSession, people: Sequence[Person]) -> list[Person]:
    """Who is coached when: whoever missed out the last time, then the others, moved on by one."""
    before = session.pairing.sessions.held().filter(starts_at__lt=session.starts_at).order_by("-starts_at")
    turns = Turn.objects.filter(session=before.values("pk")[:1]).order_by("number")
    last = list(turns.values_list("coachee", flat=True))
    order = {person: number for number, person in enumerate(last[1:] + last[:1])}
    return sorted(people, key=lambda person: order.get(person.pk, -1))


def turn_minutes(session: CoachingSession, people: Sequence[Person]) -> int:
    """Everybody gets an equal part of the session."""
    return session.minutes // max(len(people), 2)


def locked(session: CoachingSession) -> list[Person]:
    # The pairing first, as a booking does, so that a log and a move cannot wait for each other.
    Pairing.objects.select_for_update(no_key=True).get(pk=session.pairing_id)
    session.refresh_from_db(from_queryset=CoachingSession.objects.select_for_update(no_key=True))
    return session.pairing.people()


def _check(session: CoachingSession, people: Sequence[Person], by: Person, at: datetime) -> None:
    if by not in people:
        raise Refused(_("Only the members of a pairing can log its sessions."))
    if why := reason_not_to_log(session, at):
        raise Refused(why)


def _say(session: CoachingSession, by: Person, outcome: str, at: datetime) -> None:
    first = {"outcome": outcome, "logged_at": at}
    SessionLog.objects.update_or_create(
        session=session, person=by, defaults={"outcome": outcome}, create_defaults=first
    )


def write_notes(session: CoachingSession, by: Person, private: str | None, shared: str | None) -> None:
    """One of each sort an author and session."""
    if private is not None:
        _write(PrivateNote, session, by, private.strip(), {})
    if shared is not None:
        _write(SharedNote, session, by, shared.strip(), {"pairing": session.pairing})


def _write(
    note: type[PrivateNote] | type[SharedNote], session: CoachingSession, by: Person, text: str, of: dict[str, Any]
) -> None:
    if text:
        note.objects.update_or_create(session=session, author=by, defaults={"text": text} | of)
    else:
        note.objects.filter(session=session, author=by).delete()


def _commit(session: CoachingSession, by: Person, texts: Sequence[str], at: datetime) -> None:
    """The author's commitments of this session are these, in this order. What is done stays done."""
    wanted = [text.strip() for text in texts if text.strip()][:MOST_COMMITMENTS]
    known = list(session.commitments.filter(author=by))
    for commitment, text in zip(known, wanted, strict=False):
        if commitment.text != text:
            commitment.text = text
            commitment.save(update_fields=["text"])
    for surplus in known[len(wanted) :]:
        surplus.delete()
    for number, text in enumerate(wanted[len(known) :], start=len(known)):
        # A microsecond apart, for they are shown in the order in which they were made.
        made_at = at + timedelta(microseconds=number)
        Commitment.objects.create(pairing=session.pairing, session=session, author=by, text=text, made_at=made_at)


def _mark_done(session: CoachingSession, by: Person, done: Iterable[UUID], at: datetime) -> None:
    earlier = Commitment.objects.open().filter(pairing=session.pairing, author=by, pk__in=list(done))
    for commitment in earlier.exclude(session=session):
        commitment.mark(done=True, at=at)


def _rate(session: CoachingSession, by: Person, entry: Log, at: datetime) -> None:
    """The first answer stands."""
    if entry.useful and entry.outcome == SessionLog.HELD:
        given = {"value": entry.useful, "given_at": at}
        Usefulness.objects.get_or_create(session=session, person=by, defaults=given)


def _settle(
    session: CoachingSession, people: Sequence[Person], coachees: Sequence[Person] | None, at: datetime
) -> None:
    outcomes = set(session.logs.values_list("outcome", flat=True))
    held, was_held = SessionLog.HELD in outcomes, session.held_at is not None
    session.held_at = (session.held_at or at) if held else None
    session.missed_at = None if held else (session.missed_at or at)
    session.save(update_fields=["held_at", "missed_at"])
    _record_turns(session, people, coachees if held else [])
    if held and not was_held:
        for hook in when_held:
            hook(session, at)


def _record_turns(session: CoachingSession, people: Sequence[Person], coachees: Sequence[Person] | None) -> None:
    recorded = list(session.turns.values_list("coachee", flat=True))
    if coachees is None or recorded == [person.pk for person in coachees]:
        return
    session.turns.all().delete()
    usual, ran = turn_minutes(session, people), ran_turns(session)
    Turn.objects.bulk_create(
        Turn(
            session=session,
            number=number,
            coachee=coachee,
            coach=coach_of(coachee, people),
            minutes=ran.get(coachee.pk, usual),
        )
        for number, coachee in enumerate(coachees, start=1)
    )


def ran_turns(session: CoachingSession) -> dict[int, int]:
    """What the clock of the meeting says: minutes by whoever was coached, in order. Empty where it did not run."""
    meeting = Meeting.objects.filter(session=session).first()
    return dict(meeting.ran()) if meeting else {}


def coach_of(coachee: Person, people: Sequence[Person]) -> Person:
    """The other of two; in a trio the next by name, the third looks on."""
    return people[(list(people).index(coachee) + 1) % len(people)]
