"""Telling the person at the terminal what happens, and what to do when it does not."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_began = time.monotonic()


class Trouble(Exception):
    """Something that stops us. `way_on` says what the person can do about it."""

    def __init__(self, what: str, way_on: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.way_on = way_on


def say(text: str) -> None:
    print(f"[{time.monotonic() - _began:6.1f} s] {text}", flush=True)


@contextmanager
def timed(doing: str, done: str) -> Iterator[None]:
    say(f"{doing} ...")
    since = time.monotonic()
    yield
    say(f"{done} ({time.monotonic() - since:.1f} s)")


def complain(trouble: Trouble) -> None:
    print(f"\nThis stopped it: {trouble.what}", file=sys.stderr)
    if trouble.way_on:
        print(f"A way on: {trouble.way_on}", file=sys.stderr)
    sys.stderr.flush()
