"""The slack of all pairs at once, exactly.

Prices outgrow 64 bits, so each number v is held as two: v = high * 2^60 + low with 0 <= low < 2^60.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    for members, z in prices.sets:
        columns = np.array(members)
        inside = columns[(columns >= rows.start) & (columns < rows.stop)] - rows.start
        if inside.size:
            corner = np.ix_(inside, columns)
            slack.low[corner] += z & LOW
            slack.high[corner] += (z >> BITS) + (slack.low[corner] >> BITS)
            slack.low[corner] &= LOW
    return pairable, slack


def _subtract_bonuses(slack: Wide, weights: Weights, rows: slice) -> None:
    named = [(a, b) for a in range(rows.start, rows.stop) for b in weights.partners[a]]
    if not named:
        return
    bonus = Wide.of(2 * weights.bonus[min(pair), max(pair)] for pair in named)
    a, b = np.array(named).T
    slack.high[a - rows.start, b] -= bonus.high
    slack.low[a - rows.start, b] -= bonus.low
