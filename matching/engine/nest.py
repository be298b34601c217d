"""The sets of a dual solution, hundreds of them within one another, in little room."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .blossom import NOBODY, Prices
from .fast_state import Search
from .kernel import njit
from .two_words import BITS, Array, Two, in_one, in_two, tidied, tidy


class Nest(NamedTuple):
    """The sets, largest first: each person's smallest set, the next around each set (NOBODY: none), and the sum of z
    over the set and all around it, in two parts."""

    smallest: Array
    around: Array
    total_high: Array
    total_low: Array


def no_sets(people: int) -> Nest:
    none = np.zeros(0, dtype=np.int64)
    return Nest(np.full(people, NOBODY, dtype=np.int64), none, none, none)


@dataclass(frozen=True)
class NestedPrices(Prices):
    """Prices whose sets, thousands within one another, are not written out: `sets` stays empty."""

    nest: Nest = field(default_factory=lambda: no_sets(0))

    @cached_property
    def z(self) -> list[int]:
        total = in_one(self.nest.total_high, self.nest.total_low)
        return [own - (total[out] if out != NOBODY else 0) for own, out in zip(total, self._around, strict=True)]

    @cached_property
    def _around(self) -> list[int]:
        return list(self.nest.around.tolist())

    def bound(self) -> int:
        sizes = np.bincount(self.nest.smallest[self.nest.smallest != NOBODY], minlength=len(self.z)).tolist()
        for number in range(len(self.z) - 1, -1, -1):  # smallest first
            if self._around[number] != NOBODY:
                sizes[self._around[number]] += sizes[number]
        return sum(self.y) + sum(z * (size // 2) for z, size in zip(self.z, sizes, strict=True))

    def nested(self) -> list[tuple[list[int], list[int], int]]:
        last = len(self.z) - 1
        rows: list[tuple[list[int], list[int], int]] = [([], [], z) for z in reversed(self.z)]
        for v, number in enumerate(self.nest.smallest.tolist()):
            if number != NOBODY:
                rows[last - number][0].append(v)
        for number in range(last, -1, -1):
            if self._around[number] != NOBODY:
                rows[last - self._around[number]][1].append(last - number)
        return rows

    def without_sets(self) -> list[int]:
        return in_one(*without_sets(*in_two(self.y), self.nest))


def without_sets(high: Array, low: Array, nest: Nest) -> Two:
    """Prices of people alone that are still high enough for every pair: half of what their sets cost each pair."""
    more_high, more_low = (np.append(total, 0)[nest.smallest] for total in (nest.total_high, nest.total_low))
    return tidied(high + (more_high >> 1), low + (more_low >> 1) + ((more_high & 1) << (BITS - 1)))


# -- as the search left them ----------------------------------------------------------------------


def nest_of(s: Search) -> Nest:
    """Sets without a price are left out."""
    b = s.blossom
    n = len(s.vertex)
    sets = np.flatnonzero(b["child"] != NOBODY)
    sets = sets[np.argsort(-b["size"][sets], kind="stable")]
    priced = (b["z_high"][sets] != 0) | (b["z_low"][sets] != 0)
    number = np.full(len(b) + 1, NOBODY, dtype=np.int64)  # the last entry is for NOBODY itself
    _number(sets, priced, b["parent"], number)
    sets = sets[priced]
    around = number[b["parent"][sets]]
    smallest = number[b["parent"][:n]]
    return Nest(smallest, around, *_totals(around, b["z_high"][sets], b["z_low"][sets]))


@njit(cache=True)
def _number(sets, priced, parent, number):
    """Number the sets that have a price; the others go by the number of the next one around them that has."""
    count = 0
    for k in range(len(sets)):
        number[sets[k]] = count if priced[k] else number[parent[sets[k]]]
        count += priced[k]


@njit(cache=True)
def _totals(around, z_high, z_low):
    high, low = z_high.copy(), z_low.copy()
    for k in range(len(around)):
        if around[k] != NOBODY:
            high[k], low[k] = tidy(high[k] + high[around[k]], low[k] + low[around[k]])
    return high, low
