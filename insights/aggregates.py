"""Counts of answers that let nobody conclude what one person said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

FEWEST = 5  # people


class Given(NamedTuple):
    """One answer that stands as it is, of one person. ``hidden``: of a pairing that whoever looks sits in."""

    person: int
    value: Hashable
    hidden: bool = False


def released(answers: Iterable[Given]) -> Counter[Hashable]:
    """How often each value was given, of answers in the order in which they came; empty where too few have.

    Answers are let out in batches of at least five people who do not all say the same. So the difference between
    what stood here yesterday and today, too, is that of a batch, and where everybody agrees nothing is shown. The
    batches are the same whoever looks; one with a hidden answer is left out whole, so that two who look, or one who
    looks before and after joining a pairing, differ by batches as well.
    """
    batches = _batches(answers)
    return sum((_counted(batch) for batch in batches if not any(one.hidden for one in batch)), Counter())


def _batches(answers: Iterable[Given]) -> Iterator[list[Given]]:
    batch: list[Given] = []
    people: set[int] = set()
    values: set[Hashable] = set()
    for one in answers:
        batch.append(one)
        people.add(one.person)
        values.add(one.value)
        if len(people) >= FEWEST and len(values) > 1:
            yield batch
            batch, people, values = [], set(), set()


def _counted(batch: list[Given]) -> Counter[Hashable]:
    return Counter(one.value for one in batch)
