from __future__ import annotations

import asyncio
import os
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.contrib.auth import get_user_model
from django.db import connection

from outbox import kinds
from outbox.kinds import Kind, Letter
from outbox.models import Message
from outbox.posting import post

NINE = datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
DROP_THE_LINE = "drop the line"


@dataclass(frozen=True)
class Received:
    to: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


class Sink:
    """A mail server that keeps what arrives and answers as it is told to; else it takes everything."""

    def __init__(self) -> None:
        self.arrived: list[Received] = []
        self.taken: list[Received] = []
        self.connections = 0
        self.asked_for: list[dict[str, str]] = []
        self.answers: dict[str, deque[str]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.something_arrived = threading.Event()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        received = Received(list(envelope.rcpt_tos), bytes(envelope.original_content or b""))
        self.arrived.append(received)
        self.something_arrived.set()
        await asyncio.to_thread(self.may_answer.wait, 30)
        answer = self._answer("DATA")
        if answer == DROP_THE_LINE:
            server.transport.abort()
        elif answer.startswith("250"):
            self.taken.append(received)
        return answer

    def _answer(self, verb: str) -> str:
        return self.answers[verb].popleft() if self.answers[verb] else "250 OK"


def words(part: Any) -> str:
    return part.get_content().replace("\r\n", "\n")


def wait_until(true: Callable[[], Any], seconds: float = 20) -> Any:
    """What ``true`` says once it says something; for what another process is about to do."""
    give_up_at = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < give_up_at, "waited in vain"
        threading.Event().wait(0.02)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.connections = 0
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield sink
    sink.may_answer.set()
    controller.stop()


class ReportingServer(SMTP):
    """Offers to write delivery reports, as RFC 3461 says (DSN)."""

    async def _call_handler_hook(self, command: str, *args: Any) -> Any:
        answer = await super()._call_handler_hook(command, *args)
        return [answer[0], "250-DSN", *answer[1:]] if command == "EHLO" else answer

    def _getparams(self, params: Any) -> Any:
        found = super()._getparams(params) or {}
        if asked_for := {name: found.pop(name) for name in ("RET", "ENVID") if name in found}:
            self.event_handler.asked_for.append(asked_for)
        return found


class ReportingController(Controller):
    def factory(self) -> SMTP:
        return ReportingServer(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def reporting_sink(settings: Any) -> Iterator[Sink]:
    sink = Sink()
    controller = ReportingController(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield sink
    controller.stop()


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


@pytest.fixture
def no_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})


@pytest.fixture
def register(no_kinds: None) -> Callable[..., Kind]:
    """Register a kind that writes the same letter each time, or what the test wants it to do."""

    def register(
        compose: Callable[[Message], Letter | None] | None = None, name: str = "reminder", **fields: Any
    ) -> Kind:
        kind = Kind(name, "Reminder", compose or (lambda message: Letter("Tomorrow", "At nine.\n")), **fields)
        kinds.register(kind)
        return kind

    return register


@pytest.fixture
def start(settings: Any) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python script on this test's database and mail server; it is killed with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(script: Path, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | _environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _environment(settings: Any) -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "DATABASE_URL": url.geturl(),
        "BUDDYING_SMTP_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
        "PGAPPNAME": "sender",
    }


@pytest.fixture
def sender_script() -> Path:
    return Path(__file__).parent / "sender.py"


@pytest.fixture
def invitation(no_kinds: None, sender_script: Path) -> Kind:
    """The kind that the script registers in its own process, in this one too."""
    kind: Kind = runpy.run_path(str(sender_script))["INVITATION"]
    kinds.register(kind)
    return kind


@pytest.fixture
def ada(db: None) -> Any:
    return get_user_model().objects.create(email="ada@example.org", name="Ada", time_zone="Europe/London")


@pytest.fixture
def ben(db: None) -> Any:
    return get_user_model().objects.create(email="ben@example.org", name="Ben", time_zone="America/New_York")


@pytest.fixture
def posted(ada: Any) -> Callable[..., Message]:
    """A reminder for Ada that is due at nine."""

    def posted(key: str = "reminder:1", **fields: Any) -> Message:
        fields = {"to": ada, "due_at": NINE} | fields
        post("reminder", key=key, **fields)
        return Message.objects.get(key=key)

    return posted
