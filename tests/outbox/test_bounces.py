"""Addresses that mail comes back from, and the reports that say so."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from outbox import bounces, incoming
from outbox.delivery import drain
from outbox.kinds import Kind
from outbox.models import AddressFailure, Message
from tests.outbox.conftest import NINE, Sink

pytestmark = pytest.mark.django_db


def report(message_id: str = "", *, to: str = "ada@example.org", action: str = "failed", status: str = "5.1.1",
           whole: bool = False, envelope: str = "") -> bytes:  # fmt: skip
    """As Postfix and Exchange write them (RFC 3464)."""
    original = f"From: buddying@localhost\r\nTo: {to}\r\nMessage-ID: {message_id}\r\nSubject: s\r\n\r\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: buddying@localhost\r\nSubject: Undelivered Mail\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n"
        + (f"Original-Envelope-Id: {envelope}\r\n" if envelope else "")
        + "\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 Ada Okafor left in May\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n" + (original if message_id else "Subject: s\r\n\r\n") + "--b--\r\n"
    ).encode()


@pytest.fixture
def sent(sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]) -> Message:
    register()
    message = posted()
    drain(at=NINE)
    return message


def number(message: Message) -> str:
    return f"<{message.pk}@localhost>"


def failures() -> list[tuple[str, str, str]]:
    return list(AddressFailure.objects.order_by("address").values_list("address", "reason", "source"))


# --- At sending


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("550 5.1.1 no such user", "unknown"),
        ("550 no such user", "unknown"),
        ("552 5.2.2 mailbox full", "full"),
        ("554 5.7.1 not from you", "refused"),
        ("554 no", "other"),
    ],
)
def test_an_address_that_is_refused_is_marked_with_a_reason(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], answer: str, reason: str
) -> None:
    register()
    posted()
    sink.answers["RCPT"].append(answer)
    drain(at=NINE)
    assert failures() == [("ada@example.org", reason, "at sending")]


@pytest.mark.parametrize(
    ("verb", "answer"), [("RCPT", "450 later"), ("DATA", "554 looks like spam"), ("MAIL", "550 no")]
)
def test_other_refusals_say_nothing_of_the_address(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], verb: str, answer: str
) -> None:
    register()
    posted()
    sink.answers[verb].append(answer)
    drain(at=NINE)
    assert failures() == []


@pytest.mark.parametrize(
    ("address", "fields", "kept"),
    [("stranger@example.org", {}, 0), ("new@example.org", {"cohort_id": 7}, 1), ("Ada@example.org", {}, 1)],
)
def test_addresses_of_strangers_are_not_kept(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    address: str,
    fields: dict[str, Any],
    kept: int,
) -> None:
    register()
    posted(to=None, address=address, **fields)
    sink.answers["RCPT"].append("550 no such user")
    drain(at=NINE)
    assert len(failures()) == kept


def test_the_next_mail_that_is_taken_clears_it(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    posted("reminder:1")
    sink.answers["RCPT"].append("550 no such user")
    drain(at=NINE)
    posted("reminder:2")
    drain(at=NINE)
    assert failures() == []


# --- By a report


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_marks_the_mail_and_the_address(sent: Message, whole: bool) -> None:
    assert incoming.take(report(number(sent), whole=whole))
    sent.refresh_from_db()
    assert sent.bounced_at is not None
    assert failures() == [("ada@example.org", "unknown", "reported")]


def test_a_report_stands_until_the_person_says_that_the_address_works(
    sent: Message, posted: Callable[..., Message]
) -> None:
    incoming.take(report(number(sent)))
    posted("reminder:2")
    drain(at=NINE)
    assert len(failures()) == 1
    bounces.works_again("ADA@example.org")
    assert failures() == []


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.7"), ("delayed", "5.4.7"), ("delivered", "2.0.0"), ("failed", "4.2.2")]
)
def test_a_report_that_is_no_final_failure_is_ours_and_changes_nothing(sent: Message, action: str, status: str) -> None:
    assert incoming.take(report(number(sent), action=action, status=status))
    sent.refresh_from_db()
    assert (sent.bounced_at, failures()) == (None, [])


def test_a_report_about_another_mail_marks_nobody(sent: Message) -> None:
    assert not incoming.take(report("<0b7e1a52-0000-4000-8000-000000000000@localhost>"))
    assert not incoming.take(report("<hello@elsewhere>"))
    assert failures() == []


def test_the_address_is_the_one_that_we_wrote_to_whatever_the_report_says(sent: Message) -> None:
    incoming.take(report(number(sent), to="ben@example.org"))
    assert failures() == [("ada@example.org", "unknown", "reported")]


def test_nobody_can_make_up_a_report_about_somebody_else(
    sent: Message, ben: Any, posted: Callable[..., Message]
) -> None:
    """An address is no secret, the number of a mail is: it is in that mail alone, and stands for its address alone."""
    assert not incoming.take(report(to="ada@example.org"))
    bens = posted("to ben", to=ben)
    drain(at=NINE)
    assert incoming.take(report(number(bens), to="ada@example.org"))
    assert failures() == [("ben@example.org", "unknown", "reported")]


def test_a_server_that_reports_is_given_the_number_and_asked_for_the_headers(
    reporting_sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    message = posted()
    drain(at=NINE)
    assert reporting_sink.asked_for == [{"RET": "HDRS", "ENVID": str(message.pk).upper()}]
    assert incoming.take(report(envelope=reporting_sink.asked_for[0]["ENVID"]))
    assert failures() == [("ada@example.org", "unknown", "reported")]


def test_a_report_that_comes_twice_is_one(sent: Message) -> None:
    for _ in range(2):
        assert incoming.take(report(number(sent)))
    assert len(failures()) == 1


def test_none_of_the_servers_words_are_kept(sent: Message, caplog: pytest.LogCaptureFixture) -> None:
    incoming.take(report(number(sent)))
    assert "left in May" not in caplog.text + str(list(AddressFailure.objects.values()))


def test_who_is_failing(sent: Message) -> None:
    incoming.take(report(number(sent)))
    assert bounces.failing(["Ada@Example.org", None, "ben@example.org"]) == {"ada@example.org"}


# --- What comes in


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"Content-Type: multipart/report\r\n\r\n", b"\r\n\r\n", report()[:300]]
)
def test_what_is_no_proper_mail_harms_nobody(raw: bytes) -> None:
    assert not incoming.take(raw)


def test_a_pipe_hands_a_report_in(sent: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report(number(sent)))))
    call_command("take_mail")
    assert len(failures()) == 1
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Subject: Hello\r\n\r\n")))
    with pytest.raises(CommandError):
        call_command("take_mail")
