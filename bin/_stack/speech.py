"""Telling the person at the terminal what happens, and what to do when it does not."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_began = time.monotonic()


class Trouble(Exception):
    """Something that stops us. `way_on` says what the person can do about it."""

    def __init__(self, what: str, way_on: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.way_on = way_on


def say(text: str) -> None:
    tell(f"[{time.monotonic() - _began:6.1f} s] {text}")


def tell(text: str) -> None:
    """Prints. A terminal that was closed must not keep us from ending what we started."""
    with suppress(OSError):
        print(text, flush=True)


@contextmanager
def timed(doing: str, done: str) -> Iterator[None]:
    say(f"{doing} ...")
    since = time.monotonic()
    yield
    say(f"{done} ({time.monotonic() - since:.1f} s)")


def complain(trouble: Trouble) -> None:
    way_on = f"\nA way on: {trouble.way_on}" if trouble.way_on else ""
    with suppress(OSError):
        print(f"\nThis stopped it: {trouble.what}{way_on}", file=sys.stderr, flush=True)
