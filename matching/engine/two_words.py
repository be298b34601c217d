"""Whole numbers of up to 120 bits for compiled code: v = high * 2^60 + low with 0 <= low < 2^60.

Sums and differences are taken part by part, a few at a time, and made tidy before they are compared or kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .kernel import njit

BITS = 60
LOW = (1 << BITS) - 1
FAR = 1 << 62  # as a high part: further than any number
Array = Any
Two = tuple[Array, Array]


def in_two(values: Sequence[int]) -> Two:
    high = np.array([value >> BITS for value in values], dtype=np.int64)
    return high, np.array([value & LOW for value in values], dtype=np.int64)


def in_one(high: Array, low: Array) -> list[int]:
    return [(h << BITS) + part for h, part in zip(high.tolist(), low.tolist(), strict=True)]


def tidied(high: Array, low: Array) -> Two:
    return high + (low >> BITS), low & LOW


@njit(inline="always")
def tidy(high, low):
    return high + (low >> BITS), low & LOW


@njit(inline="always")
def half(high, low):
    return high >> 1, (low >> 1) + ((high & 1) << (BITS - 1))


@njit(inline="always")
def less(high, low, other_high, other_low):
    return high < other_high or (high == other_high and low < other_low)
