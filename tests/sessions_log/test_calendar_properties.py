"""Whatever two people do with a session, in whatever words: what leaves for their calendars is sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from buddying.models import Person
from matching.models import Pairing
from outbox import delivery
from outbox.models import Message
from sessions_log.booking import Refused, book, cancel, move
from sessions_log.models import CoachingSession
from tests.sessions_log.peers import invitation_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAME_DATABASE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# As a form takes it: no control characters but those that end a line; up to 200 characters fit into a place.
odd = st.sampled_from(
    [
        ",",
        ";",
        "\\",
        "\\n",
        "\\N",
        "\n",
        "\r\n",
        "\r",
        '"',
        ":",
        "BEGIN:VEVENT",
        "🧑🏽‍🤝‍🧑🏻",
        "e\u0301",
        "\u2028",
        "é" * 80,
    ]
)
places = st.lists(odd | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30), max_size=12).map(
    lambda parts: "".join(parts)[:200]
)
acts = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "move", "cancel"]), st.integers(1, 40), st.sampled_from([15, 60, 240]), places
    ),
    min_size=1,
    max_size=8,
)


@given(acts=acts)
@SAME_DATABASE
def test_any_order_of_booking_moving_and_cancelling(
    acts: list[tuple[str, int, int, str]], pairing: Pairing, ada: Person, now: datetime
) -> None:
    with undone():
        written = list(mails_to(ada, acts, pairing, now))
        for method, content in written:
            assert_sound(method, content)
        assert_numbers_rise(written)


def mails_to(
    person: Person, acts: list[tuple[str, int, int, str]], pairing: Pairing, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """What each act has said to ``person``, sent at once."""
    session: CoachingSession | None = None
    for hours, (act, days, minutes, place) in enumerate(acts):
        at = now + hours * HOUR
        try:
            if act == "book":
                session = book(pairing, now + days * DAY, minutes, place, by=person, at=at)
            elif session and act == "move":
                move(session, now + days * DAY, minutes, place, by=person, at=at)
            elif session:
                cancel(session, by=person, at=at)
        except Refused:
            continue
        yield from send_all(person, at)


def send_all(person: Person, at: datetime) -> Iterator[tuple[str, bytes]]:
    for message in Message.objects.claim(100, at):
        mail = delivery.write(message, at)
        if isinstance(mail, bytes):
            message.mark_sent(at)
            if message.recipient == person and b"text/calendar" in mail:
                yield invitation_in(message_from_bytes(mail, policy=policy.default))  # type: ignore[arg-type]


def assert_sound(method: str, content: bytes) -> None:
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.replace(b"\r\n", b"").count(b"\n") == content.replace(b"\r\n", b"").count(b"\r") == 0
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    assert str(calendar["method"]) == method
    (event,) = calendar.walk("VEVENT")
    assert (str(event["status"]) == "CANCELLED") == (method == "CANCEL")


def assert_numbers_rise(written: list[tuple[str, bytes]]) -> None:
    events = [Calendar.from_ical(content).walk("VEVENT")[0] for _, content in written]
    for uid in {str(event["uid"]) for event in events}:
        numbers = [event["sequence"] for event in events if event["uid"] == uid]
        assert numbers == sorted(set(numbers))


@given(place=places)
@example(place=r"\\Server\Notes\new\\N")
@SAME_DATABASE
def test_a_place_reads_as_it_was_typed(place: str, pairing: Pairing, ada: Person, now: datetime) -> None:
    with undone():
        book(pairing, now + DAY, 60, place, by=ada, at=now)
        ((_, content),) = send_all(ada, now)
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert str(event.get("location", "")) == place.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with what the fixtures made."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
