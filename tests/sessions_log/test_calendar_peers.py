"""Invitations as they leave by SMTP, taken in by programs that other people wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from buddying.models import Person
from matching.models import Pairing
from outbox.delivery import drain
from sessions_log.booking import book, cancel, move
from tests.outbox.conftest import Sink, sink
from tests.sessions_log.peers import Khal, Server, invitation_in, radicale, the_event

__all__ = ["sink"]  # pytest finds the fixture here

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACE = "Room 4, Haus „Süd“; behind the\\kitchen"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    return Khal(tmp_path)


@pytest.fixture
def story(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, sink: Sink
) -> Callable[[], Iterator[EmailMessage]]:
    """A session is booked, moved ten times and cancelled; after each, the mail that Ada has got."""

    def story() -> Iterator[EmailMessage]:
        at_ten = now.replace(hour=10, minute=0)  # what crosses midnight is listed on both days
        session = book(pairing, at_ten + 3 * DAY, 60, PLACE, by=ada, at=now)
        yield mail_to_ada(now)
        for n in range(1, 11):
            times = (3 * DAY + n * DAY, 60) if n % 2 else (2 * DAY + n * DAY, 60 + n)  # later, and back
            move(session, at_ten + times[0], times[1], PLACE, by=(ada, ben)[n % 2], at=now + n * HOUR)
            yield mail_to_ada(now + n * HOUR)
        cancel(session, by=ben, at=now + 11 * HOUR)
        yield mail_to_ada(now + 11 * HOUR)

    def mail_to_ada(at: datetime) -> EmailMessage:
        sink.taken.clear()
        drain(at=at)
        (received,) = [one for one in sink.taken if one.to == ["ada@example.org"]]
        return received.mail

    return story


def test_each_mail_is_as_the_standards_want_it(story: Callable[[], Iterator[EmailMessage]], ada: Person) -> None:
    seen: list[tuple[str, int, str, str]] = []
    for mail in story():
        method, content = invitation_in(mail)
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        calendar, event = Calendar.from_ical(content), the_event(content)
        assert str(calendar["method"]) == method
        assert event["attendee"] == "mailto:ada@example.org"
        assert event["organizer"] == "mailto:buddying@localhost"
        assert (event["class"], event["summary"], event["location"]) == ("PRIVATE", "Buddying session", PLACE)
        assert b"TZID" not in content
        seen.append((str(event["uid"]), event["sequence"], method, event["dtstamp"].to_ical().decode()))
    uids, sequences, methods, stamps = zip(*seen, strict=True)
    assert len(set(uids)) == 1
    assert sequences == tuple(range(12))
    assert methods == ("REQUEST",) * 11 + ("CANCEL",)
    assert sorted(set(stamps)) == list(stamps)


def shown(content: bytes) -> str:
    event = the_event(content)
    times = f"{event.start:%Y-%m-%dT%H:%M} {event.end:%Y-%m-%dT%H:%M}"
    return f"{event['uid']} {times} Buddying session [{PLACE}] {event['status']}"


def test_on_a_server_it_is_one_event_that_moves_and_goes(
    story: Callable[[], Iterator[EmailMessage]], server: Server, khal: Khal
) -> None:
    for mail in story():
        method, content = invitation_in(mail)
        server.heed(mail)
        khal.sync(server)
        there = server.objects()
        if method == "CANCEL":
            assert (there, khal.shows()) == ([], [])
        else:
            assert [the_event(one).start for one in there] == [the_event(content).start]
            assert khal.shows() == [shown(content)]


def test_opened_from_the_mail_it_is_one_event_that_moves_and_is_marked_as_cancelled(
    story: Callable[[], Iterator[EmailMessage]], khal: Khal
) -> None:
    for mail in story():
        khal.take(mail)
        method, content = invitation_in(mail)
        (line,) = khal.shows()
        assert line == shown(content)
        assert line.endswith(" CANCELLED" if method == "CANCEL" else " CONFIRMED")
