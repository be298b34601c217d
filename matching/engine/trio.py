"""The best plan with one trio, proven.

Let prices (y, z) hold for every pair of the cohort. If the people t = {a, b, c} form the trio, the others
make pairs among themselves that weigh no more than their share of the prices, so the whole plan weighs at
most

    bound(t) = w(t) + sum of y_v over v not in t + sum of z_S * floor(|S - t| / 2).

A trio whose bound does not exceed a plan already found is out. A trio that is not out is tried: the
matching of the others is solved, which gives a plan, perhaps a better one, and new prices under which
bound(t) is exact. The search ends when some prices rule out every trio.

Not all of the n^3/6 trios are looked at. With D = bound() of the prices and q_ij = y_i + y_j - w_ij,

    D - bound(t) = (q_ab + q_ac + q_bc) / 2 + sum of z_S over the S that hold two or three of t.

The pair ab is covered by the prices, so q_ab is no less than minus that last sum; likewise the others. So
bound(t) > value only if each of the three q is less than  2 * (D - value):  a triangle of nearly tight pairs.
(Trios that hold a pinned pair are listed one by one: such a pair may have no price to rely on.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .blossom import Prices
from .optimum import Optimiser, Optimum, Tick
from .slack import slack_block
from .weights import Weights

Trio = tuple[int, int, int]
CLOSE = 8
MOST_PAIRS = 400_000
MOST_TRIOS = 3_000_000


class TooMany(Exception):
    """More trios than can be looked at lie above the bound."""


@dataclass(frozen=True)
class WithTrio:
    """`trio` is None where a plan without one is as good. `prices` together rule out everything better."""

    trio: Trio | None
    optimum: Optimum
    value: int
    prices: tuple[Prices, ...]
    proven: bool = True


class Bound:
    """What one set of prices says about any trio."""

    def __init__(self, weights: Weights, prices: Prices) -> None:
        self.weights = weights
        self.prices = prices
        self.whole = prices.bound()
        self.around: list[list[int]] = [[] for _ in prices.y]  # numbers of the sets around each person
        for number, (members, _) in enumerate(prices.sets):
            for v in members:
                self.around[v].append(number)
        self.deepest = max((self._total(numbers) for numbers in self.around), default=0)

    def _total(self, numbers: list[int]) -> int:
        return sum(self.prices.sets[number][1] for number in numbers)

    def of(self, trio: Trio) -> int:
        a, b, c = trio
        y = self.prices.y
        in_a, in_b, in_c = (set(self.around[v]) for v in trio)
        shared = (in_a & in_b) | (in_a & in_c) | (in_b & in_c)
        return self.weights.trio(a, b, c) + self.whole - y[a] - y[b] - y[c] - self._total(list(shared))

    def near_pairs(self, limit: int) -> list[tuple[int, int]]:
        """Pairs a < b with q below the limit: their slack, but for the sets."""
        found: list[tuple[int, int]] = []
        for rows in self.weights.table.blocks():
            pairable, slack = slack_block(self.weights, Prices(self.prices.y), rows)
            near = pairable & slack.below(limit)
            near &= np.arange(rows.start, rows.stop)[:, None] < np.arange(near.shape[1])[None, :]
            if len(found) + np.count_nonzero(near) > MOST_PAIRS:
                raise TooMany
            found += [(rows.start + a, b) for a, b in np.argwhere(near).tolist()]
        return found

    def closest(self, near: int) -> list[tuple[int, int]]:
        """For each person the pairs of least slack."""
        pairs: set[tuple[int, int]] = set()
        for rows in self.weights.table.blocks():
            pairable, slack = slack_block(self.weights, self.prices, rows)
            for row in range(rows.stop - rows.start):
                a = rows.start + row
                columns = slack.order(row, np.flatnonzero(pairable[row]))[:near].tolist()
                pairs.update((min(a, b), max(a, b)) for b in columns)
        return sorted(pairs)

    def trios_above(self, value: int) -> Iterator[Trio]:
        """Every possible trio whose bound exceeds the value."""
        for trio in triangles(self.near_pairs(2 * (self.whole - value)), len(self.prices.y)):
            if self.weights.may_be_trio(*trio) and self.of(trio) > value:
                yield trio
        for trio in pinned_trios(self.weights):
            if self.of(trio) > value:
                yield trio


def triangles(pairs: list[tuple[int, int]], people: int) -> Iterator[Trio]:
    later: list[set[int]] = [set() for _ in range(people)]
    for a, b in pairs:
        later[a].add(b)
    for a, b in pairs:
        for c in sorted(later[a] & later[b]):
            yield a, b, c


def pinned_trios(weights: Weights) -> Iterator[Trio]:
    """Trios made of a pinned pair and one more."""
    for a, b in sorted(weights.rules.pins.partner.items()):
        if a < b:
            for c in range(len(weights.table)):
                if c not in (a, b) and weights.may_be_trio(a, b, c):
                    first, second, third = sorted((a, b, c))
                    yield first, second, third


def best_with_trio(
    weights: Weights, optimiser: Optimiser, pairs_only: Optimum, tick: Tick, bound: type[Bound] = Bound
) -> WithTrio:
    """The best plan with at most one trio, given the best without."""
    search = _Search(weights, optimiser, pairs_only, tick, bound)
    try:
        search.run()
    except TooMany:
        search.proven = False
    prices = tuple(bound.prices for bound in search.bounds)
    return WithTrio(search.trio, search.optimum, search.value, prices, search.proven)


class _Search:
    def __init__(
        self, weights: Weights, optimiser: Optimiser, pairs_only: Optimum, tick: Tick, bound: type[Bound]
    ) -> None:
        self.weights, self.optimiser, self.pairs_only, self.tick = weights, optimiser, pairs_only, tick
        self.bound = bound
        self.trio: Trio | None = None
        self.optimum, self.value = pairs_only, pairs_only.value
        self.bounds = [bound(weights, pairs_only.prices)]
        self.proven = True

    def run(self) -> None:
        first = self._promising()
        if first is not None:
            self._try(first)
        open_trios = self._open_trios()
        while open_trios:
            best = max(open_trios, key=lambda trio: (open_trios[trio], [-v for v in trio]))
            newest = self._try(best)
            open_trios = {
                trio: lower
                for trio, bound in open_trios.items()
                if (lower := min(bound, newest.of(trio))) > self.value and trio != best
            }

    def _promising(self) -> Trio | None:
        """A trio of high bound, from the triangles of each person's least slacks."""
        bound = self.bounds[0]
        near = CLOSE
        while True:
            trios = [t for t in triangles(bound.closest(near), len(self.weights.table)) if self.weights.may_be_trio(*t)]
            trios += pinned_trios(self.weights)
            if trios:
                return max(trios, key=lambda trio: (bound.of(trio), [-v for v in trio]))
            if near >= len(self.weights.table):
                return None
            near *= 4

    def _open_trios(self) -> dict[Trio, int]:
        """Trios that no prices so far rule out, with the least of their bounds."""
        open_trios: dict[Trio, int] = {}
        self._narrowest_first()
        for number, trio in enumerate(self.bounds[0].trios_above(self.value)):
            if number >= MOST_TRIOS:
                raise TooMany
            lowest = min(bound.of(trio) for bound in self.bounds)
            if lowest > self.value:
                open_trios[trio] = lowest
        return open_trios

    def _narrowest_first(self) -> None:
        """Put the prices with the smallest field of candidates first; the verifier walks that field, too."""
        self.bounds.sort(key=lambda bound: 2 * (bound.whole - self.value) + bound.deepest)

    def _try(self, trio: Trio) -> Bound:
        self.tick("trio")
        optimum = self.optimiser.solve(self.pairs_only, without=trio)
        value = optimum.value + self.weights.trio(*trio)
        if value > self.value:
            self.trio, self.optimum, self.value = trio, optimum, value
        self.bounds.append(self.bound(self.weights, optimum.prices))
        return self.bounds[-1]
