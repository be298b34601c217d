"""Counts of answers that let nobody conclude what one person said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import NamedTuple

FEWEST = 5  # people


class Given(NamedTuple):
    """One answer that stands as it is, of one person."""

    person: int
    value: Hashable


def released(answers: Iterable[Given]) -> Counter[Hashable]:
    """How often each value was given, of answers in the order in which they came; empty where too few have.

    Answers are let out in batches of at least five people who do not all say the same. So the difference between
    what stood here yesterday and today, too, is that of a batch, and where everybody agrees nothing is shown.
    """
    shown: Counter[Hashable] = Counter()
    people: set[int] = set()
    batch: Counter[Hashable] = Counter()
    for person, value in answers:
        people.add(person)
        batch[value] += 1
        if len(people) >= FEWEST and len(batch) > 1:
            shown += batch
            people, batch = set(), Counter()
    return shown
