"""The product as it runs for people: its processes, a database, a Redis and a mail sink, all of the test's own."""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _stack.ports import LOOPBACK, answers, free_port
from _stack.processes import Child, end_group
from _stack.redis import Broker, find_binary
from pytest_django.plugin import DjangoDbBlocker

from tests.browser import databases
from tests.browser.mailbox import Mailbox

ROOT = Path(__file__).resolve().parents[2]

CLOCK = Path(__file__).parent / "clock"
MANAGE = databases.MANAGE
EVERYTHING = ("redis", "mail", "worker", "outbox", "beat", "web")
FOLLOW_THE_CLOCK = ("worker", "outbox", "beat", "web")
PATIENCE = 60.0


@dataclass
class Product:
    """``folder`` takes logs, mail and what Redis keeps."""

    folder: Path
    database: str
    blocker: DjangoDbBlocker
    children: dict[str, Child] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    host: str = LOOPBACK
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mail = Mailbox(self.folder / "mail")
        (self.folder / "log").mkdir()
        (self.folder / "mail").mkdir()
        self.ports = {"web": free_port(), "mail": free_port(), "redis": free_port()}
        self.broker = Broker(find_binary(), self.folder / "redis", "of-the-tests", self.log("redis"))

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.ports['web']}"

    def now(self) -> datetime:
        """By the product's clock."""
        return datetime.now(UTC) + self.ahead

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    @contextmanager
    def models(self) -> Iterator[None]:
        with databases.models_over(self.database, self.blocker):
            yield

    # -- starting and ending ---------------------------------------------------------------------

    def start(self, *names: str) -> None:
        for name in names or EVERYTHING:
            self.children[name] = self._child(name)
            self.children[name].start()
        for name in names or EVERYTHING:
            self.wait_until(self._ready.get(name, lambda: True), f"the {name} process answers", name)

    def start_what_is_missing(self) -> None:
        if missing := [name for name in EVERYTHING if name not in self.children]:
            self.start(*missing)

    def stop(self, *names: str) -> None:
        """Politely, and all at once."""
        ending = [self.children[name] for name in names if name in self.children]
        for child in ending:
            if child.process and child.is_running():
                child.process.send_signal(child.stop_signal)
        for child in ending:
            child.stop()
            del self.children[child.name]

    def kill(self, name: str) -> None:
        """As a power cut would: without a word, with everything that it started."""
        child = self.children.pop(name)
        end_group(child.pid)
        assert child.process
        child.process.wait()

    def end(self) -> None:
        for child in self.children.values():
            with suppress(ProcessLookupError):
                end_group(child.pid)
        for child in self.children.values():
            if child.process:
                child.process.wait()

    def turn_the_clock_to(self, moment: datetime) -> None:
        """Processes read the clock anew when they start, so they start anew. Never back: beat would stand still."""
        assert moment > self.now(), "the clock only goes forward"
        running = [name for name in FOLLOW_THE_CLOCK if name in self.children]
        self.stop(*running)
        self.ahead = moment - datetime.now(UTC)
        self.start(*running)

    def wait_until(self, ready: Callable[[], bool], what: str, name: str = "", seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            child = self.children.get(name)
            ended = child is not None and not child.is_running()
            assert not ended, f"{name} {child.how_it_ended()}:\n{child.last_words(20)}"  # type: ignore[union-attr]
            assert time.monotonic() < deadline, f"after {seconds:.0f} s it was not so that {what}"
            time.sleep(0.05)

    # -- the processes ---------------------------------------------------------------------------

    @property
    def _ready(self) -> dict[str, Callable[[], bool]]:
        return {
            "redis": lambda: self.broker.is_ready(self.ports["redis"]),
            "mail": lambda: answers(self.ports["mail"]),
            "web": self.is_healthy,
        }

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _child(self, name: str) -> Child:
        if name == "redis":
            return self.broker.child(self.ports["redis"])
        python, celery = [sys.executable], [sys.executable, "-m", "celery", "-A", "buddying"]
        bind = f"{LOOPBACK}:{self.ports['web']}"
        commands: dict[str, list[str | Path]] = {
            "mail": [*python, MANAGE, "run_mail_sink", "--port", str(self.ports["mail"]), "--folder", self.mail.folder],
            "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "1", "--without-mingle"],
            "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", self.folder / "beat-schedule"],
            "outbox": [*python, MANAGE, "run_outbox"],
            "web": [*python, "-m", "gunicorn", "buddying.wsgi:application", "--bind", bind, "--threads", "4",
                    "--graceful-timeout", "2", "--no-control-socket"],
        }  # fmt: skip
        return Child(name, commands[name], self.log(name), self._environment(), ROOT, patience=5)

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "buddying.settings",
            "DATABASE_URL": databases.url_of(self.database),
            "REDIS_URL": self.broker.url(self.ports["redis"]),
            "BUDDYING_MODE": "demo",
            "BUDDYING_DATA": str(self.folder),
            "BUDDYING_BASE_URL": self.url,
            "BUDDYING_SMTP_URL": f"smtp://{LOOPBACK}:{self.ports['mail']}",
            "BROWSER_TESTS_CLOCK_AHEAD": str(self.ahead.total_seconds()),
            "PYTHONPATH": str(CLOCK),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }
