"""The door for mail that comes in, and the webhook that leads to it."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from buddying import environment
from outbox import incoming
from outbox.views import incoming as views

MAIL = b"From: ben@example.org\r\nSubject: known\r\n\r\nyes\r\n"
URL, SECRET = "/incoming/mail/", "s" * 32


@pytest.fixture(autouse=True)
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    subjects: list[str] = []

    def reader(mail: EmailMessage) -> bool:
        subjects.append(str(mail["Subject"]))
        return bool(mail["Subject"] == "known")

    monkeypatch.setattr(incoming, "_readers", [])
    incoming.register(reader)
    incoming.register(reader)
    return subjects


def test_a_reader_is_asked_once_and_the_first_who_knows_is_enough(read: list[str]) -> None:
    incoming.register(lambda mail: pytest.fail("asked for nothing"))
    assert incoming.take(MAIL) is True
    assert read == ["known"]


def test_one_who_stumbles_takes_nothing() -> None:
    incoming._readers.insert(0, lambda mail: 1 // 0 == 0)
    assert incoming.take(MAIL) is False


def test_a_lost_database_is_no_fault_of_the_mail() -> None:
    def lost(mail: EmailMessage) -> bool:
        raise OperationalError

    incoming._readers.insert(0, lost)
    with pytest.raises(OperationalError):
        incoming.take(MAIL)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: f"Content-Type: {text}".encode()))
def test_nothing_that_comes_raises(raw: bytes) -> None:
    assert incoming.take(raw) is False


def test_mails_within_mails_without_end(read: list[str]) -> None:
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000))
    assert [incoming.take(deep), incoming.take(nested)] == [False, False]


# --- The webhook


def post(body: bytes = MAIL, secret: str | None = SECRET, **extra: Any) -> int:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    answer = Client(enforce_csrf_checks=True).post(URL, body, content_type="message/rfc822", headers=headers, **extra)
    return answer.status_code


@pytest.mark.django_db
def test_without_a_secret_in_the_settings_there_is_none(read: list[str]) -> None:
    assert [post(), post(secret=None), post(secret="")] == [404, 404, 404]
    assert read == []


def test_a_mail_is_handed_over(db: None, settings: Any, read: list[str]) -> None:
    settings.INCOMING_SECRET = SECRET
    assert [post(), post(MAIL.replace(b"known", b"other")), post(b" ")] == [204, 202, 202]
    assert read == ["known", "other", "None"]


def test_only_with_the_secret(db: None, settings: Any, read: list[str]) -> None:
    settings.INCOMING_SECRET = SECRET
    assert [post(secret=None), post(secret="t" * 32), post(secret=""), post(secret="é")] == [403] * 4
    assert Client().get(URL).status_code == 405
    assert read == []


def test_only_up_to_a_size(db: None, settings: Any, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settings.INCOMING_SECRET = SECRET
    monkeypatch.setattr(views, "MOST_BYTES", len(MAIL))
    assert [post(), post(MAIL + b"x"), post(CONTENT_LENGTH="")] == [204, 413, 413]
    assert read == ["known"]


def test_without_the_database_the_server_is_asked_to_come_again(db: None, settings: Any) -> None:
    def lost(mail: EmailMessage) -> bool:
        raise OperationalError

    settings.INCOMING_SECRET = SECRET
    incoming._readers.insert(0, lost)
    assert post() == 503


def test_a_short_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_SECRET", "short")
    with pytest.raises(environment.ImproperlyConfigured, match="openssl rand"):
        environment.secret("THE_SECRET")
    monkeypatch.setenv("THE_SECRET", "")
    assert environment.secret("THE_SECRET") == ""
