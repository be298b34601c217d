"""Leaving a word with a booking, a move or a cancellation."""

from __future__ import annotations

from datetime import datetime

from buddying.models import Person
from sessions_log.models import CoachingSession, Word


def say(session: CoachingSession, by: Person, occasion: str, text: str, at: datetime) -> None:
    """One word of each sort a member and session: a later one takes the place of the earlier."""
    if not text.strip():
        return
    said = {"text": text.strip(), "said_at": at, "pairing": session.pairing}
    Word.objects.update_or_create(session=session, author=by, occasion=occasion, defaults=said)
