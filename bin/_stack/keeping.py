"""Keeps children alive: starts them in order, starts again what ends, ends them in the opposite order."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from _stack.folders import free_megabytes
from _stack.processes import Child, end_group, end_leftover, leftovers, write_pid_file
from _stack.speech import Trouble, say, tell

TICK = 0.1
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds alive after which a child's earlier ends are forgotten


def pause_after(ends: int) -> float:
    """Seconds until the next start: half a second after the first end, then twice as long each time."""
    return float(min(LONGEST_PAUSE, 0.5 * 2 ** min(ends - 1, 10)))


@dataclass
class Kept:
    child: Child
    before_start: Callable[[], None]
    ends: int = 0
    started: float = 0.0
    due: float | None = None  # when to start it again


class Keeper:
    def __init__(self, run: Path, verbose: bool = False) -> None:
        self.run = run
        self.kept: list[Kept] = []
        self.show = LogTail() if verbose else None

    def end_leftovers(self) -> None:
        for left in leftovers(self.run):
            say(f"Ending the {left.name} that a killed run left behind (process {left.pid})")
            end_leftover(left)
        leftovers(self.run)

    def start(self, child: Child, before_start: Callable[[], None] = lambda: None) -> Child:
        one = Kept(child, before_start)
        self.kept.append(one)
        if self.show:
            self.show.follow(child)
        self._launch(one)
        return child

    def wait_for(self, child: Child, ready: Callable[[], bool], seconds: float) -> None:
        """Until it is ready. A child that ends before is started again twice; then it is trouble."""
        one = next(one for one in self.kept if one.child is child)
        until = time.monotonic() + seconds
        while not ready():
            if not child.is_running():
                self._again_or_give_up(one)
            elif time.monotonic() > until:
                raise _does_not_start(child, f"it does not answer after {seconds:.0f} s")
            self.look()
            time.sleep(TICK / 2)

    def _again_or_give_up(self, one: Kept) -> None:
        one.ends += 1
        if one.ends > 2:
            raise _does_not_start(one.child, f"it {one.child.how_it_ended()}")
        time.sleep(pause_after(one.ends))
        self._launch(one)

    def watch(self) -> None:
        """For as long as we run."""
        while True:
            self.look()
            for one in self.kept:
                self._tend(one)
            time.sleep(TICK)

    def look(self) -> None:
        if self.show:
            self.show.print_news()

    def _tend(self, one: Kept) -> None:
        now = time.monotonic()
        if one.due is not None:
            if now >= one.due:
                self._launch(one)
        elif not one.child.is_running():
            one.ends = 1 if now - one.started > STEADY else one.ends + 1
            pause = pause_after(one.ends)
            one.due = now + pause
            what = f"{one.child.name} {one.child.how_it_ended()}"
            say(f"{what}; starting it again in {pause:g} s{_reason(one.child)}")

    def _launch(self, one: Kept) -> None:
        again = one.child.process is not None
        one.due = None
        one.child.stop()
        one.before_start()
        one.started = time.monotonic()
        one.child.start()
        with suppress(OSError):  # it only helps the next start; on a full disk we go on without
            write_pid_file(self.run, one.child)
        if again:
            say(f"{one.child.name} runs again (process {one.child.pid})")

    def stop_all(self) -> None:
        """In the opposite order, so that nobody loses what it still leans on."""
        for one in reversed(self.kept):
            if one.child.is_running():
                self._stop(one.child)
            else:
                one.child.stop()
            (self.run / f"{one.child.name}.pid").unlink(missing_ok=True)
        self.kept.clear()

    def hurry(self) -> None:
        """Forces everything but PostgreSQL, which is never long."""
        for one in self.kept:
            if one.child.is_running() and one.child.name != "postgres":
                end_group(one.child.pid)

    def _stop(self, child: Child) -> None:
        since = time.monotonic()
        polite = child.stop()
        how = "ended" if polite else f"did not end within {child.patience:g} s and was forced"
        say(f"  {child.name} {how} ({time.monotonic() - since:.1f} s)")


def _does_not_start(child: Child, why: str) -> Trouble:
    full = _disk_is_full(child)
    what = f"{child.name} does not start: {why}{_reason(child) if full else ''}. Its last words:"
    way_on = "free some space" if full else f"read {child.log}"
    return Trouble(f"{what}\n{child.last_words(8)}", f"{way_on}, and start again")


def _disk_is_full(child: Child) -> bool:
    return free_megabytes(child.log.parent) < 2


def _reason(child: Child) -> str:
    if _disk_is_full(child):
        return f"; the disk of {child.log.parent} is full: free some space"
    if child.process and child.process.returncode == -signal.SIGKILL:
        return ""  # its log knows nothing of that
    return f"; see {child.log}"


class LogTail:
    """Prints what is added to the children's logs."""

    def __init__(self) -> None:
        self.places: dict[Path, tuple[str, int]] = {}

    def follow(self, child: Child) -> None:
        size = child.log.stat().st_size if child.log.exists() else 0
        self.places[child.log] = (child.name, size)

    def print_news(self) -> None:
        for log, (name, place) in self.places.items():
            with open(log, "rb") as file:
                file.seek(place)
                lines, separator, _ = file.read().rpartition(b"\n")
            if separator:
                self.places[log] = (name, place + len(lines) + 1)
                for line in lines.decode(errors="replace").splitlines():
                    tell(f"{name:>9} | {line}")
