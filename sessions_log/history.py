"""What a pair did, for the pair's own page; and the rhythm of pairings, for their leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from matching.models import Pairing
from sessions_log.models import CoachingSession, Commitment, PrivateNote, SharedNote, Turn


@dataclass
class Entry:
    """One session that took place, as ``viewer`` may read it."""

    session: CoachingSession
    turns: list[Turn] = field(default_factory=list)
    shared_notes: list[SharedNote] = field(default_factory=list)
    private_note: PrivateNote | None = None
    commitments: list[Commitment] = field(default_factory=list)


def history(pairing: Pairing, viewer: Any, at: datetime) -> list[Entry]:
    """Held sessions, newest first, in a bounded number of queries."""
    held = CoachingSession.objects.visible_to(viewer).filter(pairing=pairing, held_at__isnull=False)
    entries = {session.pk: Entry(session) for session in held.order_by("-starts_at")}
    for turn in _of(Turn, viewer, entries).select_related("coachee", "coach"):
        entries[turn.session_id].turns.append(turn)
    for note in _of(SharedNote, viewer, entries).select_related("author"):
        entries[note.session_id].shared_notes.append(note)
    for private in _of(PrivateNote, viewer, entries):
        entries[private.session_id].private_note = private
    for commitment in _of(Commitment, viewer, entries).select_related("author"):
        entries[commitment.session_id].commitments.append(commitment)
    return list(entries.values())


def _of(model: Any, viewer: Any, sessions: Iterable[int]) -> QuerySet:
    return model.objects.visible_to(viewer).filter(session__in=list(sessions))


def open_commitments(pairing: Pairing, viewer: Any) -> QuerySet[Commitment]:
    mine_and_theirs = Commitment.objects.visible_to(viewer).filter(pairing=pairing, done_at__isnull=True)
    return mine_and_theirs.select_related("author")


@dataclass(frozen=True)
class Rhythm:
    """All that a lead sees of a pairing's sessions."""

    held: int
    days_since_last: int | None
    booked: bool


def rhythm(pairings: QuerySet[Pairing], at: datetime) -> dict[int, Rhythm]:
    """By pairing; one query, and no content table in it."""
    standing = Q(sessions__cancelled_at__isnull=True)
    rows = (
        pairings.order_by()
        .annotate(
            held=Count("sessions", filter=Q(sessions__held_at__isnull=False), distinct=True),
            last=Max("sessions__starts_at", filter=Q(sessions__held_at__isnull=False)),
            booked=Count("sessions", filter=standing & Q(sessions__starts_at__gt=at), distinct=True),
        )
        .values_list("pk", "held", "last", "booked")
    )
    return {pk: Rhythm(held, _days(at - last) if last else None, booked > 0) for pk, held, last, booked in rows}


def _days(passed: timedelta) -> int:
    return max(passed.days, 0)
