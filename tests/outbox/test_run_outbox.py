"""The loop as a process of its own: killed, asked to end, left without a database."""

from __future__ import annotations

import runpy
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from outbox import digests, kinds, reconciling
from outbox.delivery import drain
from outbox.management.commands.run_outbox import Command
from outbox.models import LEASE, MailChoices, Message
from outbox.posting import post
from tests.outbox.conftest import Sink, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("invitation")]

Start = Callable[..., subprocess.Popen[str]]


def test_once_puts_back_what_is_missing_and_sends_it(sink: Sink, ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_reconcilers", [])
    reconciling.register(lambda: post("invitation", key="invitation:1", to=ada))
    call_command("run_outbox", once=True)
    assert len(sink.taken) == 1


def test_mail_comes_before_upkeep(sink: Sink, ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(reconciling, "_reconcilers", [lambda: seen.append(len(sink.taken))])
    post("invitation", key="invitation:1", to=ada)
    call_command("run_outbox", once=True)
    assert seen == [1]


def test_a_killed_sender_loses_nothing_and_the_second_copy_is_the_first(
    sink: Sink, start: Start, sender_script: Path, ada: Any
) -> None:
    post("invitation", key="invitation:1", to=ada)
    sink.may_answer.clear()
    sender = start(sender_script, "--once")
    assert sink.something_arrived.wait(30)
    sender.send_signal(signal.SIGKILL)
    assert sender.wait(20) == -signal.SIGKILL
    sink.may_answer.set()

    assert Message.objects.get().claim_token is not None
    assert drain(at=timezone.now()) == 0
    wait_until(lambda: drain(at=timezone.now() + LEASE) == 1)
    first, second = sink.arrived
    assert first.content == second.content
    assert second.mail["Message-ID"] == f"<{Message.objects.sent().get().id}@localhost>"


def test_a_killed_sender_of_a_daily_mail_loses_nothing_and_tells_nothing_twice(
    sink: Sink, start: Start, sender_script: Path, ada: Any
) -> None:
    kinds.register(runpy.run_path(str(sender_script))["NUDGE"])
    digests.register_kind()
    MailChoices.objects.create(person=ada, nudges="daily")
    for n in (1, 2, 3):
        post("nudge", key=f"nudge:{n}", to=ada, due_at=timezone.now() - timedelta(minutes=4 - n))
    assert drain() == 0
    Message.objects.filter(kind="digest").update(next_try_at=timezone.now())
    sink.may_answer.clear()
    sender = start(sender_script, "--once")
    assert sink.something_arrived.wait(30)
    sender.send_signal(signal.SIGKILL)
    assert sender.wait(20) == -signal.SIGKILL
    sink.may_answer.set()

    assert Message.objects.sent().count() == 0
    wait_until(lambda: drain(at=timezone.now() + LEASE) == 1)
    first, second = sink.arrived
    assert first.content == second.content
    assert first.mail["Subject"] == "About nudge:1, and 2 more"
    assert sorted(Message.objects.sent().values_list("kind", flat=True)) == ["digest", "nudge", "nudge", "nudge"]


def test_asked_to_end_it_finishes_the_message_in_hand(sink: Sink, start: Start, sender_script: Path, ada: Any) -> None:
    for n in (1, 2):
        post("invitation", key=f"invitation:{n}", to=ada, due_at=timezone.now() - timedelta(minutes=3 - n))
    sink.may_answer.clear()
    sender = start(sender_script)
    assert sink.something_arrived.wait(30)
    sender.send_signal(signal.SIGTERM)
    sink.may_answer.set()
    assert sender.wait(20) == 0
    assert (Message.objects.sent().get().key, Message.objects.due().get().key) == (
        "invitation:1",
        "invitation:2",
    )


def test_a_resting_loop_ends_at_once(sink: Sink, start: Start, sender_script: Path, ada: Any) -> None:
    post("invitation", key="invitation:1", to=ada)
    sender = start(sender_script, "--every", "3600")
    wait_until(lambda: sink.taken)
    sender.send_signal(signal.SIGTERM)
    assert sender.wait(20) == 0


class Database:
    """This test's database: lost to everybody but the test itself, and given back."""

    def lose(self) -> None:
        self._allow_connections(False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'sender'"
            )

    def give_back(self) -> None:
        self._allow_connections(True)

    def _allow_connections(self, allow: bool) -> None:
        # From outside: nobody may lock the door of the database that they are in.
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")


@pytest.fixture
def database(db: None) -> Iterator[Database]:
    database = Database()
    yield database
    database.give_back()


def test_a_loss_is_said_once_and_so_is_the_return(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    command, lost = Command(), iter([True, True, False, False, True])

    def work(self: Command) -> None:
        if next(lost):
            raise OperationalError

    monkeypatch.setattr(Command, "_work", work)
    for _ in range(5):
        command._look()
    said = [record.getMessage().split(" (")[0] for record in caplog.records]
    assert said == ["The database cannot be reached", "The database is back.", "The database cannot be reached"]


def test_once_without_a_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Command, "_work", Mock(side_effect=OperationalError))
    with pytest.raises(CommandError, match="database"):
        call_command("run_outbox", once=True)


def test_it_survives_a_lost_database(
    sink: Sink, start: Start, sender_script: Path, ada: Any, database: Database
) -> None:
    post("invitation", key="invitation:1", to=ada)
    sender = start(sender_script, "--every", "0.2")
    assert sender.stderr is not None
    wait_until(lambda: len(sink.taken) == 1)
    database.lose()
    assert "The database cannot be reached (OperationalError); trying again." in sender.stderr.readline()
    post("invitation", key="invitation:2", to=ada)
    database.give_back()
    assert "The database is back." in sender.stderr.readline()
    wait_until(lambda: len(sink.taken) == 2)
    sender.send_signal(signal.SIGTERM)
    assert sender.wait(20) == 0
