"""Among plans of the same weight, one whose worst-off are as well off as can be, proven.

How well off: the lowest score of two people who sit together. Pairs that the lead has pinned are not counted.

Given a best plan of weight V whose lowest score is t, ask for more than the rules do: nobody below t + 1. Prices that
held still hold, for fewer pairs are allowed. If some plan under the tightened rules weighs V as well, go on from that
one; if not, new prices show that each weighs less, and they are the proof. Two ways to such prices:

1. Take somebody v of a pair below t + 1. If each pair that is left to them has some slack, y_v may fall by the least
   of it, and D with it. This looks at one row of pairs and is tried first.
2. The best plan under the tightened rules is found from where the search had ended.

Trios that V does not rule out are tried one by one, as in `trio`; they are few, for only those matter that would do
just as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from .blossom import Prices
from .optimum import Optimiser, Optimum, Tick
from .rules import Rules
from .scoring import FULL
from .trio import Bound, TooMany, Trio, WithTrio
from .weights import Weights

Pair = tuple[int, int]
AFFORDABLE = 5_000  # people; beyond that only the first way is tried
LOOKED_AT = 40  # people, in the first way
MOST_BELOW = 250  # pairs below the floor; with more the old prices are no start, and it would take as long as the plan
MOST_TRIOS = 20_000
MOST_TRIES = 60


@dataclass(frozen=True)
class WorstOff:
    """`score`: the lowest; None where only the lead has paired people. `prices` and those of the plan rule out more."""

    score: int | None
    prices: tuple[Prices, ...] = ()


class Unproven(Exception):
    """It would take too long to tell."""


def tightened(weights: Weights, score: int) -> Weights:
    """The same people, with nobody in a pairing below the score."""
    return weights.under(Rules(weights.table, replace(weights.rules.policy, min_score=score)))


def fairest(
    weights: Weights, optimiser: Optimiser, bound: type[Bound], answer: WithTrio, tick: Tick
) -> tuple[WithTrio, WorstOff | None]:
    """A plan of the same weight whose worst-off are as well off as can be; and the proof, or None if it is missing."""
    if not answer.proven:
        return answer, None
    climb = _Climb(weights, optimiser, bound, answer, tick)
    try:
        return climb.run()
    except (Unproven, TooMany):
        return climb.answer, None


class _Climb:
    def __init__(
        self, weights: Weights, optimiser: Optimiser, bound: type[Bound], answer: WithTrio, tick: Tick
    ) -> None:
        self.weights, self.optimiser, self.bound, self.tick = weights, optimiser, bound, tick
        self.answer = answer

    def run(self) -> tuple[WithTrio, WorstOff]:
        low = lowest_score(self.weights, self.answer)
        if low is None:
            return self.answer, WorstOff(None)
        proof: tuple[Prices, ...] = ()
        high, floor = FULL + 1, low + 1
        while low + 1 < high:
            self.tick("worst-off")
            found = _Attempt(self, floor).run()
            if isinstance(found, WithTrio):
                self.answer = found
                low = lowest_score(self.weights, found) or 0
            else:
                high, proof = floor, found
            floor = (low + high + 1) // 2
        return self.answer, WorstOff(low, proof)


class _Attempt:
    """Is there a plan of the same weight with nobody below the floor? If not, prices that say so."""

    def __init__(self, climb: _Climb, floor: int) -> None:
        self.answer, self.tick = climb.answer, climb.tick
        self.value = climb.answer.value
        self.weights = tightened(climb.weights, floor)
        self.floor = floor
        self.climb = climb
        self._optimiser: Optimiser | None = None

    def run(self) -> WithTrio | tuple[Prices, ...]:
        tight = next((prices for prices in self.answer.prices if prices.bound() == self.value), None)
        extra: list[Prices] = []
        if tight is not None:
            found = self._lowered(tight) or self._pairs()
            if isinstance(found, Optimum):
                return replace(self.answer, trio=None, optimum=found)
            extra.append(found)
        return self._with_trio(extra) or tuple(extra)

    @property
    def optimiser(self) -> Optimiser:
        if len(self.weights.table) > AFFORDABLE or len(self._below()) > MOST_BELOW:
            raise Unproven
        self._optimiser = self._optimiser or self.climb.optimiser.under(self.weights)
        return self._optimiser

    # -- plans of pairs --------------------------------------------------------------------------

    def _pairs(self) -> Optimum | Prices:
        optimum = self.optimiser.solve(self.answer.optimum)
        return optimum if optimum.value == self.value else optimum.prices

    def _lowered(self, prices: Prices) -> Prices | None:
        for v in [v for pair in self._below() for v in pair][:LOOKED_AT]:
            if (fall := min(prices.y[v], self._least_slack(prices, v))) > 0:
                return replace(prices, y=(*prices.y[:v], prices.y[v] - fall, *prices.y[v + 1 :]))
        return None

    def _below(self) -> list[Pair]:
        soft = self.climb.weights.soft  # which knows these pairs by now
        return [pair for pair in free_pairs(self.weights, self.answer) if soft(*pair) < self.floor]

    def _least_slack(self, prices: Prices, v: int) -> int:
        pairable, soft = self.weights.block(slice(v, v + 1))
        shared = _shared_with(prices, v)
        others = np.flatnonzero(pairable[0]).tolist()
        slacks = (prices.y[u] + shared.get(u, 0) - self.weights.whole(v, u, int(soft[0, u])) for u in others)
        return prices.y[v] + min(slacks, default=0)

    # -- plans with a trio -----------------------------------------------------------------------

    def _with_trio(self, extra: list[Prices]) -> WithTrio | None:
        """A plan of the same weight with a trio. If there is none, `extra` has what shows it."""
        if self.weights.table.problem.policy.odd != "trio" or not self._trio_could_do():
            return None
        bounds = [self.climb.bound(self.weights, prices) for prices in (*self.answer.prices, *extra)]
        for tried, trio in enumerate(self._open_trios(bounds)):
            if any(bound.of(trio) < self.value for bound in bounds):
                continue
            if tried >= MOST_TRIES:
                raise Unproven
            self.tick("trio")
            optimum = self.optimiser.solve(self.answer.optimum, without=trio)
            if optimum.value + self.weights.trio(*trio) == self.value:
                return replace(self.answer, trio=trio, optimum=optimum)
            extra.append(optimum.prices)
            bounds.append(self.climb.bound(self.weights, optimum.prices))
        return None

    def _trio_could_do(self) -> bool:
        """Where everyone is placed without one, a trio would leave somebody out."""
        placed = sum(mate >= 0 for mate in self.answer.optimum.mates) + sum(map(len, self.weights.rules.pins.trios))
        return self.answer.trio is not None or placed < len(self.weights.table)

    def _open_trios(self, bounds: list[Bound]) -> list[Trio]:
        found: dict[Trio, int] = {}
        for number, trio in enumerate(bounds[0].trios_above(self.value - 1)):
            if number >= MOST_TRIOS:
                raise Unproven
            lowest = min(bound.of(trio) for bound in bounds)
            if lowest >= self.value:
                found[trio] = lowest
        return sorted(found)


def free_pairs(weights: Weights, answer: WithTrio) -> Iterator[Pair]:
    """Every two who sit together and were not pinned."""
    pinned = {pair for group in weights.rules.pins.groups for pair in combinations(group, 2)}
    together = [(v, mate) for v, mate in enumerate(answer.optimum.mates) if v < mate]
    together += combinations(answer.trio or (), 2)
    yield from (pair for pair in together if pair not in pinned)


def lowest_score(weights: Weights, answer: WithTrio) -> int | None:
    return min((weights.soft(a, b) for a, b in free_pairs(weights, answer)), default=None)


def _shared_with(prices: Prices, v: int) -> dict[int, int]:
    """For each other person in a set, the sum of z over the sets that hold both."""
    rows = prices.nested()
    around = {inner: number for number, (_, within, _) in enumerate(rows) for inner in within}
    holding = next((number for number, (direct, _, _) in enumerate(rows) if v in direct), None)
    holds: set[int] = set()
    while holding is not None:
        holds.add(holding)
        holding = around.get(holding)
    sums: dict[int | None, int] = {None: 0}
    for number in reversed(range(len(rows))):  # a set stands after those within it
        sums[number] = sums[around.get(number)] + (rows[number][2] if number in holds else 0)
    return {u: sums[number] for number, (direct, _, _) in enumerate(rows) for u in direct}
