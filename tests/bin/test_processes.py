import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from _stack import processes
from _stack.ports import wait_until
from _stack.processes import Child, Leftover

BIN = Path(__file__).resolve().parents[2] / "bin"
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def sleeper(log: Path) -> Iterator[Child]:
    child = Child("sleeper", SLEEP, log, mark="time.sleep(60)")
    child.start()
    wait_until(lambda: "sleep" in processes.command_line(child.pid), 5)
    yield child
    child.stop()


def note(folder: Path, name: str, **changed: object) -> Path:
    path = folder / f"{name}.pid"
    path.write_text(json.dumps({"pid": 1, "mark": "x", "signal": int(signal.SIGTERM)} | changed))
    return path


def test_a_child_ends_when_asked(sleeper: Child) -> None:
    assert sleeper.is_running()
    assert sleeper.stop()
    assert not sleeper.is_running()
    assert sleeper.how_it_ended() == "was ended by SIGTERM"


def test_a_child_that_does_not_listen_is_forced(log: Path) -> None:
    child = Child("deaf", DEAF, log, patience=0.2)
    child.start()
    assert wait_until(lambda: child.last_words() == "deaf", 5)
    assert not child.stop()
    assert child.how_it_ended() == "was ended by SIGKILL"


def test_what_a_child_started_ends_with_it(log: Path) -> None:
    child = Child("parent", ["sh", "-c", "sleep 60 & echo $!; exit 3"], log)
    child.start()
    assert wait_until(lambda: not child.is_running(), 5)
    grandchild = int(child.last_words())
    assert child.how_it_ended() == "ended with status 3"
    assert wait_until(lambda: "sleep" in processes.command_line(grandchild), 5)
    child.stop()
    assert wait_until(lambda: not processes.command_line(grandchild), 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has ended")
def test_a_killed_parent_takes_its_children_with_it(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from _stack.processes import Child\n"
        f"child = Child('sleeper', {SLEEP!r}, Path({str(tmp_path / 'log')!r})); child.start()\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=BIN, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert processes.command_line(child)
    parent.kill()
    parent.communicate()
    assert wait_until(lambda: not processes.command_line(child), 5)


def test_a_process_that_a_killed_run_left_behind_is_found_and_ended(tmp_path: Path, sleeper: Child) -> None:
    processes.write_pid_file(tmp_path, sleeper)
    [left] = processes.leftovers(tmp_path)
    assert (left.name, left.pid) == ("sleeper", sleeper.pid)
    processes.end_leftover(left)
    assert not left.is_running()
    assert processes.leftovers(tmp_path) == []
    assert not list(tmp_path.glob("*.pid"))


def test_another_program_with_the_same_number_is_left_alone(tmp_path: Path, sleeper: Child) -> None:
    path = note(tmp_path, "outbox", pid=sleeper.pid, mark="manage.py run_outbox")
    assert processes.leftovers(tmp_path) == []
    assert not path.exists()
    assert sleeper.is_running()


def test_pid_files_that_name_nothing_are_removed(tmp_path: Path) -> None:
    note(tmp_path, "ended", pid=2**22 + 1, mark="python")
    note(tmp_path, "unmarked", pid=os.getpid(), mark="")
    (tmp_path / "damaged.pid").write_text("{")
    (tmp_path / "empty.pid").write_text("")
    (tmp_path / "odd.pid").write_text("[1]")
    assert processes.leftovers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_leftover_that_has_just_ended_is_no_trouble() -> None:
    processes.end_leftover(Leftover("ended", 2**22 + 1, "python", int(signal.SIGTERM)))


def test_a_process_that_has_ended_has_no_command_line() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    time.sleep(0.01)
    assert wait_until(lambda: not processes.command_line(ended.pid), 5)
    ended.wait()
    assert sys.executable in processes.command_line(os.getpid()) or "python" in processes.command_line(os.getpid())


def test_the_last_words_are_the_last_lines_with_something_in_them(log: Path) -> None:
    assert processes.tail(log, 2) == ""
    log.write_text("one\n\ntwo\n  \nthree\n\n")
    assert processes.tail(log, 2) == "two\nthree"
