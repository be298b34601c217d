"""Reading answers: the ways in which calendars write them, and whatever else may come."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_log import replies
from sessions_log.replies import Reply
from tests.sessions_log.replying import calendar_of, reply

UID = UUID("5b0a4a53-7d1e-4a5c-9c57-1f3a4f8e2a11")
BEN = "ben@example.org"
SAID_AT = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
ACCEPTED = Reply(UID, BEN, "accepted", 0, SAID_AT)


def read(calendar: str, sender: str = BEN, **parts: Any) -> list[Reply]:
    """Sent and received: as bytes, once over the wire."""
    received = message_from_bytes(reply(calendar, sender, **parts).as_bytes(), policy=policy.default)
    return replies.read(received)  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_the_three_answers(answer: str) -> None:
    assert read(calendar_of(UID, BEN, answer.upper())) == [Reply(UID, BEN, answer, 0, SAID_AT)]
    assert read(calendar_of(UID, BEN, answer)) == [Reply(UID, BEN, answer, 0, SAID_AT)]


@pytest.mark.parametrize("answer", ["NEEDS-ACTION", "DELEGATED", "", "X-SOMETHING"])
def test_what_is_no_answer(answer: str) -> None:
    assert read(calendar_of(UID, BEN, answer)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"organizer": ""},  # Exchange
        {"method": "reply"},
        {"method": "COUNTER"},
        {"attendee": "ATTENDEE;PARTSTAT={answer}:MAILTO:{by}"},
        {"attendee": 'ATTENDEE;PARTSTAT={answer};SENT-BY="mailto:assistant@example.org":mailto:{by}'},
        {"attendee": 'ATTENDEE;CN="Larsen, Ben";CUTYPE=INDIVIDUAL;PARTSTAT={answer};EMAIL={by}:urn:uuid:123'},
        {"more": "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM"},
        {"more": "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\nRECURRENCE-ID:20261123T090000Z"},
    ],
)
def test_how_calendars_differ(fields: dict[str, str]) -> None:
    assert read(calendar_of(UID, BEN, **fields)) == [ACCEPTED]


def test_as_an_attachment_or_twice_it_is_one_answer() -> None:
    assert read(calendar_of(UID, BEN), attached=True) == [ACCEPTED]
    mail = reply(calendar_of(UID, BEN), BEN)
    mail.add_attachment(calendar_of(UID, BEN).encode(), maintype="application", subtype="ics")
    assert replies.read(mail) == [ACCEPTED]


def test_without_a_number_or_a_stamp() -> None:
    assert read(calendar_of(UID, BEN, sequence=None, dtstamp="")) == [Reply(UID, BEN, "accepted", 0, None)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("20261120T101500", SAID_AT), ("20261120", None), ("nonsense", None)],
)
def test_stamps_as_they_come(written: str, meant: datetime | None) -> None:
    assert [found.said_at for found in read(calendar_of(UID, BEN, dtstamp=written))] == [meant]


@pytest.mark.parametrize("sender", ["BEN@Example.ORG", "Ben Larsen <ben@example.org>", "ben+work@example.org"])
def test_one_address_written_in_several_ways(sender: str) -> None:
    assert read(calendar_of(UID, BEN), sender) == [ACCEPTED]


@pytest.mark.parametrize(
    "sender",
    ["eve@example.org", "ben@example.com", "ben@example.org, eve@example.org", "ben@example.org <eve@example.org>", ""],
)
def test_nobody_answers_for_somebody_else(sender: str) -> None:
    assert read(calendar_of(UID, BEN), sender) == []


def test_two_senders_are_none() -> None:
    raw = reply(calendar_of(UID, BEN), BEN).as_bytes()
    twice = message_from_bytes(b"From: eve@example.org\n" + raw, policy=policy.default)
    assert replies.read(twice) == []  # type: ignore[arg-type]


def test_an_assistant_who_writes_from_their_own_address_is_not_believed() -> None:
    attendee = 'ATTENDEE;PARTSTAT={answer};SENT-BY="mailto:eve@example.org":mailto:{by}'
    assert read(calendar_of(UID, BEN, attendee=attendee), "eve@example.org") == []


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", ""])
def test_other_calendar_mail_is_none(method: str) -> None:
    assert read(calendar_of(UID, BEN, method=method)) == []


def test_an_invitation_of_some_other_service() -> None:
    assert read(calendar_of("040000008200E00074C5B7101A82E00800000000", BEN)) == []


def test_other_charsets() -> None:
    mail = EmailMessage()
    mail["From"] = BEN
    text = calendar_of(UID, BEN, attendee="ATTENDEE;PARTSTAT={answer};CN=Bén:mailto:{by}")
    for charset in ("utf-16", "iso-8859-1"):
        mail.set_content(text.encode(charset), maintype="text", subtype="calendar", params={"charset": charset})
        assert replies.read(mail) == [ACCEPTED]
    mail.replace_header("Content-Type", 'text/calendar; charset="no-such-charset"')
    assert replies.read(mail) == [ACCEPTED]


def test_a_huge_calendar_is_not_read() -> None:
    assert read(calendar_of(UID, BEN, more="COMMENT:" + "x" * replies.MOST_BYTES)) == []


def test_a_crowd_of_events_and_attendees_is_cut_short() -> None:
    event = calendar_of(UID, BEN).split("METHOD:REPLY\r\n")[1].split("END:VCALENDAR")[0]
    crowd = calendar_of(UID, BEN).replace("END:VCALENDAR", event * 300 + "END:VCALENDAR")
    assert read(crowd) == [ACCEPTED]
    late = "ATTENDEE:mailto:x@example.org\r\n" * 20 + "ATTENDEE;PARTSTAT={answer}:mailto:{by}"
    assert read(calendar_of(UID, BEN, attendee=late)) == []


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(["text/calendar", "x"]))
def test_whatever_a_part_holds_it_is_read_or_left(content: bytes, kind: str) -> None:
    mail = message_from_bytes(
        b"From: ben@example.org\r\nContent-Type: %s\r\n\r\n%s" % (kind.encode(), content), policy=policy.default
    )
    assert replies.read(mail) == []  # type: ignore[arg-type]


@given(st.text(max_size=60), st.sampled_from(["sequence", "attendee", "dtstamp", "more", "organizer"]))
def test_whatever_stands_in_a_field_it_raises_only_what_the_door_expects(text: str, field: str) -> None:
    fields: dict[str, Any] = {field: text}
    with suppress(ValueError):
        read(calendar_of(UID, BEN, **fields))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ben@Example.org ", "ben@example.org"),
        ("ben+a+b@example.org", "ben@example.org"),
        ("ben@bücher.example", "ben@xn--bcher-kva.example"),
    ],
)
def test_what_two_ways_to_write_an_address_have_in_common(one: str, other: str) -> None:
    assert replies.plain(one) == replies.plain(other)
    assert replies.plain("ben@" + "x" * 300) == "ben@" + "x" * 300
