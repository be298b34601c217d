from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from outbox.sink import write_whole

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.buddying.demo_urls")]
NAME = "20261120T095950.415779Z-1"  # as the sink names what it takes


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_FOLDER = tmp_path
    return tmp_path


def arrives(folder: Path, name: str, to: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"], mail["Date"] = to, subject, "Fri, 20 Nov 2026 09:59:50 +0000"
    mail.set_content(text)
    write_whole(folder / f"{name}.eml", bytes(mail))


def test_an_empty_mailbox_says_what_will_fill_it(folder: Path) -> None:
    assert "No mail yet" in Client().get("/demo/mail/").content.decode()


def test_a_code_is_found_by_address_and_read(folder: Path) -> None:
    arrives(folder, NAME, "ada@demo.example", "Your code", "482-913")
    arrives(folder, NAME.replace("-1", "-2"), "ben@demo.example", "Another", "x")
    page = Client().get("/demo/mail/", {"to": "ADA"}).content.decode()
    assert f"/demo/mail/{NAME}/" in page
    assert "Another" not in page
    assert "482-913" in Client().get(f"/demo/mail/{NAME}/").content.decode()


@pytest.mark.parametrize("name", ["nothing", "..", "..%2F..%2Fetc%2Fpasswd"])
def test_only_mail_of_the_folder_is_read(folder: Path, name: str) -> None:
    assert Client().get(f"/demo/mail/{name}/").status_code == 404
