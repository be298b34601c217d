from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from outbox.kinds import Letter, kind_of
from outbox.models import Message


@pytest.fixture(autouse=True)
def quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due is a row; no test needs the broker to be told."""
    monkeypatch.setattr("buddying.nudge._try_to_enqueue", lambda *args: None)


@pytest.fixture
def letters_to() -> Callable[[str], list[Letter]]:
    """What was posted to an address, as it would be written now."""

    def read(address: str) -> list[Letter]:
        posted = Message.objects.filter(address=address).order_by("created_at")
        return [letter for message in posted if (letter := kind_of(message.kind).compose(message))]

    return read


@pytest.fixture
def code_sent_to(letters_to: Callable[[str], list[Letter]]) -> Callable[[str], str]:
    def read(address: str) -> str:
        found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letters_to(address)[-1].text)
        assert found, "the last mail holds no code"
        return found.group()

    return read
