"""The verifier's look at all pairs, compiled. It has nothing of the solver's but the rules and the score of a pair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .fast_columns import Array, Columns
from .fast_scoring import may_pair, soft_score
from .kernel import njit, prange
from .scoring import FULL
from .two_words import less, tidy


class Slacks(NamedTuple):
    """The slack of a pair: `own` of both, and the z of the sets that hold both, less bonus and twice the score."""

    own_high: Array
    own_low: Array
    first_named: Array  # a and named[first_named[a] : first_named[a + 1]], in order, have a bonus
    named: Array
    bonus_high: Array
    bonus_low: Array
    smallest: Array  # each person's smallest set, or -1
    around: Array  # the next set around each, which has a greater number, or -1
    total_high: Array  # z of the set and all sets around it
    total_low: Array


def pairs_below(c: Columns, s: Slacks, limit_high: int, limit_low: int, most: int) -> Array:
    """Pairs a < b that may be a pairing of two and have a slack below the limit, the first so many of them."""
    nowhere = np.zeros((0, 2), dtype=np.int64)
    counts = _sweep(c, s, limit_high, limit_low, np.zeros(len(s.own_high), dtype=np.int64), nowhere)
    found = np.zeros((min(most, int(counts.sum())), 2), dtype=np.int64)
    if len(found):
        _sweep(c, s, limit_high, limit_low, np.cumsum(counts) - counts, found)
    return found


@njit(cache=True, parallel=True)
def _sweep(c, s, limit_high, limit_low, start, found):
    """How many there are of each person a; written down from start[a] on, where there is room."""
    people = len(s.own_high)
    counts = np.zeros(people, dtype=np.int64)
    for k in prange(people):
        a = k // 2 if k % 2 == 0 else people - 1 - k // 2  # so that each thread has as many pairs
        shared = _shared(s, a)
        place, last = s.first_named[a], s.first_named[a + 1]
        for b in range(a + 1, people):
            while place < last and s.named[place] < b:
                place += 1
            high, low = s.own_high[a] + s.own_high[b], s.own_low[a] + s.own_low[b]
            high, low = high + shared[s.smallest[b], 0], low + shared[s.smallest[b], 1]
            if place < last and s.named[place] == b:
                high, low = high - s.bonus_high[place], low - s.bonus_low[place]
            high, low = tidy(high, low)
            if not _below(high, low, 2 * FULL, limit_high, limit_low):
                continue  # whatever the score
            if _below(high, low, 2 * soft_score(c, a, b), limit_high, limit_low) and may_pair(c, a, b):
                row = start[a] + counts[a]
                if row < len(found):
                    found[row, 0], found[row, 1] = a, b
                counts[a] += 1
    return counts


@njit(inline="always")
def _below(high, low, less_low, limit_high, limit_low):
    high, low = tidy(high, low - less_low)
    return less(high, low, limit_high, limit_low)


@njit(cache=True)
def _shared(s, a):
    """For each k the sum of z over the sets that hold a and whoever has k for their smallest set; the last for none."""
    holds = np.zeros(len(s.around), dtype=np.bool_)
    k = s.smallest[a]
    while k >= 0:
        holds[k] = True
        k = s.around[k]
    shared = np.zeros((len(s.around) + 1, 2), dtype=np.int64)
    for k in range(len(s.around) - 1, -1, -1):
        if holds[k]:
            shared[k, 0], shared[k, 1] = s.total_high[k], s.total_low[k]
        elif s.around[k] >= 0:
            shared[k] = shared[s.around[k]]
    return shared
