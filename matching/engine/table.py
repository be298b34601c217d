"""People as columns of numbers, so that a rule or a score looks at many pairs at once.

Everything that compares pairs answers for a block: some people (rows) against all people (columns).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .problem import HALF_HOURS_A_WEEK, Person, Problem

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Truths = NDArray[np.bool_]
UNKNOWN = -1


class Table:
    """Columns of a cleaned problem. Row k is `people[k]`; UNKNOWN stands for what was not said."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = problem.people
        self.ids = tuple(person.id for person in self.people)
        self.index = {person_id: k for k, person_id in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.people)

    @cached_property
    def department(self) -> Ints:
        return _codes(self.people, lambda p: p.department)

    @cached_property
    def place(self) -> Ints:
        return _codes(self.people, lambda p: p.place)

    @cached_property
    def level(self) -> Ints:
        return np.array([0 if p.level is None else p.level for p in self.people], dtype=np.int64)

    @cached_property
    def level_known(self) -> Truths:
        return np.array([p.level is not None for p in self.people], dtype=np.bool_)

    @cached_property
    def hours(self) -> Ints:
        return np.array([p.hours_per_month or UNKNOWN for p in self.people], dtype=np.int64)

    @cached_property
    def free(self) -> Words:
        return _bits([p.free for p in self.people], HALF_HOURS_A_WEEK)

    @cached_property
    def free_known(self) -> Truths:
        return np.array([bool(p.free) for p in self.people], dtype=np.bool_)

    @cached_property
    def wants(self) -> Words:
        return self._tags([p.wants for p in self.people])

    @cached_property
    def offers(self) -> Words:
        return self._tags([p.offers for p in self.people])

    @cached_property
    def goals(self) -> Words:
        return self._tags([p.goals for p in self.people])

    @cached_property
    def _tag_number(self) -> dict[str, int]:
        tags = sorted({tag for p in self.people for tag in p.wants | p.offers | p.goals})
        return {tag: number for number, tag in enumerate(tags)}

    def _tags(self, sets: list[frozenset[str]]) -> Words:
        return _bits([tuple(map(self._tag_number.__getitem__, tags)) for tags in sets], len(self._tag_number))

    def blocks(self) -> Iterator[slice]:
        """Slices of rows that keep a block at about a million pairs."""
        rows = max(1, 1_000_000 // max(1, len(self)))
        for start in range(0, len(self), rows):
            yield slice(start, min(start + rows, len(self)))


def shared_bits(words: Words, others: Words, rows: slice) -> Ints:
    """How many bits each of `words[rows]` has in common with each of `others`."""
    shared = np.zeros((len(words[rows]), len(others)), dtype=np.int64)
    for word in range(words.shape[1]):
        shared += np.bitwise_count(words[rows, word, None] & others[None, :, word])
    return shared


def counted_bits(words: Words) -> Ints:
    count: Ints = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return count


def _codes(people: Sequence[Person], attribute: Callable[[Person], Hashable]) -> Ints:
    numbers: dict[Hashable, int] = {}
    codes = []
    for person in people:
        value = attribute(person)
        codes.append(UNKNOWN if value in (None, "") else numbers.setdefault(value, len(numbers)))
    return np.array(codes, dtype=np.int64)


def _bits(sets: Sequence[Collection[int]], size: int) -> Words:
    sizes = np.fromiter(map(len, sets), dtype=np.int64, count=len(sets))
    numbers = np.fromiter(chain.from_iterable(sets), dtype=np.int64, count=int(sizes.sum()))
    bits = np.zeros((len(sets), 64 * ((size + 63) // 64)), dtype=np.uint8)
    bits[np.repeat(np.arange(len(sets)), sizes), numbers] = 1
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
