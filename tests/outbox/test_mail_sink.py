from __future__ import annotations

import signal
import smtplib
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db  # only for the name of the database that the process is told

MAIL = b"Subject: Tomorrow\r\n\r\nAt nine.\r\n.\r\n"


def test_each_mail_becomes_a_file(start: Callable[..., subprocess.Popen[str]], settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"
    sink = start(settings.BASE_DIR / "manage.py", "run_mail_sink", "--port", "0", "--folder", str(folder))
    assert sink.stdout is not None
    said = sink.stdout.readline()
    assert said.startswith("Taking mail on 127.0.0.1:")
    port = int(said.split(":")[1].split(";")[0])
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(3):
            line.sendmail("buddying@localhost", ["ada@example.org"], MAIL)
        sink.send_signal(signal.SIGTERM)  # while a line is still open
        assert sink.wait(20) == 0
    files = sorted(folder.iterdir())
    assert [file.name.rpartition("-")[2] for file in files] == ["1.eml", "2.eml", "3.eml"]
    assert {file.read_bytes() for file in files} == {MAIL}


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            call_command("run_mail_sink", port=port, folder=tmp_path)


def test_it_does_not_run_in_production(settings: Any, tmp_path: Path) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="BUDDYING_SMTP_URL"):
        call_command("run_mail_sink", port=0, folder=tmp_path)
