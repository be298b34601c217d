"""What the pages of higher floors read about sessions: a few queries each, however long the list.

``history``, ``open_commitments`` are for members; ``rhythm`` is all that a lead may learn, and touches no text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import CoachingSession, Commitment, PrivateNote, Seat, SessionLog, SharedNote, Turn


@dataclass(frozen=True)
class Entry:
    """A session as one member may see it."""

    session: CoachingSession
    turns: list[Turn] = field(default_factory=list)
    logs: list[SessionLog] = field(default_factory=list)
    shared_notes: list[SharedNote] = field(default_factory=list)
    private_note: PrivateNote | None = None
    commitments: list[Commitment] = field(default_factory=list)

    def log_of(self, person: Person) -> SessionLog | None:
        return next((log for log in self.logs if log.person_id == person.pk), None)


@dataclass(frozen=True)
class Rhythm:
    """Of one pairing: how many sessions were held, how many days ago the last, and whether one is booked."""

    pairing_id: int
    held: int
    days_since_last: int | None
    is_booked: bool


def history(pairing: Pairing, viewer: Person, at: datetime | None = None) -> list[Entry]:
    """Every session that has begun and was not cancelled, the latest first."""
    begun = CoachingSession.objects.visible_to(viewer).filter(
        pairing=pairing, starts_at__lte=at or timezone.now(), cancelled_at__isnull=True
    )
    return entries(list(begun.order_by("-starts_at", "-pk")), viewer)


def entry(session: CoachingSession, viewer: Person) -> Entry:
    return entries([session], viewer)[0]


def entries(sessions: list[CoachingSession], viewer: Person) -> list[Entry]:
    """Everything that ``viewer`` may read of these sessions, in five queries."""
    turns = _by_session(Turn, sessions, viewer, "coachee", "coach")
    logs = _by_session(SessionLog, sessions, viewer, "person")
    shared = _by_session(SharedNote, sessions, viewer, "author")
    private = _by_session(PrivateNote, sessions, viewer)
    made = _by_session(Commitment, sessions, viewer, "author")
    return [
        Entry(
            session,
            turns[session.pk],
            logs[session.pk],
            shared[session.pk],
            next(iter(private[session.pk]), None),
            made[session.pk],
        )
        for session in sessions
    ]


def next_session(pairing: Pairing, at: datetime | None = None) -> CoachingSession | None:
    """The session that comes next or goes on now."""
    return CoachingSession.objects.upcoming(at).unlogged().filter(pairing=pairing).first()


def session_to_log(pairing: Pairing, person: Person, at: datetime | None = None) -> CoachingSession | None:
    """The latest session that is over and that ``person`` has said nothing about."""
    sessions = CoachingSession.objects.visible_to(person).filter(_asked_to_come(person), pairing=pairing)
    over = sessions.standing().filter(ends_at__lte=at or timezone.now()).order_by("-starts_at")
    latest = over.first()
    return latest if latest and not latest.logs.filter(person=person).exists() else None


def _asked_to_come(person: Person) -> Q:
    """Whoever joined the pairing after the booking was not; a session from elsewhere has no seats at all."""
    seats = Seat.objects.filter(session=OuterRef("pk"))
    return Q(Exists(seats.filter(person=person))) | ~Q(Exists(seats))


def open_commitments(pairing: Pairing, viewer: Person) -> list[Commitment]:
    """What the members said they would do and have not ticked off, the oldest first."""
    visible = Commitment.objects.visible_to(viewer).filter(pairing=pairing, done_at__isnull=True)
    return list(visible.select_related("author", "session").order_by("made_at"))


def earlier_commitments(session: CoachingSession, viewer: Person) -> list[Commitment]:
    """Those of them that were made in sessions before this one."""
    open_ones = open_commitments(session.pairing, viewer)
    return [one for one in open_ones if one.session.starts_at < session.starts_at]


def with_rhythm(pairings: QuerySet[Pairing], at: datetime | None = None) -> QuerySet[Any]:
    """``held``, ``last_held_at`` and ``is_booked`` beside each pairing."""
    held = Q(sessions__held_at__isnull=False)
    coming = CoachingSession.objects.upcoming(at).unlogged().filter(pairing=OuterRef("pk")).order_by()
    return pairings.annotate(
        held=Count("sessions", filter=held, distinct=True),
        last_held_at=Max("sessions__starts_at", filter=held),
        is_booked=Exists(coming),
    )


def rhythm(pairings: QuerySet[Pairing], at: datetime | None = None) -> dict[int, Rhythm]:
    """By pairing id, in one query."""
    at = at or timezone.now()
    rows = with_rhythm(pairings.order_by(), at).values_list("pk", "held", "last_held_at", "is_booked")
    return {pk: Rhythm(pk, held, (at - last).days if last else None, booked) for pk, held, last, booked in rows}


def _by_session(model: Any, sessions: Iterable[CoachingSession], viewer: Person, *people: str) -> dict[int, list[Any]]:
    rows = model.objects.visible_to(viewer).filter(session__in=sessions)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.select_related(*people) if people else rows:
        found[row.session_id].append(row)
    return found
