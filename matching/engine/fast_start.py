"""Prices and pairs to begin from, on the support: first ones, and what is left of those for other pairs."""

from __future__ import annotations

import numpy as np

from .blossom import NOBODY
from .kernel import njit
from .two_words import BITS, less, tidy


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
