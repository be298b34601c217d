from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from outbox import reconciling, tasks
from outbox.management.commands.run_outbox import Command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_reconcilers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_reconcilers", [])


def test_each_runs_once_and_one_that_fails_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def put_back_reminders() -> None:
        ran.append("reminders")
        raise KeyError("ada@example.org")

    def put_back_prompts() -> None:
        ran.append("prompts")

    for function in (put_back_reminders, put_back_prompts, put_back_prompts):
        reconciling.register(function)
    tasks.reconcile()
    assert ran == ["reminders", "prompts"]
    assert "put_back_reminders failed: KeyError at test_reconciling.py" in caplog.text
    assert "ada@example.org" not in caplog.text


def by_another_process() -> bool:
    """On a connection of its own."""

    def run() -> bool:
        try:
            return bool(Command()._put_back())
        finally:
            connection.close()

    with ThreadPoolExecutor() as other:
        return other.submit(run).result(timeout=20)


def test_one_at_a_time_and_nobody_waits() -> None:
    ran: list[str] = []

    def put_back() -> None:
        ran.append("begun")
        if len(ran) == 1:
            ran.append(f"done by another: {by_another_process()}")

    reconciling.register(put_back)
    assert reconciling.run_all()
    assert ran == ["begun", "done by another: False"]
    assert by_another_process()
    assert ran == ["begun", "done by another: False", "begun"]


def test_after_a_failure_the_next_can_do_it() -> None:
    def put_back() -> None:
        raise KeyError

    reconciling.register(put_back)
    assert [reconciling.run_all(), by_another_process()] == [True, True]
