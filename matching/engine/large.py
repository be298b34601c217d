"""The optimum of large cohorts: the same answer as `optimum`, with everything about all pairs compiled.

The steps are those of `optimum`: a support, a heaviest matching on it, its prices held against all pairs, and again
with the pairs that object. Numbers are held in two parts (`two_words`), exactly; `Weights.fit_two_words` says when
they fit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy

import numpy as np

from . import fast_blossom, fast_halves
from .blossom import NOBODY, Prices
from .fast_columns import Columns, in_line
from .fast_pricing import best_candidates, least_slacks, near_pairs
from .fast_scoring import Scorer
from .fast_start import highest_half, mend
from .fast_state import new_search, prices_of
from .nest import Nest, NestedPrices, nest_of, no_sets, without_sets
from .optimum import Optimiser, Optimum, Tick
from .table import UNKNOWN
from .two_words import BITS, FAR, LOW, Array, Two, in_one, in_two, tidied
from .weights import Weights

CANDIDATES, WINDOW = 16, 1024  # for each person the best so many of so many who are next in line
ADDED_PER_PERSON = 16
MARGIN = 50  # pairs of so little slack join, too: they may object next time
CLOSEST = 4  # so many pairs of each person join before blossoms form
FEW = 20  # one pair that objects for so many people is let pass until then


class LargeOptimiser(Optimiser):
    def __init__(self, weights: Weights, tick: Tick = lambda message: None) -> None:
        self.weights = weights
        self.scorer = scorer_of(weights)
        weights.look_at(weights.named)
        self.people = len(weights.table)
        self.tick = tick
        self.named = np.array(sorted(weights.named), dtype=np.int64).reshape(-1, 2)
        self.pairs, self.soft = self._first_support()

    def under(self, weights: Weights) -> LargeOptimiser:
        other = copy(self)
        other.weights, other.scorer = weights, scorer_of(weights)
        still = self.soft >= other.scorer.columns.min_score
        first, second = np.divmod(self.pairs, self.people)
        still |= other.scorer.columns.pinned[first] == second
        other.pairs, other.soft = self.pairs[still], self.soft[still]
        there = np.isin(self.named[:, 0] * self.people + self.named[:, 1], other.pairs)
        other.named, other.bonus = self.named[there], (self.bonus[0][there], self.bonus[1][there])
        return other

    def solve(self, start: Optimum | None = None, without: Collection[int] = ()) -> Optimum:
        """The best matching of everyone but `without`, beginning from another optimum of the same cohort."""
        out = np.zeros(self.people, dtype=np.bool_)
        out[list(without)] = True
        if start is None:
            y, mates = self._by_halves(out)
        else:
            y, mates = in_two(start.prices.without_sets()), np.array(start.mates, dtype=np.int64)
            y[0][out] = y[1][out] = 0
        while True:
            edges = self._halves(y, mates, out)
            search = new_search(edges, y, mates)
            self.tick("placing")
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

    def _by_halves(self, out: Array) -> tuple[Two, Array]:
        """Nearly the best matching by halves over all pairs; it costs little, and leaves few blossoms to be found."""
        y, mates = highest_half(*self._edges(out)), np.full(self.people, NOBODY, dtype=np.int64)
        self._halves(y, mates, out)
        self._add_objecting(y, no_sets(self.people), out)
        self._halves(y, mates, out)
        self._thin_out(y)
        while self._add_closest(y, out) > self.people // FEW:
            self._halves(y, mates, out)
        return y, mates

    def _halves(self, y: Two, mates: Array, out: Array) -> tuple[Array, Array, Array, Array]:
        """The best matching by halves on the support; says its edges."""
        edges = self._edges(out)
        mend(*edges, *y, mates)
        fast_halves.run(*edges, *y, mates)
        return edges

    def _extended(self, prices: Prices, without: Collection[int]) -> Prices:
        everyone = range(self.people)
        self.weights.look_at((min(a, b), max(a, b)) for a in without for b in everyone if a != b)
        return super()._extended(prices, without)

    # -- the support -----------------------------------------------------------------------------

    def _first_support(self) -> tuple[Array, Array]:
        """Pairs a < b, as numbers a * people + b in ascending order, and their soft scores."""
        best, soft = best_candidates(self.scorer.columns, CANDIDATES, WINDOW)
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
        at = self._places_of_named()
        high[at] += self.bonus[0]
        low[at] += self.bonus[1]
        return tidied(high, low)

    def _places_of_named(self) -> Array:
        places: Array = np.searchsorted(self.pairs, self.named[:, 0] * self.people + self.named[:, 1])
        return places

    # -- prices ----------------------------------------------------------------------------------

    def _add_objecting(self, y: Two, nest: Nest, out: Array) -> int:
        """Add, for each person, the pairs of most negative slack. (Those with a nomination are in the support.)"""
        self.tick("checking")
        a, b, soft, objecting = self._least_slacks(y, nest, out, MARGIN, ADDED_PER_PERSON)
        self._add(a, b, soft)
        return objecting

    def _thin_out(self, y: Two) -> None:
        """Of the support, whatever the best matching by halves may hold, and the nominations."""
        a, b = np.divmod(self.pairs, self.people)
        high, low = self._weights(a, b)
        high, low = tidied(y[0][a] + y[0][b] - high, y[1][a] + y[1][b] - low)
        keep = (high == 0) & (low == 0)
        keep[self._places_of_named()] = True
        self.pairs, self.soft = self.pairs[keep], self.soft[keep]

    def _add_closest(self, y: Two, out: Array) -> int:
        """Add the pairs of least slack of each person: they object first when blossoms form and prices fall."""
        a, b, soft, objecting = self._least_slacks(y, no_sets(self.people), out, FAR << 50, CLOSEST)
        self._add(a, b, soft)
        return objecting

    def _least_slacks(self, y: Two, nest: Nest, out: Array, limit: int, most: int) -> tuple[Array, Array, Array, int]:
        high = np.where(out, FAR // 4, y[0])
        return least_slacks_in(self.weights, (high, y[1]), nest, limit, most)

    def _add(self, a: Array, b: Array, soft: Array) -> None:
        before = np.divmod(self.pairs, self.people)
        self.pairs, self.soft = self._joined(
            np.concatenate([before[0], a]), np.concatenate([before[1], b]), np.concatenate([self.soft, soft])
        )


def least_slacks_of(weights: Weights, y: Sequence[int], nest: Nest, limit: int, most: int) -> Two:
    """The pairs alone, by the one who looks and the other, for prices as whole numbers."""
    a, b, _, _ = least_slacks_in(weights, in_two(y), nest, limit, most)
    return a, b


def least_slacks_in(weights: Weights, y: Two, nest: Nest, limit: int, most: int) -> tuple[Array, Array, Array, int]:
    """For each person a the pairs a, b of least slack below the limit, at most so many, of those that a looks at
    (`least_slacks`); their soft scores; and how many slacks are negative. Nominations are disregarded: a pair that has
    one is taken to weigh less than it does.
    """
    line, columns, own = _in_line(weights, y)
    nest = nest._replace(smallest=nest.smallest[line])
    partners, soft, negative = least_slacks(columns, *own, *nest, limit >> BITS, limit & LOW, most)
    a, column = np.nonzero(partners != NOBODY)
    return line[a], line[partners[a, column]], soft[a, column], int(negative.sum())


def pairs_near(weights: Weights, y: Sequence[int], limit: int, most: int) -> Array | None:
    """All pairs whose slack, but for sets and nominations, is below the limit; None if there are more than so many."""
    line, columns, own = _in_line(weights, in_two(y))
    start, found = np.zeros(len(y), dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    counts = near_pairs(columns, *own, limit >> BITS, limit & LOW, start, found)
    if counts.sum() > most:
        return None
    found = np.zeros((counts.sum(), 2), dtype=np.int64)
    near_pairs(columns, *own, limit >> BITS, limit & LOW, np.cumsum(counts) - counts, found)
    pairs: Array = np.sort(line[found], axis=1)
    return pairs


def _in_line(weights: Weights, y: Two) -> tuple[Array, Columns, Two]:
    """People by ascending price of their own, what is known of them, and those prices, in that order."""
    place = in_two([2 * place for place in weights.place])
    high, low = tidied(y[0] - place[0], y[1] - place[1])
    line = np.lexsort((low, high))
    return line, in_line(scorer_of(weights).columns, line), (high[line], low[line])


def scorer_of(weights: Weights) -> Scorer:
    if weights.scorer is None:
        raise ValueError("this cohort has no compiled scores")
    return weights.scorer
