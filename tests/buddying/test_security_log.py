from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from buddying.models import Person

LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


def said(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.name == "buddying.security"]


def test_log_ins_and_wrong_codes_are_logged_by_number(
    client: Client, ada: Person, code_sent_to: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client.post(LOGIN, {"email": "ada@example.org"})
    client.post(CONFIRM, {"code": "AAAA-AAAA"})
    client.post(CONFIRM, {"code": code_sent_to("ada@example.org")})
    Client().post(LOGIN, {"email": "nobody@example.org"})
    assert said(caplog) == [f"wrong code for person {ada.pk}", f"log-in of person {ada.pk} by code"]
    assert "ada@example.org" not in caplog.text


def test_limits_reached_are_logged(client: Client, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"door": "1/m/ip"}
    for _ in range(2):
        client.get("/join/a-guess/")
    assert said(caplog) == ["too many tries at /join"]
