"""The optimum of large cohorts: the same answer as `optimum`, with everything about all pairs compiled.

The steps are those of `optimum`: a support, a heaviest matching on it, its prices held against all pairs, and again
with the pairs that object. Numbers are held in two parts as in `fast_blossom`, exactly; `limits` says when they fit.
Up to `fast_scoring.KEPT` people the scores of all pairs are kept; beyond that they are worked out anew each time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit, prange

from . import fast_blossom, fast_halves
from .blossom import NOBODY, Prices
from .fast_state import Nest, nest_of, new_search, prices_of
from .two_words import BITS, FAR, LOW, in_one, in_two, less, tidy
from .fast_scoring import NO, Scorer, score_row
from .optimum import Optimiser, Optimum, Tick
from .table import UNKNOWN
from .weights import Weights

Array = Any
CHUNK = 64
CANDIDATES = 16
ADDED_PER_PERSON = 32
MARGIN = 100  # pairs of so little slack join, too: they may object next time


Two = tuple[Array, Array]


def tidy(high: Array, low: Array) -> Two:
    return high + (low >> BITS), low & LOW


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
    return tidy(high + (more_high >> 1), low + (more_low >> 1) + ((more_high & 1) << (BITS - 1)))


class LargeOptimiser(Optimiser):
    def __init__(self, weights: Weights, tick: Tick = lambda message: None) -> None:
        self.weights = weights
        self.scorer = scorer_of(weights)
        weights.look_at(weights.named)
        self.people = len(weights.table)
        self.tick = tick
        self.scores = self.scorer.kept
        self.named = np.array(sorted(weights.named), dtype=np.int64).reshape(-1, 2)
        self.pairs, self.soft = self._first_support()

    def solve(self, start: Optimum | None = None, without: Collection[int] = ()) -> Optimum:
        """The best matching of everyone but `without`, beginning from another optimum of the same cohort."""
        out = np.zeros(self.people, dtype=np.bool_)
        out[list(without)] = True
        if start is None:
            edges = self._edges(out)
            y, mates = highest_half(*edges), np.full(self.people, NOBODY, dtype=np.int64)
        else:
            y, mates = in_two(start.prices.without_sets()), np.array(start.mates, dtype=np.int64)
        y[0][out] = y[1][out] = 0
        y, mates = self._by_halves(y, mates, out)
        while True:
            edges = self._edges(out)
            mend(*edges, *y, mates)
            fast_halves.run(*edges, *y, mates)
            search = new_search(edges, y, mates)
            self.tick("Finding a place for everyone")
            fast_blossom.run(search, np.flatnonzero(~out))
            y, mates, nest = prices_of(search), search.vertex["mate"].copy(), nest_of(search)
            if not self._add_objecting(y, nest, out):
                break
            y = without_sets(*y, nest)
        prices = NestedPrices(tuple(in_one(*y)), nest=nest)
        found = tuple(mates.tolist())
        self.weights.look_at((v, mate) for v, mate in enumerate(found) if v < mate)
        value = sum(self.weights.pair(v, mate) for v, mate in enumerate(found) if v < mate)
        return Optimum(found, value, self._extended(prices, without))

    def _by_halves(self, y: Two, mates: Array, out: Array) -> tuple[Two, Array]:
        """The best matching by halves over all pairs; it costs little, and few blossoms are then left to be found."""
        while True:
            edges = self._edges(out)
            mend(*edges, *y, mates)
            fast_halves.run(*edges, *y, mates)
            if not self._add_objecting(y, no_sets(self.people), out):
                return y, mates

    # -- the support -----------------------------------------------------------------------------

    def _first_support(self) -> tuple[Array, Array]:
        """Pairs a < b, as numbers a * people + b in ascending order, and their soft scores."""
        best, soft = best_candidates(self.scorer.columns, self.scores, CANDIDATES)
        a, place = np.nonzero(best != NOBODY)
        named_soft, meet = self.scorer.pairs(*self.named.T.copy())
        pinned = self.scorer.columns.pinned[self.named]
        meet &= ((pinned[:, 0] == UNKNOWN) & (pinned[:, 1] == UNKNOWN)) | (pinned[:, 0] == self.named[:, 1])
        self.named, named_soft = self.named[meet], named_soft[meet]
        self.bonus = in_two([2 * self.weights.bonus[a, b] for a, b in self.named.tolist()])
        return self._joined(
            np.concatenate([a, self.named[:, 0]]),
            np.concatenate([best[a, place], self.named[:, 1]]),
            np.concatenate([soft[a, place], named_soft]),
        )

    def _joined(self, a: Array, b: Array, soft: Array) -> tuple[Array, Array]:
        pairs, first = np.unique(np.minimum(a, b) * self.people + np.maximum(a, b), return_index=True)
        return pairs, soft[first]

    def _edges(self, out: Array) -> tuple[Array, Array, Array, Array]:
        """The support as `fast_blossom` wants it, each pair in both directions."""
        a, b = np.divmod(self.pairs, self.people)
        high, low = self._weights(a, b)
        inside = ~(out[a] | out[b])
        a, b, high, low = a[inside], b[inside], high[inside], low[inside]
        order = np.argsort(np.concatenate([a * self.people + b, b * self.people + a]), kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(np.concatenate([a, b]), minlength=self.people))])
        to, high, low = (np.concatenate(both)[order] for both in ((b, a), (high, high), (low, low)))
        return first, to, high, low

    def _weights(self, a: Array, b: Array) -> tuple[Array, Array]:
        high, low = (part[a] + part[b] for part in in_two([2 * place for place in self.weights.place]))
        low += 2 * self.soft
        named = self.named[:, 0] * self.people + self.named[:, 1]
        at = np.searchsorted(self.pairs, named)
        high[at] += self.bonus[0]
        low[at] += self.bonus[1]
        return tidy(high, low)

    # -- prices ----------------------------------------------------------------------------------

    def _add_objecting(self, y: Two, nest: Nest, out: Array) -> bool:
        """Add, for each person, the pairs of most negative slack. (Those with a nomination are in the support.)"""
        self.tick("Checking every possible pair")
        high = np.where(out, FAR // 4, y[0])
        a, b, soft, objecting = least_slacks_in(self.weights, (high, y[1]), nest, MARGIN, ADDED_PER_PERSON)
        self.pairs, self.soft = self._joined(
            *(
                np.concatenate(both)
                for both in zip((*np.divmod(self.pairs, self.people), self.soft), (a, b, soft), strict=True)
            )
        )
        return bool(objecting)


def least_slacks_of(weights: Weights, y: Sequence[int], nest: Nest, limit: int, most: int) -> Two:
    """The pairs alone, for prices as whole numbers."""
    a, b, _, _ = least_slacks_in(weights, in_two(y), nest, limit, most)
    return a, b


def least_slacks_in(weights: Weights, y: Two, nest: Nest, limit: int, most: int) -> tuple[Array, Array, Array, bool]:
    """For each person a the pairs a < b of least slack below the limit, at most so many; their soft scores; and
    whether any slack is negative. Nominations are disregarded: a pair that has one is taken to weigh less than it does.
    """
    place = in_two([2 * place for place in weights.place])
    own = tidy(y[0] - place[0], y[1] - place[1])
    scorer = scorer_of(weights)
    partners, soft, negative = least_slacks(scorer.columns, scorer.kept, *own, *nest, limit >> BITS, limit & LOW, most)
    a, column = np.nonzero(partners != NOBODY)
    return a, partners[a, column], soft[a, column], bool(negative.any())


def scorer_of(weights: Weights) -> Scorer:
    if weights.scorer is None:
        raise ValueError("this cohort has no compiled scores")
    return weights.scorer


# -- compiled ------------------------------------------------------------------------------------


@njit(cache=True)
def highest_half(first, to, high, low):
    """For each person half the weight of their best pair: the first prices."""
    people = len(first) - 1
    y_high, y_low = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    for v in range(people):
        for edge in range(first[v], first[v + 1]):
            if less(y_high[v], y_low[v], high[edge], low[edge]):
                y_high[v], y_low[v] = high[edge], low[edge]
        y_low[v] = (y_low[v] >> 1) + ((y_high[v] & 1) << (BITS - 1))
        y_high[v] >>= 1
    return y_high, y_low


@njit(cache=True)
def mend(first, to, high, low, y_high, y_low, mates):
    """Raise prices where they are too low, give up pairs that are no longer tight, and pair off who can be at once."""
    people = len(mates)
    for v in range(people):
        short_high, short_low = 0, 0
        for edge in range(first[v], first[v + 1]):
            slack = _slack(edge, v, to[edge], high, low, y_high, y_low)
            if less(slack[0], slack[1], short_high, short_low):
                short_high, short_low = slack
        y_high[v], y_low[v] = tidy(y_high[v] - short_high, y_low[v] - short_low)
    for v in range(people):
        tight = False
        for edge in range(first[v], first[v + 1]):
            if to[edge] == mates[v]:
                tight = _slack(edge, v, to[edge], high, low, y_high, y_low) == (0, 0)
        if mates[v] != NOBODY and not tight:
            mates[mates[v]] = NOBODY
            mates[v] = NOBODY
    for v in range(people):
        if mates[v] == NOBODY:
            _take_first(v, first, to, high, low, y_high, y_low, mates)


@njit(cache=True)
def _take_first(v, first, to, high, low, y_high, y_low, mates):
    """Lower the price of an unmatched person as far as their pairs allow, and pair them if somebody free is there."""
    fall_high, fall_low = y_high[v], y_low[v]
    for edge in range(first[v], first[v + 1]):
        slack = _slack(edge, v, to[edge], high, low, y_high, y_low)
        if less(slack[0], slack[1], fall_high, fall_low):
            fall_high, fall_low = slack
    y_high[v], y_low[v] = tidy(y_high[v] - fall_high, y_low[v] - fall_low)
    for edge in range(first[v], first[v + 1]):
        u = to[edge]
        if mates[u] == NOBODY and _slack(edge, v, u, high, low, y_high, y_low) == (0, 0):
            mates[v], mates[u] = u, v
            return


@njit(inline="always")
def _slack(edge, a, b, high, low, y_high, y_low):
    return tidy(y_high[a] + y_high[b] - high[edge], y_low[a] + y_low[b] - low[edge])


@njit(cache=True, parallel=True)
def best_candidates(c, scores, most):
    """For each person the `most` best by soft score; among equals those next in line, so that not all ask the same."""
    people = len(c.pinned)
    best = np.full((people, most), NOBODY, dtype=np.int64)
    soft = np.full((people, most), NO, dtype=np.int64)
    for a in prange(people):
        row = np.empty(people, dtype=np.int16)
        if len(scores) > 0:
            row[:] = scores[a]
        else:
            score_row(c, a, 0, row)
        least, at = NO, 0
        for step in range(1, people):
            b = a + step if a + step < people else a + step - people
            if row[b] > least:
                soft[a, at], best[a, at] = row[b], b
                at = int(np.argmin(soft[a]))
                least = soft[a, at]
    return best, soft


@njit(cache=True, parallel=True)
def least_slacks(c, scores, own_high, own_low, smallest, parents, total_high, total_low, limit_high, limit_low, most):
    """For each person a those b > a with the least slacks below the limit, at most so many."""
    people = len(c.pinned)
    best = np.full((people, most), NOBODY, dtype=np.int64)
    soft = np.full((people, most), NO, dtype=np.int64)
    negative = np.zeros(people, dtype=np.bool_)
    for a in prange(people):
        row = np.empty(people, dtype=np.int16)
        if len(scores) > 0:
            row[a:] = scores[a, a:]
        else:
            score_row(c, a, a, row)
        around = np.zeros((len(parents) + 1, 2), dtype=np.int64)
        if smallest[a] >= 0:
            _shared_with(smallest[a], parents, total_high, total_low, around)
        highs = np.full(most, limit_high, dtype=np.int64)
        lows = np.full(most, limit_low, dtype=np.int64)
        a_high, a_low, in_a_set, at = own_high[a], own_low[a], smallest[a] >= 0, 0
        rough = _rough_slacks(a, a_high, a_low, own_high, own_low, row)
        for first in range(a + 1, people, CHUNK):
            last = min(people, first + CHUNK)
            worst = _clipped(highs[at], lows[at])
            if _none_below(rough, first, last, worst):
                continue
            for b in range(first, last):
                if rough[b] > worst:
                    continue
                high, low = tidy(a_high + own_high[b], a_low + own_low[b] - 2 * np.int64(row[b]))
                if in_a_set:
                    high, low = tidy(high + around[smallest[b], 0], low + around[smallest[b], 1])
                if less(high, low, highs[at], lows[at]):
                    highs[at], lows[at], best[a, at], soft[a, at] = high, low, b, row[b]
                    negative[a] |= high < 0
                    at = _largest(highs, lows)
    return best, soft, negative


@njit(inline="always")
def _clipped(high, low):
    """A number in two parts as one that is right from 0 to 2^60, and otherwise too small or too large as well."""
    return -1 if high < 0 else FAR if high > 0 else low


@njit(cache=True)
def _rough_slacks(a, a_high, a_low, own_high, own_low, row):
    rough = np.empty(len(row), dtype=np.int64)
    for b in range(a + 1, len(row)):
        low = a_low + own_low[b] - 2 * np.int64(row[b])
        high = a_high + own_high[b] + (low >> BITS)
        rough[b] = FAR if row[b] == NO else _clipped(high, low & LOW)
    return rough


@njit(cache=True)
def _none_below(rough, first, last, worst):
    least = FAR
    for b in range(first, last):
        least = min(least, rough[b])
    return least > worst


@njit(cache=True)
def _shared_with(number, parents, total_high, total_low, around):
    """around[k] for somebody whose smallest set is k: z of the sets that hold them and a, whose smallest is given.

    Sets come largest first, so a set's entry can be taken from the one around it. The last entry is for "in no set".
    """
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
