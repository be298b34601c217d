"""The pure parts of bin/start and bin/test themselves."""

import errno
import os
import sys
from collections import deque
from pathlib import Path

import pytest
from _stack import browser, preparing, starting, testing
from _stack.folders import LOCK, Lock
from _stack.product import product
from _stack.speech import Trouble


def test_a_second_start_is_told_where_the_first_runs(tmp_path: Path) -> None:
    first = starting.take_lock(tmp_path)
    with pytest.raises(Trouble, match="and is just starting"):
        starting.take_lock(tmp_path)
    first.write(process="12", url="http://127.0.0.1:8000")
    with pytest.raises(Trouble) as trouble:
        starting.take_lock(tmp_path)
    assert "at http://127.0.0.1:8000 (process 12;" in trouble.value.what
    assert "--data DIR" in trouble.value.way_on
    first.release()


def test_a_full_disk_and_a_closed_folder_are_told_with_a_way_on() -> None:
    full = starting.trouble_of(OSError(errno.ENOSPC, "No space left on device", "/data/keys.json"))
    assert full.what == "the disk is full: /data/keys.json"
    closed = starting.trouble_of(PermissionError(errno.EACCES, "Permission denied", "/data"))
    assert closed.what == "Permission denied: /data"
    assert full.way_on
    assert closed.way_on


def test_only_long_logs_are_put_aside(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("x" * 11)
    (tmp_path / "beat.log").write_text("x" * 9)
    starting.shorten_logs(tmp_path, most=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["beat.log", "web.log.1"]


def test_the_web_server_starts_last_and_no_secret_is_on_a_command_line(tmp_path: Path) -> None:
    environment = {"BUDDYING_SMTP_URL": "smtp://127.0.0.1:2525", "BUDDYING_SECRET_KEY": "secret"}
    children = product(environment, tmp_path, tmp_path, 8000)
    assert [child.name for child in children] == ["mail", "worker", "outbox", "beat", "web"]
    assert not any("secret" in str(part) for child in children for part in child.argv)
    assert len({child.mark for child in children}) == 5


def test_a_new_or_changed_migration_breaks_the_seal(tmp_path: Path) -> None:
    folder = tmp_path / "outbox" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "roles.py").write_text("")
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    seen = [preparing.fingerprint(tmp_path)]
    for name, text in (("0001_initial.py", "a"), ("0001_initial.py", "b"), ("0002_more.py", "")):
        (folder / name).write_text(text)
        seen.append(preparing.fingerprint(tmp_path))
    (tmp_path / "requirements.txt").write_text("Django==5.2.20\n")
    seen.append(preparing.fingerprint(tmp_path))
    assert len(set(seen)) == 5
    assert preparing.fingerprint(tmp_path) == seen[-1]


def test_the_closing_line_of_pytest_is_found_in_any_colour() -> None:
    lines = ["collected 3 items\n", "\x1b[32m===== \x1b[1m3 passed\x1b[0m, 1 skipped in 0.12s =====\x1b[0m\n", "\n"]
    assert testing.closing_line(lines) == "3 passed, 1 skipped in 0.12s"
    assert testing.closing_line(["==== 2 failed, 1 passed in 61.50s (0:01:01) ====\n"]) == (
        "2 failed, 1 passed in 61.50s (0:01:01)"
    )
    assert testing.closing_line(["ERROR: usage\n"]) == ""


def test_every_gate_runs_and_one_that_fails_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    gates = [testing.Gate("bad", [sys.executable, "-c", "raise SystemExit(2)"]), testing.Gate("good", ["true"])]
    outcomes = [testing.run_gate(gate, os.environ) for gate in gates]
    assert [outcome.passed for outcome in outcomes] == [False, True]
    assert testing.summarise(outcomes) == 1
    assert testing.summarise(outcomes[1:]) == 0
    assert "FAILED" in capsys.readouterr().out


def test_what_a_gate_says_is_shown_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    heard: deque[str] = deque(maxlen=1)
    gate = testing.Gate("says", [sys.executable, "-c", "import os; print('one'); print(os.environ['WORD'])"])
    assert testing._call(gate, {**os.environ, "WORD": "two"}, heard) == 0
    assert list(heard) == ["two\n"]
    assert capsys.readouterr().out == "one\ntwo\n"


def test_folders_of_killed_runs_are_removed_and_those_of_others_kept(tmp_path: Path) -> None:
    stale, running, foreign = (tmp_path / f"{testing.PREFIX}a", tmp_path / f"{testing.PREFIX}b", tmp_path / "c")
    for folder in (stale, running, foreign):
        folder.mkdir()
        (folder / LOCK).write_text("")
    held = Lock(running / LOCK)
    testing.sweep(tmp_path)
    held.release()
    assert sorted(path.name for path in tmp_path.iterdir()) == [running.name, foreign.name]


def test_settings_of_another_product_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDDYING_SMTP_URL", "smtp://mail.example.org")
    environment = testing._own_environment()
    assert not [name for name in environment if name.startswith("BUDDYING_")]


def test_a_browser_that_was_named_is_used_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser.find_browser(sys.executable) == sys.executable
    monkeypatch.setenv("BUDDYING_CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(Trouble, match="which cannot be run"):
        browser.ensure_browser(tmp_path / "log")


def test_a_library_that_the_driver_lacks_is_named(tmp_path: Path) -> None:
    node = tmp_path / "node"
    said = f"{node}: error while loading shared libraries: libatomic.so.1: cannot open shared object file"
    node.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 127\n")
    node.chmod(0o755)
    assert browser.missing_library(node) == "libatomic.so.1"
    assert browser.missing_library(Path(sys.executable)) == ""


def test_no_browser_is_told_with_a_way_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUDDYING_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "find_browser", lambda given="": None)
    monkeypatch.setattr(browser.debian, "can_install", lambda: False)
    with pytest.raises(Trouble) as trouble:
        browser.ensure_browser(tmp_path / "log")
    assert "BUDDYING_CHROMIUM" in trouble.value.way_on
