"""Starting a process with a log, ending it politely, and finding one that a killed run left behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from _stack.accounts import Account
from _stack.ports import wait_until

Handler = Callable[[int, FrameType | None], Any] | signal.Handlers

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """One process in a session of its own, so that Ctrl-C reaches us and we end it in our order.

    Start it from the main thread: on Linux it is told to stop when the thread that started it ends.
    `mark` is a piece of its command line by which a later run recognises it.
    """

    name: str
    argv: Sequence[str | Path]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10
    mark: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(self.stop_signal),
                **as_account(self.account),
            )

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def how_it_ended(self) -> str:
        code = self.process.poll() if self.process else None
        if code is None:
            return "is running"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def stop(self) -> bool:
        """Ends it and whatever it started. False when it had to be forced."""
        if self.process is None:
            return True
        polite = True
        if self.is_running():
            self.process.send_signal(self.stop_signal)
            polite = wait_until(lambda: not self.is_running(), self.patience)
        end_group(self.pid)
        self.process.wait()
        return polite

    def last_words(self, lines: int = 1) -> str:
        return tail(self.log, lines)


def die_with_parent(stop_signal: signal.Signals) -> None:
    """On Linux, has the process that calls it receive a signal when its parent ends, however that ends."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal))


def interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def on_a_request_to_stop(handler: Handler) -> None:
    """What Ctrl-C, a polite kill and a closed terminal do."""
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, handler)


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments of subprocess that run a command as that account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def end_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def tail(log: Path, lines: int) -> str:
    try:
        text = log.read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return ""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


def command_line(pid: int) -> str:
    """The command line of a running process; empty when there is none, or when it waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        if sys.platform == "linux":
            return ""
    seen = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return seen.stdout.strip()


def write_pid_file(folder: Path, child: Child) -> None:
    note = {"pid": child.pid, "mark": child.mark, "signal": int(child.stop_signal)}
    (folder / f"{child.name}.pid").write_text(json.dumps(note))


@dataclass(frozen=True)
class Leftover:
    name: str
    pid: int
    mark: str
    stop_signal: int

    def is_running(self) -> bool:
        return bool(self.mark) and self.mark in command_line(self.pid)


def leftovers(folder: Path) -> list[Leftover]:
    """Processes of an earlier run that are still there. Pid files that name nothing of ours are removed."""
    found = [left for path in sorted(folder.glob("*.pid")) if (left := _read_pid_file(path))]
    running = [left for left in found if left.is_running()]
    kept = {left.name for left in running}
    for path in folder.glob("*.pid"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)
    return running


def _read_pid_file(path: Path) -> Leftover | None:
    try:
        note = json.loads(path.read_text())
        return Leftover(path.stem, int(note["pid"]), str(note["mark"]), int(note["signal"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def end_leftover(left: Leftover, patience: float = 5) -> None:
    """Asks, waits, and then forces. It is no child of ours, so all we can do is look."""
    try:
        os.kill(left.pid, left.stop_signal)
    except ProcessLookupError:
        return
    wait_until(lambda: not left.is_running(), patience)
    end_group(left.pid)
    wait_until(lambda: not left.is_running(), 5)


def adopt_orphans() -> None:
    """On Linux, a process whose parent ends becomes our child, so that end_orphans() finds it."""
    if _libc:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_orphans(patience: float = 5) -> list[str]:
    """Ends every child that we still have, and says what they were."""
    seen: dict[int, str] = {}
    until = time.monotonic() + patience
    while children := [pid for pid in _children() if command_line(pid)]:
        forced = time.monotonic() >= until
        for pid in children:
            if forced or pid not in seen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if forced else signal.SIGTERM)
            seen.setdefault(pid, command_line(pid))
        time.sleep(0.1)
    return list(seen.values())


def _children() -> list[int]:
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in text.split()]
