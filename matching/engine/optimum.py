"""The heaviest matching over all pairs, found on few of them.

Most pairs never matter. The matching is computed on a support: for each person the best candidates by soft
score, and every nomination. Its prices are then held against all pairs ("pricing"): a pair whose slack is
negative could improve the matching, so such pairs join the support and the matching is mended. When no pair
is left with negative slack, the prices prove the matching best over all pairs, though most were never given
to the algorithm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from .blossom import NOBODY, Matcher, Prices
from .scoring import FULL
from .slack import slack_block
from .weights import Weights

CANDIDATES = 16
ADDED_PER_PERSON = 16
Tick = Callable[[str], None]


@dataclass(frozen=True)
class Optimum:
    """`mates[v]` is v's partner or NOBODY; `value` the weight of all pairs; `prices` prove it."""

    mates: tuple[int, ...]
    value: int
    prices: Prices


class Optimiser:
    """Keeps the support, so that the same cohort less a few people is solved again quickly."""

    def __init__(self, weights: Weights, tick: Tick = lambda message: None) -> None:
        self.weights = weights
        self.people = len(weights.table)
        self.tick = tick
        self.support: list[dict[int, int]] = [{} for _ in range(self.people)]
        self._choose_support()

    def under(self, weights: Weights) -> Optimiser:
        """The same support with fewer pairs allowed."""
        other = copy(self)
        other.weights = weights
        other.support = []
        for rows in weights.table.blocks():
            pairable = weights.block(rows)[0]
            for some, allowed in zip(self.support[rows], pairable, strict=True):
                other.support.append({b: weight for b, weight in some.items() if allowed[b]})
        return other

    def solve(self, start: Optimum | None = None, without: Collection[int] = ()) -> Optimum:
        """The best matching of everyone but `without`, beginning from another optimum of the same cohort."""
        neighbours = self._neighbours(without)
        if start is None:
            y = [max(around.values(), default=0) // 2 for around in neighbours]
            mates = [NOBODY] * self.people
        else:
            y, mates = start.prices.without_sets(), list(start.mates)
        while True:
            for v in without:
                y[v] = 0
            self._raise(y, neighbours)
            self._keep_tight(mates, y, neighbours)
            matcher = Matcher(neighbours, y, mates)
            matcher.run(range(self.people), lambda: self.tick("placing"))
            prices, mates = matcher.prices(), matcher.mate
            self.tick("checking")
            if not self._add_violated(prices, without):
                break
            y, neighbours = prices.without_sets(), self._neighbours(without)
        value = sum(neighbours[v][mate] for v, mate in enumerate(mates) if v < mate)
        return Optimum(tuple(mates), value, self._extended(prices, without))

    # -- the support -----------------------------------------------------------------------------

    def _choose_support(self) -> None:
        n = self.people
        for rows in self.weights.table.blocks():
            pairable, soft = self.weights.block(rows)
            # Among equal scores each person looks first at those next in line, not all at the same few.
            ahead = (np.arange(n)[None, :] - np.arange(rows.start, rows.stop)[:, None]) % n
            order = np.where(pairable, (FULL - soft) * n + ahead, np.iinfo(np.int64).max)
            best = np.argsort(order, axis=1, kind="stable")[:, :CANDIDATES]
            for row, columns in enumerate(best.tolist()):
                a = rows.start + row
                around = [b for b in columns if pairable[row, b]]
                named = [b for b in self.weights.partners[a] if pairable[row, b]]
                for b in {*around, *named}:
                    self._add(a, b, int(soft[row, b]))

    def _add(self, a: int, b: int, soft: int) -> None:
        self.support[a][b] = self.support[b][a] = self.weights.whole(a, b, soft)

    def _neighbours(self, without: Collection[int]) -> list[dict[int, int]]:
        out = set(without)
        return [
            {} if v in out else {u: w for u, w in sorted(around.items()) if u not in out}
            for v, around in enumerate(self.support)
        ]

    def _add_violated(self, prices: Prices, without: Collection[int]) -> int:
        """Add, for each person, the pairs of most negative slack; say how many pairs are new."""
        found: list[tuple[int, int, int]] = []
        out = list(without)
        for rows in self.weights.table.blocks():
            pairable, slack = slack_block(self.weights, prices, rows)
            violated = pairable & (slack.high < 0)
            violated[:, out] = False
            for row in np.flatnonzero(violated.any(axis=1)).tolist():
                a = rows.start + row
                if a in without:
                    continue
                worst = slack.order(row, np.flatnonzero(violated[row]))
                soft = self.weights.soft_row(a)
                found += [(a, b, int(soft[b])) for b in worst[:ADDED_PER_PERSON].tolist()]
        for a, b, soft_score in found:
            self._add(a, b, soft_score)
        return len(found)

    # -- a start from prices that no longer hold -------------------------------------------------

    @staticmethod
    def _raise(y: list[int], neighbours: list[dict[int, int]]) -> None:
        """Raise prices until no pair of the support has negative slack, the furthest off first."""
        short = [
            (y[a] + y[b] - weight, a, b)
            for a, around in enumerate(neighbours)
            for b, weight in around.items()
            if a < b and y[a] + y[b] < weight
        ]
        for _, a, b in sorted(short):
            y[a] += max(0, neighbours[a][b] - y[a] - y[b])

    @staticmethod
    def _keep_tight(mates: list[int], y: list[int], neighbours: list[dict[int, int]]) -> None:
        for v, mate in enumerate(mates):
            if mate != NOBODY and neighbours[v].get(mate) != y[v] + y[mate]:
                mates[v] = mates[mate] = NOBODY

    def _extended(self, prices: Prices, without: Collection[int]) -> Prices:
        """Prices for the people left out, too, so that they hold for every pair of the cohort."""
        if not without:
            return prices
        y = list(prices.y)
        done = set(range(self.people)) - set(without)
        for a in sorted(without):
            pairable = self.weights.rules.pairable(slice(a, a + 1))[0]
            around = [b for b in np.flatnonzero(pairable).tolist() if b in done]
            y[a] = max([0, *(self.weights.pair(a, b) - y[b] for b in around)])
            done.add(a)
        return replace(prices, y=tuple(y))
