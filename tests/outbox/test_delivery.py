from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from outbox.delivery import BATCH, PAUSE, drain
from outbox.kinds import Kind, Letter
from outbox.models import LEASE, DropReason, Message
from outbox.posting import withdraw
from tests.outbox.conftest import DROP_THE_LINE, NINE, Sink, free_port, words

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def state(message: Message) -> dict[str, Any]:
    fields = ("attempts", "sent_at", "dropped_at", "drop_reason", "failed_at", "last_error", "claimed_until")
    return {name: value for name, value in Message.objects.values(*fields).get(pk=message.pk).items() if value}


def test_a_due_message_is_sent_once(sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]) -> None:
    register()
    message = posted()
    assert [drain(at=NINE - MINUTE), drain(at=NINE), drain(at=NINE + LEASE)] == [0, 1, 0]
    assert [received.to for received in sink.taken] == [["ada@example.org"]]
    assert state(message) == {"attempts": 1, "sent_at": NINE}
    mail = sink.taken[0].mail
    assert (mail["To"], mail["Subject"]) == ("Ada <ada@example.org>", "Tomorrow")
    assert words(mail) == "At nine.\n"


def test_the_address_is_the_one_at_delivery(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], ada: Any
) -> None:
    register()
    posted()
    ada.email = "ada.king@example.org"
    ada.save()
    drain(at=NINE)
    assert [received.to for received in sink.taken] == [["ada.king@example.org"]]


def test_one_connection_carries_a_whole_round(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    for n in range(BATCH + 3):
        posted(f"reminder:{n}")
    assert drain(at=NINE) == BATCH + 3
    assert (len(sink.taken), sink.connections) == (BATCH + 3, 1)


def test_a_round_ends_at_its_limit(sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]) -> None:
    register()
    for n in range(4):
        posted(f"reminder:{n}")
    assert drain(limit=3, at=NINE) == 3
    assert Message.objects.due(NINE).count() == 1


def test_times_are_written_in_the_readers_zone(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], ben: Any, settings: Any
) -> None:
    settings.ORGANISATION_TIME_ZONE = "Europe/Paris"
    zones = []
    register(lambda message: zones.append(timezone.get_current_timezone()))
    posted("reminder:1", to=ben)
    posted("reminder:2", to=None, address="new@example.org", due_at=NINE + MINUTE)
    drain(at=NINE + MINUTE)
    assert zones == [ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")]


# --- No longer wanted


def test_what_its_kind_no_longer_wants_is_dropped(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register(lambda message: None)
    message = posted()
    drain(at=NINE)
    assert state(message) == {"dropped_at": NINE, "drop_reason": DropReason.NO_LONGER_WANTED}
    assert sink.arrived == []


def test_nothing_is_sent_late(sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]) -> None:
    register()
    message = posted(expires_at=NINE + MINUTE)
    drain(at=NINE + MINUTE)
    assert state(message) == {"dropped_at": NINE + MINUTE, "drop_reason": DropReason.TOO_LATE}
    assert sink.arrived == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"deactivated_at": NINE}, DropReason.PERSON_DEACTIVATED),
        ({"email": None}, DropReason.PERSON_WITHOUT_ADDRESS),
    ],
)
def test_nothing_is_sent_to_somebody_who_left(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    ada: Any,
    change: dict[str, Any],
    reason: DropReason,
) -> None:
    register()
    message = posted()
    type(ada).objects.filter(pk=ada.pk).update(**change)
    drain(at=NINE)
    assert state(message) == {"dropped_at": NINE, "drop_reason": reason}
    assert sink.arrived == []


def test_what_is_withdrawn_while_it_is_written_is_not_sent(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    def withdrawn_meanwhile(message: Message) -> Letter:
        withdraw(key_prefix=message.key)
        return Letter("Tomorrow", "At nine.")

    register(withdrawn_meanwhile)
    message = posted()
    assert drain(at=NINE) == 0
    assert sink.arrived == []
    assert state(message)["drop_reason"] == DropReason.WITHDRAWN


def test_a_sender_that_was_too_slow_sends_and_marks_nothing(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    def taken_over_meanwhile(message: Message) -> Letter:
        Message.objects.claim(1, NINE + LEASE)
        return Letter("Tomorrow", "At nine.")

    register(taken_over_meanwhile)
    message = posted()
    assert drain(at=NINE) == 0
    assert sink.arrived == []
    assert state(message) == {"claimed_until": NINE + LEASE + LEASE}


# --- What cannot be written


def test_a_letter_that_cannot_be_written_is_tried_again_and_its_content_not_logged(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(message: Message) -> Letter:
        raise KeyError("what Ada told Ben")

    register(broken)
    message = posted()
    with caplog.at_level(logging.DEBUG):
        drain(at=NINE)
    assert state(message) == {"attempts": 1, "last_error": "KeyError"}
    assert Message.objects.get().next_try_at == NINE + MINUTE
    assert f"reminder {message.id} could not be written: KeyError at test_delivery.py" in caplog.text
    assert "what Ada told Ben" not in caplog.text
    assert "ada@example.org" not in caplog.text


def test_one_that_cannot_be_written_holds_up_nobody(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    def broken(message: Message) -> Letter:
        if message.key == "reminder:1":
            raise KeyError
        return Letter("Tomorrow", "At nine.")

    register(broken)
    for n in (1, 2, 3):
        posted(f"reminder:{n}")
    assert drain(at=NINE) == 2
    assert Message.objects.waiting().get().key == "reminder:1"


def test_a_kind_that_this_version_does_not_know_waits(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], monkeypatch: Any
) -> None:
    register()
    message = posted()
    monkeypatch.setattr("outbox.kinds._kinds", {})
    drain(at=NINE)
    assert state(message) == {"attempts": 1, "last_error": "UnknownKind"}


# --- What the mail server says


def test_a_refused_address_has_failed(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    caplog: pytest.LogCaptureFixture,
) -> None:
    register()
    message = posted()
    sink.answers["RCPT"].append("550 ada@example.org is not known here")
    drain(at=NINE)
    assert state(message) == {"attempts": 1, "failed_at": NINE, "last_error": "SMTPRecipientsRefused 550"}
    assert "ada@example.org" not in caplog.text


def test_a_refused_mail_has_failed(sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]) -> None:
    register()
    message = posted()
    sink.answers["DATA"].append("554 not wanted")
    drain(at=NINE)
    assert state(message) == {"attempts": 1, "failed_at": NINE, "last_error": "SMTPDataError 554"}


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("RCPT", "450 later", "SMTPRecipientsRefused 450"),
        ("DATA", "451 later", "SMTPDataError 451"),
        ("MAIL", "550 not from you", "SMTPSenderRefused 550"),
        ("MAIL", "421 closing", "SMTPSenderRefused 421"),
        ("DATA", DROP_THE_LINE, "SMTPServerDisconnected"),
    ],
)
def test_what_may_pass_is_tried_again_with_the_same_bytes(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    verb: str,
    answer: str,
    error: str,
) -> None:
    register(lambda message: Letter("Tomorrow", "At nine.", "<p>At nine.</p>"))
    message = posted()
    sink.answers[verb].append(answer)
    assert drain(at=NINE) == 0
    assert state(message) == {"attempts": 1, "last_error": error}
    assert [drain(at=NINE + MINUTE - timedelta(seconds=1)), drain(at=NINE + MINUTE)] == [0, 1]
    assert state(message) == {"attempts": 2, "sent_at": NINE + MINUTE}
    assert len({received.content for received in sink.arrived}) == 1


def test_an_answer_about_one_holds_up_nobody(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    for n in (1, 2, 3):
        posted(f"reminder:{n}")
    sink.answers["RCPT"].extend(["450 later", "550 unknown"])
    assert drain(at=NINE) == 1
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [1, 1, 1]


@pytest.mark.parametrize(("verb", "answer"), [("MAIL", "421 closing"), ("DATA", DROP_THE_LINE)])
def test_an_answer_about_the_server_ends_the_round(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], verb: str, answer: str
) -> None:
    register()
    for n in (1, 2, 3):
        posted(f"reminder:{n}")
    sink.answers[verb].append(answer)
    assert drain(at=NINE) == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Message.objects.due(NINE).count() == 2


@pytest.mark.usefixtures("no_mail_server")
def test_without_a_mail_server_messages_wait_untried(
    register: Callable[..., Kind], posted: Callable[..., Message], caplog: pytest.LogCaptureFixture
) -> None:
    register()
    for n in (1, 2, 3):
        posted(f"reminder:{n}")
    assert drain(at=NINE) == 0
    rows = Message.objects.values_list("attempts", "next_try_at", "claim_token")
    assert list(rows) == [(0, NINE + PAUSE, None)] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "The mail server cannot be reached (ConnectionRefusedError); messages wait."
    ]


def test_what_waited_for_the_mail_server_is_sent_when_it_is_back(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    register()
    message = posted()
    drain(at=NINE)
    assert state(message) == {"last_error": "ConnectionRefusedError"}
    settings.EMAIL_PORT = port
    assert [drain(at=NINE), drain(at=NINE + PAUSE)] == [0, 1]
    assert state(message) == {"attempts": 1, "sent_at": NINE + PAUSE}


def test_a_wrong_password_is_nobodys_fault(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr("outbox.carrier.EmailBackend.open", refuse)
    register()
    message = posted()
    drain(at=NINE)
    assert state(message) == {"last_error": "SMTPAuthenticationError 535"}


def test_asked_to_end_a_round_puts_back_what_it_had_taken(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    for n in (1, 2, 3):
        posted(f"reminder:{n}")
    assert drain(at=NINE, stopping=lambda: len(sink.taken) == 1) == 1
    assert Message.objects.due(NINE).count() == 2
