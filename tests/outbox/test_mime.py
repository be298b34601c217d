from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from outbox.kinds import Calendar, Letter
from outbox.mime import build, envelope_recipient, envelope_sender
from outbox.models import LEASE, Message
from tests.outbox.conftest import NINE, words

pytestmark = pytest.mark.django_db

INVITE = Calendar("REQUEST", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Zoë\r\nEND:VCALENDAR\r\n".encode())
WHOLE = Letter("Zoë’s session", "At nine, Zoë.\n", "<p>At nine, Zoë.</p>\n", INVITE)


@pytest.fixture
def message(register: Callable[..., Any], posted: Callable[..., Message]) -> Message:
    register()
    posted()
    return Message.objects.claim(1, NINE)[0]


def parsed(message: Message, letter: Letter) -> EmailMessage:
    return message_from_bytes(build(message, letter), policy=policy.default)  # type: ignore[return-value]


def shape(part: EmailMessage) -> Any:
    kind = part.get_content_type()
    return (kind, [shape(inner) for inner in part.iter_parts()]) if part.is_multipart() else kind


def test_the_headers(message: Message, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Buddying <buddying@mail.example.org>"
    assert dict(parsed(message, Letter("Tomorrow", "At nine."))) == {
        "From": "Buddying <buddying@mail.example.org>",
        "To": "Ada <ada@example.org>",
        "Subject": "Tomorrow",
        "Date": "Fri, 01 Mar 2030 09:00:00 +0000",
        "Message-ID": f"<{message.id}@mail.example.org>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        (Letter("s", "t"), "text/plain"),
        (Letter("s", "t", "<p>t</p>"), ("multipart/alternative", ["text/plain", "text/html"])),
        (
            WHOLE,
            (
                "multipart/mixed",
                [
                    ("multipart/alternative", ["text/plain", "text/html", "text/calendar"]),
                    "application/ics",
                ],
            ),
        ),
    ],
)
def test_the_parts(message: Message, letter: Letter, expected: Any) -> None:
    assert shape(parsed(message, letter)) == expected


def test_the_calendar_is_whole_and_says_its_method(message: Message) -> None:
    *_, calendar, attachment = parsed(message, WHOLE).walk()
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar.get_payload(decode=True) == INVITE.content
    assert attachment.get_payload(decode=True) == INVITE.content
    assert attachment.get_filename() == "invite.ics"


def test_words_arrive_as_written(message: Message) -> None:
    mail = parsed(message, WHOLE)
    assert mail["Subject"] == "Zoë’s session"
    text, html = (words(mail.get_body((kind,))) for kind in ("plain", "html"))
    assert (text, html) == (WHOLE.text, WHOLE.html)


def test_only_ascii_and_whole_lines_leave(message: Message) -> None:
    mail = build(message, Letter("Zoë", "é" * 500 + "\nwords " * 300, "<p>" + "word " * 500))
    assert mail.isascii()
    assert mail.replace(b"\r\n", b"").count(b"\n") == mail.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(len(line) for line in mail.split(b"\r\n")) <= 78


def test_each_try_has_the_same_bytes(message: Message) -> None:
    (again,) = Message.objects.claim(1, NINE + LEASE + timedelta(days=1))
    assert build(again, WHOLE) == build(message, WHOLE)


def test_two_messages_share_neither_id_nor_boundary(message: Message, posted: Callable[..., Message]) -> None:
    one, two = (parsed(each, WHOLE) for each in (message, posted("reminder:2")))
    assert one["Message-ID"] != two["Message-ID"]
    assert {p.get_boundary() for p in one.walk()} & {p.get_boundary() for p in two.walk()} == {None}


def test_a_long_host_does_not_break_the_message_id(message: Message, settings: Any) -> None:
    host = f"{'a-very-long-name.' * 6}example.org"
    settings.DEFAULT_FROM_EMAIL = f"Buddying <buddying@{host}>"
    assert f"<{message.id}@{host}>\r\n".encode() in build(message, Letter("s", "t"))


def test_a_host_in_another_script(message: Message, ada: Any) -> None:
    ada.email = "ada@bücher.example"
    message.recipient = ada
    assert envelope_recipient(message) == "ada@xn--bcher-kva.example"
    assert parsed(message, Letter("s", "t"))["To"] == "Ada <ada@xn--bcher-kva.example>"


def test_the_envelope_bears_the_bare_address(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Buddying at Example <buddying@example.org>"
    assert envelope_sender() == "buddying@example.org"


@pytest.mark.parametrize("name", ["Ada, Countess", 'Ada "the first"', "Zoë O’Brien"])
def test_a_name_with_signs_in_it(message: Message, ada: Any, name: str) -> None:
    ada.name = name
    message.recipient = ada
    (to,) = parsed(message, Letter("s", "t"))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ada@example.org")


@pytest.mark.parametrize("field", ["name", "email"])
def test_no_header_is_smuggled_in(message: Message, ada: Any, field: str) -> None:
    setattr(ada, field, "ada@example.org\r\nBcc: eve@example.org")
    message.recipient = ada
    with pytest.raises(ValueError, match=r"."):
        build(message, Letter("s", "t"))
