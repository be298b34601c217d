from __future__ import annotations

import pytest

from outbox import reconciling, tasks


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
