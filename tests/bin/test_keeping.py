import os
import signal
import sys
from pathlib import Path

import pytest
from _stack import keeping
from _stack.keeping import Keeper
from _stack.ports import wait_until
from _stack.processes import Child
from _stack.speech import Trouble


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path)


def sleeper(name: str, log: Path) -> Child:
    return Child(name, [sys.executable, "-c", "import time; time.sleep(60)"], log, mark="time.sleep(60)")


def tend_until_running(keeper: Keeper, child: Child, ended: int) -> bool:
    def back() -> bool:
        for one in keeper.kept:
            keeper._tend(one)
        return child.is_running() and child.pid != ended

    return wait_until(back, 5)


def test_each_pause_is_twice_as_long_up_to_half_a_minute() -> None:
    assert [keeping.pause_after(ends) for ends in (1, 2, 3, 4, 7, 50)] == [0.5, 1, 2, 4, 30, 30]


def test_what_ends_is_started_again_and_said(
    keeper: Keeper, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keeping, "pause_after", lambda ends: 0.0)
    child = keeper.start(sleeper("worker", log))
    first = child.pid
    os.kill(first, signal.SIGKILL)
    assert tend_until_running(keeper, child, first)
    said = capsys.readouterr().out
    assert "worker was ended by SIGKILL; starting it again" in said
    assert f"worker runs again (process {child.pid})" in said
    keeper.stop_all()


def test_what_was_steady_for_a_while_starts_afresh(keeper: Keeper, log: Path) -> None:
    child = keeper.start(sleeper("worker", log))
    [one] = keeper.kept
    one.ends = 6
    one.started -= keeping.STEADY + 1
    child.stop()
    keeper._tend(one)
    assert one.ends == 1
    keeper.stop_all()


def test_what_does_not_start_is_trouble_with_its_last_words(
    keeper: Keeper, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "pause_after", lambda ends: 0.0)
    child = keeper.start(Child("web", ["sh", "-c", "echo no such module; exit 4"], log))
    with pytest.raises(Trouble) as trouble:
        keeper.wait_for(child, lambda: False, seconds=10)
    assert "web does not start: it ended with status 4" in trouble.value.what
    assert "no such module" in trouble.value.what
    assert str(log) in trouble.value.way_on


def test_on_a_full_disk_that_is_what_is_said(
    keeper: Keeper, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keeping, "free_megabytes", lambda folder: 0)
    child = keeper.start(Child("beat", ["false"], log))
    assert wait_until(lambda: not child.is_running(), 5)
    keeper._tend(keeper.kept[0])
    assert f"the disk of {log.parent} is full: free some space" in capsys.readouterr().out
    with pytest.raises(Trouble) as trouble:
        keeper.kept[0].ends = 3
        keeper.wait_for(child, lambda: False, seconds=5)
    assert trouble.value.way_on.startswith("free some space")


def test_a_pid_file_that_cannot_be_written_stops_nothing(keeper: Keeper, log: Path) -> None:
    keeper.run = log.parent / "nowhere"
    child = keeper.start(sleeper("worker", log))
    assert child.is_running()
    keeper.stop_all()


def test_what_never_answers_is_trouble(keeper: Keeper, log: Path) -> None:
    child = keeper.start(sleeper("web", log))
    with pytest.raises(Trouble, match="it does not answer after 0 s"):
        keeper.wait_for(child, lambda: False, seconds=0.1)
    keeper.stop_all()


def test_everything_ends_in_the_opposite_order_and_leaves_no_pid_file(
    keeper: Keeper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["postgres", "worker", "web"]
    children = [keeper.start(sleeper(name, tmp_path / f"{name}.log")) for name in names]
    assert {path.stem for path in tmp_path.glob("*.pid")} == set(names)
    keeper.stop_all()
    ended = [line.split("] ")[1].split()[0] for line in capsys.readouterr().out.splitlines()]
    assert ended == ["web", "worker", "postgres"]
    assert not any(child.is_running() for child in children)
    assert not list(tmp_path.glob("*.pid"))


def test_in_a_hurry_everything_but_the_database_is_forced(keeper: Keeper, tmp_path: Path) -> None:
    database, worker = (keeper.start(sleeper(name, tmp_path / f"{name}.log")) for name in ("postgres", "worker"))
    keeper.hurry()
    assert wait_until(lambda: not worker.is_running(), 5)
    assert database.is_running()
    keeper.stop_all()


def test_the_log_is_shown_from_where_it_stood_line_by_line(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text("of yesterday\n")
    tail = keeping.LogTail()
    tail.follow(Child("web", [], log))
    for added in ("first\nsec", "ond\n"):
        with open(log, "a") as file:
            file.write(added)
        tail.print_news()
    assert capsys.readouterr().out == "      web | first\n      web | second\n"
