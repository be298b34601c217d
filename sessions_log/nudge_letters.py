"""What a pair is nudged about: numbers and links, never a word of what they wrote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from buddying.words import listed
from matching.letters import address_of
from matching.models import Pairing
from matching.pausing import is_pausing
from outbox.kinds import Letter, letter
from outbox.models import Message
from sessions_log import nudges
from sessions_log.models import CoachingSession


def commitments_open(message: Message) -> Letter | None:
    """None once they are done, the session is moved out of sight, or its reader pauses."""
    sessions = CoachingSession.objects.unlogged().filter(pk=message.about_id, pairing__closed_at=None)
    session, person = sessions.select_related("pairing__cohort").first(), message.recipient
    at = message.dated_at or message.created_at
    if session is None or person is None or person not in session.pairing.people() or session.has_begun(at):
        return None
    count = nudges.open_commitments_of(person, session).count()
    if not count or is_pausing(person, session.pairing.cohort, at):
        return None
    page = address_of("sessions_log:session", session.pk)
    return letter(
        nudges.COMMITMENTS, commitments_context(person, session.pairing.buddies_of(person), session, count, page)
    )


def commitments_context(
    person: Any, buddies: list[Any], session: CoachingSession, count: int, page: str
) -> dict[str, Any]:
    return {
        "person": person,
        "buddies": listed(buddies),
        "session": session,
        "commitments": count,
        "action_url": page,
        "action_label": _("See them"),
    }


def nothing_booked(message: Message) -> Letter | None:
    """None once something is booked, somebody pauses, or the cohort is over."""
    pairing = Pairing.objects.live().filter(pk=message.about_id).select_related("cohort__programme").first()
    person, at = message.recipient, message.dated_at or message.created_at
    if pairing is None or person is None or person not in pairing.people():
        return None
    since = nudges.quiet_since(pairing, at)
    if since is None or since > at - nudges.GAP:
        return None
    page = address_of("insights:pairing", pairing.pk)
    return letter(nudges.NOTHING_BOOKED, nothing_booked_context(person, pairing.buddies_of(person), page))


def nothing_booked_context(person: Any, buddies: list[Any], page: str) -> dict[str, Any]:
    return {"person": person, "buddies": listed(buddies), "action_url": page, "action_label": _("Find a time")}
