from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from buddying.views import health


@pytest.fixture(autouse=True)
def servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ask_redis", lambda: None)


def away() -> None:
    raise OperationalError("no")


def test_all_is_well(client: Client, db: None) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "redis": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_redis_may_be_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.undo()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "redis": "away"})


def test_without_the_database_nothing_works(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ask_database", away)
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"database": "away", "redis": "ok"})
