"""What a session writes to its people: when, where and with whom, and never a word of what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from buddying.models import Person
from buddying.words import listed
from outbox.kinds import Letter, letter
from outbox.models import Message
from sessions_log import calendars, notices, proposals
from sessions_log.models import CoachingSession, OwnCalendar, Proposal

BOOK = "sessions_log:book"
SESSION = "sessions_log:session"
LOG = "sessions_log:log"


def session_booked(message: Message) -> Letter | None:
    return _invitation(message)


def session_moved(message: Message) -> Letter | None:
    return _invitation(message)


def session_cancelled(message: Message) -> Letter | None:
    session, person = _session(message), message.recipient
    if not session or not person or session.is_standing or person not in session.pairing.people():
        return None
    if not notices.was_told(session, person):
        return None
    calendar = calendars.cancellation(session, person, _stamp(message), _title(session, person))
    context = _context(session, person, BOOK, _("Find another time"), session.pairing_id)
    if session.pairing.closed_at:
        del context["action_url"]
    return letter("session_cancelled", context, calendar=calendar)


def session_released(message: Message) -> Letter | None:
    """For somebody who left a pairing that goes on: the session goes from their calendar, and stays in the others'."""
    session = CoachingSession.objects.filter(pk=message.about_id).select_related("pairing__cohort").first()
    person = message.recipient
    if not session or not person or session.seats.filter(person=person, released_at__isnull=True).exists():
        return None
    if not notices.was_told(session, person):
        return None
    session.sequence = message.params["sequence"] + 1  # above every number they were sent
    session.cancelled_at = session.cancelled_at or message.created_at  # in their calendar; nothing is saved
    calendar = calendars.cancellation(session, person, _stamp(message), _title(session, person))
    return letter(
        "session_released", {"person": person, "session": session, "zone": person.time_zone}, calendar=calendar
    )


def session_proposed(message: Message) -> Letter | None:
    """Says that times are proposed, and which are still open; the note stays on the page."""
    at, person = _stamp(message), message.recipient
    proposal = Proposal.objects.open(at).filter(pk=message.about_id).select_related("pairing", "proposed_by").first()
    if not proposal or not person or person not in proposal.pairing.buddies_of(proposal.proposed_by):
        return None
    context = {
        "person": person,
        "by": proposal.proposed_by,
        "times": [offer.starts_at for offer in proposals.offers(proposal, at) if offer.is_open],
        "minutes": proposal.minutes,
        "where": proposal.where,
        "zone": person.time_zone,
        "action_url": settings.BASE_URL + reverse("sessions_log:proposal", args=[proposal.pk]),
        "action_label": _("Choose a time"),
    }
    return letter("session_proposed", context) if context["times"] else None


def session_reminder(message: Message) -> Letter | None:
    session, person = _session(message), message.recipient
    if not session or not person or not _goes_ahead(session, person):
        return None
    return letter("session_reminder", _context(session, person, SESSION, _("See the session"), session.pk))


def log_your_session(message: Message) -> Letter | None:
    session, person = _session(message), message.recipient
    if not session or not person or not _goes_ahead(session, person):
        return None
    return letter("log_your_session", _context(session, person, LOG, _("Log the session"), session.pk))


def _invitation(message: Message) -> Letter | None:
    session, person = _session(message), message.recipient
    if not session or not person or not _goes_ahead(session, person):
        return None
    context = _context(session, person, SESSION, _("See the session"), session.pk)
    by = message.params.get("by", session.booked_by_id)
    context["by"] = next((other for other in session.pairing.buddies_of(person) if other.pk == by), None)
    context["by_you"] = by == person.pk
    calendar = calendars.request(session, person, _stamp(message), _title(session, person))
    return letter(message.kind, context, calendar=calendar)


def _session(message: Message) -> CoachingSession | None:
    """The session as it was when the message was posted; none if it has moved or been cancelled since."""
    same = CoachingSession.objects.filter(pk=message.about_id, sequence=message.params["sequence"])
    return same.select_related("pairing__cohort").first()


def _goes_ahead(session: CoachingSession, person: Person) -> bool:
    pending = session.is_standing and not session.is_logged() and session.pairing.closed_at is None
    return pending and person in session.pairing.people()


def _title(session: CoachingSession, person: Person) -> str:
    """A cancelled session has nobody's seat any more, so its cancellation is neutral: calendars go by the UID."""
    return calendars.title(session, OwnCalendar.objects.of(person))


def _stamp(message: Message) -> datetime:
    return message.dated_at or message.created_at


def _context(session: CoachingSession, person: Person, page: str, label: str, pk: int) -> dict[str, Any]:
    return {
        "person": person,
        "buddies": listed(session.pairing.buddies_of(person)),
        "session": session,
        "zone": person.time_zone,
        "action_url": settings.BASE_URL + reverse(page, args=[pk]),
        "action_label": label,
    }
