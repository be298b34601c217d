from __future__ import annotations

import os
from typing import Any

import pytest

from buddying import checks


@pytest.fixture(autouse=True)
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRODUCTION, settings.MODE = True, "production"
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://buddies.example.org", ["buddies.example.org"]
    settings.CONTENT_KEYS = {"k1": os.urandom(31) + b"\xff"}
    settings.EMAIL_HOST, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = "mail.example.org", True, False
    settings.REDIS_URL = "redis://:secret@redis.example.org:6379/0"
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.example.org")
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "secret")


ALL = (
    checks.hosts_are_named,
    checks.keys_are_random,
    checks.mail_is_encrypted,
    checks.servers_ask_for_a_password,
    checks.the_mode_is_production,
)


def found() -> list[str | None]:
    return [message.id for check in ALL for message in check()]


def test_a_good_set_up_is_left_in_peace() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ALLOWED_HOSTS", ["*"], "buddying.E001"),
        ("BASE_URL", "https://elsewhere.example.org", "buddying.E002"),
        ("CONTENT_KEYS", {"k1": b"0123456789abcdef0123456789abcdef"}, "buddying.E003"),
        ("CONTENT_KEYS", {"k1": bytes(32)}, "buddying.E003"),
        ("EMAIL_USE_SSL", False, "buddying.W001"),
        ("REDIS_URL", "redis://redis.example.org:6379/0", "buddying.W003"),
        ("PRODUCTION", False, "buddying.E004"),
    ],
)
def test_what_is_unsafe_is_named(settings: Any, name: str, value: Any, expected: str) -> None:
    setattr(settings, name, value)
    assert found() == [expected]


def test_a_mail_server_on_this_machine_needs_no_encryption(settings: Any) -> None:
    settings.EMAIL_USE_SSL, settings.EMAIL_HOST = False, "localhost"
    assert found() == []
