"""A session as calendars know it: one event for its whole life, under one UID, with a rising SEQUENCE.

Other people see diaries, so an event names nobody but its reader and says nothing of what it is about, unless its
reader wants their buddy's name in the title. RFC 5545 (the format), 5546 (REQUEST, CANCEL, PUBLISH), 7986 (feeds).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from buddying.models import Person
from buddying.words import listed
from outbox import kinds
from sessions_log.models import CoachingSession
from sessions_log.own_calendars import OwnCalendar

PRODID = "-//Buddying//Sessions//EN"
ASK_AGAIN_AFTER = timedelta(hours=1)  # what a feed suggests; most calendars ask when they like


def title(session: CoachingSession, own: OwnCalendar) -> str:
    """As ``own``'s person wants it, in the language in use. Reads the session's seats and their people."""
    if not own.names_buddies:
        return neutral_title()
    others = [seat.person for seat in session.seats.all() if seat.released_at is None]
    names = sorted(person.name for person in others if person.pk != own.person_id)
    return _("Buddying with %(names)s") % {"names": listed(names)} if names else neutral_title()


def neutral_title() -> str:
    return _("Buddying session")


def request(session: CoachingSession, person: Person, stamp: datetime, summary: str = "") -> kinds.Calendar:
    """Booked or moved: ``person`` is asked to come."""
    event = _event(session, stamp, summary)
    event.add("attendee", _attendee(person, "NEEDS-ACTION"), encode=False)
    return kinds.Calendar("REQUEST", _calendar("REQUEST", event).to_ical())


def cancellation(session: CoachingSession, person: Person, stamp: datetime, summary: str = "") -> kinds.Calendar:
    event = _event(session, stamp, summary)
    event.add("attendee", _attendee(person), encode=False)
    return kinds.Calendar("CANCEL", _calendar("CANCEL", event).to_ical())


def published(session: CoachingSession, stamp: datetime, summary: str = "") -> bytes:
    """The file to download: the same event, with nobody to answer."""
    return _calendar("PUBLISH", _event(session, stamp, summary)).to_ical()


def feed(sessions: Iterable[CoachingSession], own: OwnCalendar) -> bytes:
    """All of somebody's sessions. Their stamps say when they changed, so the same sessions are the same bytes."""
    calendar = _calendar("PUBLISH", *(_event(one, one.arranged_at, title(one, own)) for one in sessions))
    for name in ("name", "x-wr-calname"):
        calendar.add(name, settings.SITE_NAME)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    return calendar.to_ical()


def _calendar(method: str, *events: Event) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(session: CoachingSession, stamp: datetime, summary: str) -> Event:
    event = Event()
    event.add("uid", str(session.uid))
    event.add("sequence", session.sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", Typed(summary or neutral_title()))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED" if session.is_standing else "CANCELLED")
    event.add("organizer", _organizer(), encode=False)
    event.add("url", settings.BASE_URL + reverse("sessions_log:session", args=[session.pk]))
    if session.where:
        event.add("location", Typed(session.where))
    return event


class Typed(vText):
    """Word for word: by itself icalendar takes a backslash before an N for the end of a line, as in a path."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


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
