from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from buddying.models import Person
from matching.models import Pairing
from sessions_log import calendars
from sessions_log.models import CoachingSession

STAMP = datetime(2026, 11, 20, 8, 30, 15, 999, tzinfo=UTC)


def unsaved(place: str = "", **fields: object) -> CoachingSession:
    start = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    session = CoachingSession(pk=7, pairing=Pairing(pk=3), starts_at=start, place=place, **fields)  # type: ignore[misc]
    session.ends_at = start + timedelta(minutes=session.minutes)
    return session


def test_a_request_line_by_line() -> None:
    session, ada = unsaved("Room 4", sequence=2), Person(name="Ada", email="ada@example.org")
    calendar = calendars.request(session, ada, STAMP)
    assert calendar.method == "REQUEST"
    lines = calendar.content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert sorted(lines) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Buddying//Sessions//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            f"UID:{session.uid}",
            "SEQUENCE:2",
            "DTSTAMP:20261120T083015Z",
            "DTSTART:20261201T093000Z",
            "DTEND:20261201T103000Z",
            "SUMMARY:Buddying session",
            "CLASS:PRIVATE",
            "STATUS:CONFIRMED",
            "LOCATION:Room 4",
            "ORGANIZER;CN=Buddying:mailto:buddying@localhost",
            "ATTENDEE;CN=Ada;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;"
            "RSVP=TRUE:mailto:ada@example.org",
            "URL:http://localhost:8000/sessions/7/",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_a_cancellation_asks_for_no_answer() -> None:
    session = unsaved(sequence=1, cancelled_at=STAMP)
    calendar = calendars.cancellation(session, Person(name="Ada", email="ada@example.org"), STAMP)
    assert calendar.method == "CANCEL"
    (event,) = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event["status"] == "CANCELLED"
    assert "RSVP" not in event["attendee"].params


def test_a_published_file_has_nobody_in_it() -> None:
    content = calendars.published(unsaved(), STAMP)
    assert b"METHOD:PUBLISH\r\n" in content
    assert b"ATTENDEE" not in content


written = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300)


@given(written, written)
def test_every_line_is_short_and_every_text_survives(place: str, name: str) -> None:
    session, person = unsaved(place), Person(name=name, email="ada@example.org")
    for content in (calendars.request(session, person, STAMP).content, calendars.published(session, STAMP)):
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert event["uid"] == str(session.uid)
        assert event.get("location", "") == place
