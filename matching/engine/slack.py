"""The slack of all pairs at once, exactly.

Prices outgrow 64 bits, so each number v is held as two: v = high * 2^60 + low with 0 <= low < 2^60.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .blossom import Prices
from .table import Ints, Truths
from .weights import Weights

BITS = 60
LOW = (1 << BITS) - 1


@dataclass
class Wide:
    """An array of numbers in two parts."""

    high: Ints
    low: Ints

    @classmethod
    def of(cls, values: Iterable[int]) -> Wide:
        numbers = list(values)
        return cls(
            np.array([v >> BITS for v in numbers], dtype=np.int64),
            np.array([v & LOW for v in numbers], dtype=np.int64),
        )

    def carry(self) -> None:
        self.high += self.low >> BITS
        self.low &= LOW

    def below(self, limit: int) -> Truths:
        high, low = limit >> BITS, limit & LOW
        below: Truths = (self.high < high) | ((self.high == high) & (self.low < low))
        return below

    def order(self, row: int, columns: Ints) -> Ints:
        """The columns of a row, least number first, equals in their given order."""
        return columns[np.lexsort((self.low[row, columns], self.high[row, columns]))]


def slack_block(weights: Weights, prices: Prices, rows: slice) -> tuple[Truths, Wide]:
    """(may they be a pairing of two, slack under `prices`) for rows × all people."""
    pairable, soft = weights.block(rows)
    own = Wide.of(y - 2 * place for y, place in zip(prices.y, weights.place, strict=True))
    slack = Wide(
        own.high[rows, None] + own.high[None, :],
        own.low[rows, None] + own.low[None, :] - 2 * soft,
    )
    _subtract_bonuses(slack, weights, rows)
    slack.carry()
    _add_sets(slack, prices, rows)
    return pairable, slack


def _add_sets(slack: Wide, prices: Prices, rows: slice) -> None:
    """Add z_S for every set S that holds both of a pair.

    The sets are nested or apart. From the largest down each says what its pairs have in all, but only for pairs that
    are not within its largest part, which has its own say later; so hardly any pair is written more than once.
    """
    shared = Wide(np.zeros_like(slack.high), np.zeros_like(slack.low))
    for columns, rest, total in _nested(prices):
        for some, others in ((rest, columns), (columns, rest)):
            inside = some[(some >= rows.start) & (some < rows.stop)] - rows.start
            corner = np.ix_(inside, others)
            shared.high[corner] = total >> BITS
            shared.low[corner] = total & LOW
    slack.high += shared.high
    slack.low += shared.low
    slack.carry()


def _nested(prices: Prices) -> Iterator[tuple[Ints, Ints, int]]:
    """Largest first: members, those outside the largest set within, and the sum of z over the set and all around it."""
    sets = sorted(prices.sets, key=lambda row: -len(row[0]))
    smallest: dict[int, int] = {}
    totals: list[int] = []
    largest_part: dict[int, frozenset[int]] = {}
    for number, (members, z) in enumerate(sets):
        parent = smallest.get(members[0])
        totals.append(z + (0 if parent is None else totals[parent]))
        if parent is not None:
            largest_part.setdefault(parent, frozenset(members))
        smallest.update(dict.fromkeys(members, number))
    for number, (members, _) in enumerate(sets):
        part = largest_part.get(number, frozenset())
        yield np.array(members), np.array([v for v in members if v not in part], dtype=np.int64), totals[number]


def _subtract_bonuses(slack: Wide, weights: Weights, rows: slice) -> None:
    named = [(a, b) for a in range(rows.start, rows.stop) for b in weights.partners[a]]
    if not named:
        return
    bonus = Wide.of(2 * weights.bonus[min(pair), max(pair)] for pair in named)
    a, b = np.array(named).T
    slack.high[a - rows.start, b] -= bonus.high
    slack.low[a - rows.start, b] -= bonus.low
