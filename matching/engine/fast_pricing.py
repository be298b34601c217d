"""What all pairs are asked, compiled: who is best for whom, and which pairs object to prices."""

from __future__ import annotations

import numpy as np

from .blossom import NOBODY
from .fast_scoring import NO, lack, may_pair, most_lack, score_lacking
from .kernel import njit, prange
from .scoring import FULL
from .two_words import less, tidy

LANES = 256  # many more than cores, and each with people from all over the line


@njit(cache=True, parallel=True)
def best_candidates(c, most, window):
    """For each person the `most` best by soft score among so many who are next in line; equals in that order."""
    people = len(c.pinned)
    best = np.full((people, most), NOBODY, dtype=np.int64)
    soft = np.full((people, most), NO, dtype=np.int64)
    for a in prange(people):
        at, lacks = 0, most_lack(c, 0)
        for step in range(1, min(window, people)):
            b = a + step if a + step < people else a + step - people
            lacking = lack(c, a, b, lacks)
            if lacking <= lacks and may_pair(c, a, b):
                best[a, at], soft[a, at] = b, score_lacking(c, lacking)
                at = int(np.argmin(soft[a]))
                lacks = most_lack(c, soft[a, at] + 1)
    return best, soft


@njit(cache=True, parallel=True)
def least_slacks(c, own_high, own_low, smallest, parents, total_high, total_low, limit_high, limit_low, most):
    """For each person the least slacks below the limit, at most so many, with every second of those in front of them
    and every second of those behind: so each pair is looked at once, by one of the two.

    People stand in line by ascending own price: where somebody's is too high, so is that of all behind them. (Sets
    only add to a slack.)
    """
    people = len(c.pinned)
    best = np.full((people, most), NOBODY, dtype=np.int64)
    soft = np.full((people, most), NO, dtype=np.int64)
    negative = np.zeros(people, dtype=np.int64)
    for lane in prange(LANES):
        around = np.zeros((len(parents) + 1, 2), dtype=np.int64)
        for a in range(lane, people, LANES):
            in_a_set = smallest[a] >= 0
            if in_a_set:
                _shared_with(smallest[a], parents, total_high, total_low, around)
            highs = np.full(most, limit_high, dtype=np.int64)
            lows = np.full(most, limit_low, dtype=np.int64)
            at = 0
            for first, last in ((a % 2, a), (a + 1, people)):
                for b in range(first, last, 2):
                    high, low = tidy(own_high[a] + own_high[b], own_low[a] + own_low[b])
                    least = _least_score(high - highs[at], low - lows[at])
                    if least > FULL:
                        break
                    if in_a_set:
                        high, low = tidy(high + around[smallest[b], 0], low + around[smallest[b], 1])
                        least = _least_score(high - highs[at], low - lows[at])
                    lacks = most_lack(c, least)
                    lacking = lack(c, a, b, lacks)
                    if lacking > lacks or not may_pair(c, a, b):
                        continue
                    score = score_lacking(c, lacking)
                    high, low = tidy(high, low - 2 * score)
                    highs[at], lows[at], best[a, at], soft[a, at] = high, low, b, score
                    negative[a] += high < 0
                    at = _largest(highs, lows)
    return best, soft, negative


@njit(cache=True, parallel=True)
def near_pairs(c, own_high, own_low, limit_high, limit_low, start, found):
    """How many slacks are below the limit, for each a with those behind in line; written down from start[a] on."""
    people = len(c.pinned)
    counts = np.zeros(people, dtype=np.int64)
    for lane in prange(LANES):
        for a in range(lane, people, LANES):
            for b in range(a + 1, people):
                high, low = tidy(own_high[a] + own_high[b], own_low[a] + own_low[b])
                least = _least_score(high - limit_high, low - limit_low)
                if least > FULL:
                    break
                lacks = most_lack(c, least)
                if lack(c, a, b, lacks) <= lacks and may_pair(c, a, b):
                    if len(found) > 0:
                        found[start[a] + counts[a], 0], found[start[a] + counts[a], 1] = a, b
                    counts[a] += 1
    return counts


@njit(inline="always")
def _least_score(high, low):
    """The least score whose double exceeds the difference."""
    high, low = tidy(high, low)
    return 0 if high < 0 else FULL + 1 if high > 0 or low >= 2 * FULL else (low >> 1) + 1


@njit(cache=True)
def _shared_with(number, parents, total_high, total_low, around):
    """around[k] for somebody whose smallest set is k: z of the sets that hold them and a, whose smallest is given.

    Sets come largest first, so a set's entry can be taken from the one around it. The last entry is for "in no set".
    """
    around[:] = 0
    holds = np.zeros(len(parents), dtype=np.bool_)
    while number >= 0:
        holds[number] = True
        number = parents[number]
    for k in range(len(parents)):
        if holds[k]:
            around[k, 0], around[k, 1] = total_high[k], total_low[k]
        elif parents[k] >= 0:
            around[k] = around[parents[k]]


@njit(cache=True)
def _largest(highs, lows):
    at = 0
    for k in range(1, len(highs)):
        if less(highs[at], lows[at], highs[k], lows[k]):
            at = k
    return at
