"""The soft score of a pair: a whole number from 0 (nothing fits) to 1,000 (everything does).

Each part is itself 0 to 1,000, or 500 where one of the two has not said enough to tell. The score is the
mean of the parts under the policy's weights, rounded down; a negative weight counts the part's opposite,
1,000 - part.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .policy import FULL
from .table import UNKNOWN, Ints, Table, Truths, counted_bits, shared_bits

UNSAID = 500


def soft_scores(table: Table, rows: slice) -> Ints:
    """A block of scores: rows asked for × all people. Symmetric, so a pair has one score."""
    weights = table.problem.policy.weights.parts()
    total = np.zeros((rows.stop - rows.start, len(table)), dtype=np.int64)
    for name, weight in weights.items():
        part = PARTS[name](table, rows)
        total += abs(weight) * (part if weight > 0 else FULL - part)
    return total // max(1, sum(map(abs, weights.values())))


def _common_time(table: Table, rows: slice) -> Ints:
    enough = 2 * table.problem.policy.weights.enough_hours
    shared = shared_bits(table.free, table.free, rows)
    return _where_said(np.minimum(FULL, shared * FULL // enough), table.free_known, rows)


def _similar_commitment(table: Table, rows: slice) -> Ints:
    mine, theirs = table.hours[rows, None], table.hours[None, :]
    part = np.minimum(mine, theirs) * FULL // np.maximum(1, np.maximum(mine, theirs))
    return _where_said(part, table.hours != UNKNOWN, rows)


def _wants_and_offers(table: Table, rows: slice) -> Ints:
    """Three parts the direction that fits less, one part the other: fitting both ways is what counts."""
    wanted = counted_bits(table.wants)
    given = shared_bits(table.wants, table.offers, rows) * FULL // np.maximum(1, wanted[rows, None])
    taken = shared_bits(table.offers, table.wants, rows) * FULL // np.maximum(1, wanted[None, :])
    part = (3 * np.minimum(given, taken) + np.maximum(given, taken)) // 4
    said = (wanted > 0) & (counted_bits(table.offers) > 0)
    return _where_said(part, said, rows)


def _different_goals(table: Table, rows: slice) -> Ints:
    count = counted_bits(table.goals)
    shared = shared_bits(table.goals, table.goals, rows)
    together = count[rows, None] + count[None, :] - shared
    return _where_said(FULL - shared * FULL // np.maximum(1, together), count > 0, rows)


def _different_department(table: Table, rows: slice) -> Ints:
    different = table.department[rows, None] != table.department[None, :]
    return _where_said(different * np.int64(FULL), table.department != UNKNOWN, rows)


def _different_level(table: Table, rows: slice) -> Ints:
    different = table.level[rows, None] != table.level[None, :]
    return _where_said(different * np.int64(FULL), table.level_known, rows)


def _same_place(table: Table, rows: slice) -> Ints:
    same = table.place[rows, None] == table.place[None, :]
    return _where_said(same * np.int64(FULL), table.place != UNKNOWN, rows)


PARTS: dict[str, Callable[[Table, slice], Ints]] = {
    "common_time": _common_time,
    "similar_commitment": _similar_commitment,
    "wants_and_offers": _wants_and_offers,
    "different_goals": _different_goals,
    "different_department": _different_department,
    "different_level": _different_level,
    "same_place": _same_place,
}


def _where_said(part: Ints, said: Truths, rows: slice) -> Ints:
    return np.where(said[rows, None] & said[None, :], part, np.int64(UNSAID))
