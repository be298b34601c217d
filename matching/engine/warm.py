"""Compile what large cohorts need before anybody waits for it: python -m matching.engine.warm

It takes up to a minute on a machine that never ran it, and next to nothing afterwards. Where several begin at once,
one compiles and the others wait for what it has made.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from . import Nomination, Person, Policy, Problem, solve, verify
from .compiled import LARGE

TOPICS = tuple(f"topic {number}" for number in range(7))


def problem(people: int, odd: str) -> Problem:
    """Somebody for every rule and every part of the score."""
    return Problem(
        people=tuple(_person(number) for number in range(people)),
        nominations=tuple(Nomination(str(n), str(n + 1 + n % 5), 1) for n in range(0, people - 9, 3)),
        policy=replace(Policy(), odd=odd),  # type: ignore[arg-type]
    )


def _person(number: int) -> Person:
    return Person(
        str(number),
        department=f"department {number % 9}",
        level=number % 4,
        free=frozenset(range(number % 50, number % 50 + 30)),
        hours_per_month=2 + number % 5,
        wants=frozenset(TOPICS[(number + k) % 7] for k in (0, 1)),
        offers=frozenset(TOPICS[(number * 3 + k) % 7] for k in (2, 4)),
        goals=frozenset({TOPICS[number % 7]}),
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    from .kernel import FOLDER

    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    with _one_at_a_time():
        for people, odd in ((LARGE, "wait"), (LARGE + 1, "trio")):
            asked = problem(people, odd)
            verify(asked, solve(asked))


if __name__ == "__main__":
    main()
