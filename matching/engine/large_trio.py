"""`trio.Bound` for large cohorts: the passes over all pairs are compiled."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from .blossom import NOBODY, Prices
from .large import least_slacks_of, pairs_near
from .nest import NestedPrices
from .trio import MOST_PAIRS, Bound, TooMany, Trio
from .two_words import FAR, Array, in_one
from .weights import Weights


class LargeBound(Bound):
    prices: NestedPrices

    def __init__(self, weights: Weights, prices: Prices) -> None:
        if not isinstance(prices, NestedPrices):
            raise TypeError("the prices of a large cohort are nested")
        self.weights = weights
        self.prices = prices
        self.whole = prices.bound()
        self.smallest = prices.nest.smallest.tolist()
        self.outside = prices.nest.around.tolist()
        self.totals = in_one(prices.nest.total_high, prices.nest.total_low)
        self.deepest = max(self.totals, default=0)

    def of(self, trio: Trio) -> int:
        y = self.prices.y
        shared = max(self._shared(a, b) for a, b in combinations(trio, 2))
        return self.weights.trio(*trio) + self.whole - sum(y[v] for v in trio) - shared

    def _shared(self, a: int, b: int) -> int:
        """The sum of z over the sets that hold both. A set's number is greater than that of those around it."""
        first, second = self.smallest[a], self.smallest[b]
        while first != second:
            if first > second:
                first = self.outside[first]
            else:
                second = self.outside[second]
        return 0 if first == NOBODY else self.totals[first]

    def near_pairs(self, limit: int) -> list[tuple[int, int]]:
        near = pairs_near(self.weights, self.prices.y, limit, MOST_PAIRS)
        if near is None:
            raise TooMany
        return self._known(near[:, 0], near[:, 1], [pair for pair in self.weights.named if self._q(*pair) < limit])

    def closest(self, near: int) -> list[tuple[int, int]]:
        a, b = least_slacks_of(self.weights, self.prices.y, self.prices.nest, FAR << 50, near)
        return self._known(a, b, self.weights.named)

    def _q(self, a: int, b: int) -> int:
        return self.prices.y[a] + self.prices.y[b] - self.weights.pair(a, b)

    def _known(self, a: Array, b: Array, named: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        pairs = {*zip(np.minimum(a, b).tolist(), np.maximum(a, b).tolist(), strict=True), *named}
        self.weights.look_at(pairs)
        return sorted(pair for pair in pairs if self.weights.may_meet(*pair))
