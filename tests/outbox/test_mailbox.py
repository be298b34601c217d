"""The mailbox, read from a real IMAP server over TLS."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from buddying import environment
from outbox import incoming, mailbox, tasks
from tests.outbox.conftest import wait_until
from tests.outbox.imap import PASSWORD, USER, ImapServer, imap_server

KNOWN = b"From: ben@example.org\r\nSubject: known\r\n\r\nyes\r\n"
STRANGE = b"From: ben@example.org\r\nSubject: strange\r\n\r\nHello, who reads this?\r\n"
POISON = b"From: ben@example.org\r\nSubject: poison\r\n\r\n\r\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture
def server(running: ImapServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ImapServer:
    """Empty, trusted, and named in the settings."""
    monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
    with running.inside() as line:
        line.delete_messages(line.search())
        line.expunge()
    settings.MAILBOX = _mailbox(running, "imaps", running.tls_port)
    return running


def _mailbox(server: ImapServer, scheme: str, port: int, password: str = PASSWORD) -> Any:
    os.environ["THE_MAILBOX"] = f"{scheme}://{USER}:{quote(password, safe='')}@127.0.0.1:{port}/INBOX"
    try:
        return environment.imap("THE_MAILBOX")
    finally:
        del os.environ["THE_MAILBOX"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a reader was shown that knows one kind of mail and stumbles over another."""
    subjects: list[str] = []

    def reader(mail: EmailMessage) -> bool:
        subjects.append(mail["Subject"])
        if mail["Subject"] == "poison":
            raise KeyError("what stood in it")
        return bool(mail["Subject"] == "known")

    monkeypatch.setattr(incoming, "_readers", [reader])
    return subjects


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_what_is_taken_is_marked_as_read(server: ImapServer, read: list[str], settings: Any, scheme: str) -> None:
    settings.MAILBOX = _mailbox(server, scheme, server.tls_port if scheme == "imaps" else server.port)
    server.put(KNOWN, KNOWN)
    assert [mailbox.read(), mailbox.read()] == [2, 0]
    assert read == ["known", "known"]
    assert server.flags() == [{r"\Seen"}, {r"\Seen"}]


def test_poison_and_what_nobody_knows_stay_unread_and_flagged_and_hold_up_nothing(
    server: ImapServer, read: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    server.put(POISON, STRANGE, KNOWN)
    with caplog.at_level(logging.DEBUG, logger="outbox"):
        assert [mailbox.read(), mailbox.read()] == [1, 0]
    assert read == ["poison", "strange", "known"]
    assert server.flags() == [{r"\Flagged"}, {r"\Flagged"}, {r"\Seen"}]
    assert [record.getMessage() for record in caplog.records] == [
        f"A mail could not be read: KeyError at test_mailbox.py:{_line_of_poison()}"
    ]


def _line_of_poison() -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if "raise KeyError(" in line)


def test_a_huge_mail_is_not_even_fetched(server: ImapServer, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", len(KNOWN) - 1)
    server.put(KNOWN)
    assert mailbox.read() == 0
    assert (read, server.flags()) == ([], [{r"\Flagged"}])


def test_a_round_ends_at_its_limit_and_when_asked(server: ImapServer, read: list[str]) -> None:
    server.put(KNOWN, KNOWN, KNOWN)
    assert [mailbox.read(limit=2), mailbox.read(stopping=lambda: True), mailbox.read()] == [2, 0, 1]


def test_without_the_database_a_mail_waits(server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(mail: EmailMessage) -> bool:
        raise OperationalError

    monkeypatch.setattr(incoming, "_readers", [lost])
    server.put(KNOWN)
    assert mailbox.look() == "OperationalError"
    assert server.flags() == [set()]


def test_a_mailbox_whose_certificate_nobody_vouches_for_is_told_no_password(
    server: ImapServer, read: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert mailbox.look() == "SSLCertVerificationError"
    settings.MAILBOX = _mailbox(server, "imap+starttls", server.port)
    assert mailbox.look() == "SSLCertVerificationError"


def test_trouble_is_named_and_never_raised(server: ImapServer, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.MAILBOX = _mailbox(server, "imaps", server.tls_port, "wrong")
    assert mailbox.look() == "LoginError"
    settings.MAILBOX = None
    assert mailbox.look() == ""
    settings.MAILBOX = _mailbox(server, "imaps", 1)
    tasks.read_mailbox()
    assert [record.getMessage() for record in caplog.records] == [
        "The mailbox cannot be read (ConnectionRefusedError)."
    ]


@pytest.mark.django_db
def test_the_command_looks_once(server: ImapServer, read: list[str], settings: Any) -> None:
    server.put(KNOWN)
    call_command("read_mailbox", once=True)
    assert read == ["known"]
    settings.MAILBOX = _mailbox(server, "imaps", 1)
    with pytest.raises(CommandError, match="ConnectionRefusedError"):
        call_command("read_mailbox", once=True)
    settings.MAILBOX = None
    with pytest.raises(CommandError, match="BUDDYING_IMAP_URL"):
        call_command("read_mailbox", once=True)


def test_the_loop_reads_what_comes_and_ends_when_asked(server: ImapServer, settings: Any) -> None:
    url = f"imaps://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.tls_port}/INBOX"
    process = subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "read_mailbox", "--every", "0.2"],
        env=os.environ | {"BUDDYING_IMAP_URL": url, "DJANGO_SETTINGS_MODULE": "buddying.settings"},
    )
    try:
        for count in (1, 2):
            server.put(STRANGE)
            wait_until(lambda count=count: server.flags() == [{r"\Flagged"}] * count)  # type: ignore[misc]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()


@pytest.mark.parametrize("value", ["imap://u:p@host/INBOX", "imaps://host/INBOX", "imaps://u@host", "mail"])
def test_an_address_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("THE_MAILBOX", value)
    with pytest.raises(environment.ImproperlyConfigured, match="imaps://user:password"):
        environment.imap("THE_MAILBOX")


def test_an_address_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_MAILBOX", "imaps://a%40b:p%2Fw@mail.example.org/Buddying")
    assert environment.imap("THE_MAILBOX") == {
        "host": "mail.example.org",
        "port": 993,
        "user": "a@b",
        "password": "p/w",
        "folder": "Buddying",
        "starttls": False,
    }
