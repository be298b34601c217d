"""A session as calendars know it: one event for its whole life, under one UID, with a rising SEQUENCE.

Other people see diaries, so an event names nobody but its reader and says nothing of what it is about.
RFC 5545 (the format), 5546 (REQUEST, CANCEL, PUBLISH).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress, vText

from buddying.models import Person
from outbox import kinds
from sessions_log.models import CoachingSession

SUMMARY = "Buddying session"
PRODID = "-//Buddying//Sessions//EN"


def request(session: CoachingSession, person: Person, stamp: datetime) -> kinds.Calendar:
    """Booked or moved: ``person`` is asked to come."""
    event = _event(session, stamp)
    event.add("attendee", _attendee(person, "NEEDS-ACTION"), encode=False)
    return _itip("REQUEST", event)


def cancellation(session: CoachingSession, person: Person, stamp: datetime) -> kinds.Calendar:
    event = _event(session, stamp)
    event.add("attendee", _attendee(person), encode=False)
    return _itip("CANCEL", event)


def published(session: CoachingSession, stamp: datetime) -> bytes:
    """The file to download: the same event, with nobody to answer."""
    return _calendar("PUBLISH", _event(session, stamp))


def _itip(method: str, event: Event) -> kinds.Calendar:
    return kinds.Calendar(method, _calendar(method, event))


def _calendar(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical()


def _event(session: CoachingSession, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", str(session.uid))
    event.add("sequence", session.sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", SUMMARY)
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED" if session.is_standing else "CANCELLED")
    event.add("organizer", _organizer(), encode=False)
    event.add("url", settings.BASE_URL + reverse("sessions_log:session", args=[session.pk]))
    if session.where:
        event.add("location", session.where)
    return event


def _organizer() -> vCalAddress:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name or settings.SITE_NAME)
    return organizer


def _attendee(person: Person, answer: str | None = None) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = vText(person.name)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    if answer:
        attendee.params["PARTSTAT"] = vText(answer)
        attendee.params["RSVP"] = vText("TRUE")
    return attendee
