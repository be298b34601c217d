"""The hard rules and the soft score of `rules` and `scoring`, compiled, pair by pair.

The two say the same of every pair (the tests compare them); this one says it in a few nanoseconds. It counts what a
pair lacks of the full score and may stop as soon as that is too much for whoever asks.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from .fast_columns import (
    ANY,
    COMMITMENT,
    DEPARTMENT,
    GOALS,
    LEVEL,
    PLACE,
    SAME,
    TIME,
    WANTS,
    Array,
    columns_of,
)  # fmt: skip
from .kernel import njit, prange
from .rules import Rules
from .scoring import FULL, UNSAID
from .table import UNKNOWN, Table

NO = -1  # in place of a score: the two may not be a pair


@intrinsic
def ones(typing_context: Any, word: Any) -> Any:
    """How many bits of a 64-bit word are 1: one instruction of the processor."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


@njit(inline="always")
def _shared(words, a, others, b):
    # The first word without a loop: mostly there is no other.
    count = np.int64(ones(words[a, 0] & others[b, 0]))  # type: ignore  # numba hands over its typing context itself
    for k in range(1, words.shape[1]):
        count += np.int64(ones(words[a, k] & others[b, k]))
    return count


# -- the soft score ------------------------------------------------------------------------------


@njit(inline="always")
def _time_part(c, a, b):
    if not (c.free_known[a] and c.free_known[b]):
        return UNSAID
    return c.time_part[_shared(c.free, a, c.free, b)]


@njit(inline="always")
def _goals_part(c, a, b):
    mine, theirs = c.goal_count[a], c.goal_count[b]
    if mine == 0 or theirs == 0:
        return UNSAID
    common = _shared(c.goals, a, c.goals, b)
    return FULL - c.share[mine + theirs - common, common]


@njit(inline="always")
def _apart(codes, a, b):
    """FULL where the codes differ, 0 where they are the same."""
    if codes[a] == UNKNOWN or codes[b] == UNKNOWN:
        return UNSAID
    return FULL if codes[a] != codes[b] else 0


@njit(inline="always")
def _lacks(weight, part):
    return weight * (FULL - part) if weight > 0 else -weight * part


@njit(inline="always")
def lack(c, a, b, most):
    """What the two lack of the full score, times the sum of weights; once that exceeds `most`, maybe not all of it."""
    w = c.weights
    total = 0
    if w[WANTS] != 0:
        given, taken = _shared(c.wants, a, c.offers, b), _shared(c.offers, a, c.wants, b)
        total += c.wants_lack[c.wanted[a], c.wanted[b], given, taken]
        if total > most:
            return total
    if w[TIME] != 0:
        total += _lacks(w[TIME], _time_part(c, a, b))
        if total > most:
            return total
    if w[COMMITMENT] != 0:
        total += _lacks(w[COMMITMENT], c.hours_part[c.hours[a], c.hours[b]])
    if w[GOALS] != 0:
        total += _lacks(w[GOALS], _goals_part(c, a, b))
    if w[DEPARTMENT] != 0:
        total += _lacks(w[DEPARTMENT], _apart(c.department, a, b))
    if w[LEVEL] != 0:
        total += _lacks(w[LEVEL], _apart(c.level, a, b))
    if w[PLACE] != 0:
        total += _lacks(-w[PLACE], _apart(c.place, a, b))
    return total


@njit(inline="always")
def most_lack(c, least):
    """A score is at least so much if it lacks no more than this."""
    return c.full - c.total * least


@njit(inline="always")
def score_lacking(c, lacking):
    return (c.full - lacking) // c.total


@njit(inline="always")
def soft_score(c, a, b):
    return score_lacking(c, lack(c, a, b, c.full))


# -- the rules -----------------------------------------------------------------------------------


@njit(inline="always")
def _breaks(codes, rule, a, b):
    return rule != ANY and _apart(codes, a, b) == (FULL if rule == SAME else 0)


@njit(cache=True)
def _forbidden(c, a, b):
    """Whether a rule of the policy forbids the pair."""
    if not c.hours_fit[c.hours[a], c.hours[b]]:
        return True
    levels_known = c.level[a] != UNKNOWN and c.level[b] != UNKNOWN
    if c.max_gap >= 0 and levels_known and abs(c.step[c.level[a]] - c.step[c.level[b]]) > c.max_gap:
        return True
    if _breaks(c.department, c.department_rule, a, b) or _breaks(c.place, c.place_rule, a, b):
        return True
    times_known = c.free_known[a] and c.free_known[b]
    if c.min_common >= 0 and times_known and _shared(c.free, a, c.free, b) < c.min_common:
        return True
    return c.min_score > 0 and soft_score(c, a, b) < c.min_score


@njit(cache=True)
def may_meet(c, a, b):
    """No rule keeps the two apart."""
    if a == b or _forbidden(c, a, b):
        return False
    banned = False
    for k in range(c.first_banned[a], c.first_banned[a + 1]):
        banned |= c.banned[k] == b
    return not banned


@njit(cache=True)
def may_pair(c, a, b):
    """As `may_meet`, but whoever is pinned has only the one they are pinned to."""
    if c.pinned[a] != UNKNOWN or c.pinned[b] != UNKNOWN:
        return a != b and c.pinned[a] == b
    return may_meet(c, a, b)


@njit(cache=True, parallel=True)
def score_rows(c, first, rows):
    for k in prange(len(rows)):
        for b in range(rows.shape[1]):
            rows[k, b] = soft_score(c, first + k, b) if may_pair(c, first + k, b) else NO


@njit(cache=True)
def score_pairs(c, first, second):
    """The soft score of each pair, and whether the two may meet."""
    soft, meet = np.empty(len(first), dtype=np.int64), np.empty(len(first), dtype=np.bool_)
    for k in range(len(first)):
        soft[k], meet[k] = soft_score(c, first[k], second[k]), may_meet(c, first[k], second[k])
    return soft, meet


class Scorer:
    """Scores of one table: by block, or for a list of pairs."""

    def __init__(self, table: Table, rules: Rules) -> None:
        self.columns = columns_of(table, rules)
        self.people = len(table)
        self.together = {(a, b) for group in rules.pins.groups for a in group for b in group if a != b}

    def asking_for(self, min_score: int) -> Scorer:
        """The same, with pairs below another least score left out."""
        other = copy(self)
        other.columns = self.columns._replace(min_score=min_score)
        return other

    def block(self, rows: slice) -> Array:
        scores = np.empty((rows.stop - rows.start, self.people), dtype=np.int16)
        score_rows(self.columns, rows.start, scores)
        return scores

    def pairs(self, first: Array, second: Array) -> tuple[Array, Array]:
        """The soft score, and whether no rule keeps the two apart (be it as a pair or within a trio), of each pair."""
        soft, meet = score_pairs(self.columns, first, second)
        if self.together:
            pairs = zip(first.tolist(), second.tolist(), strict=True)
            meet |= np.array([pair in self.together for pair in pairs], dtype=np.bool_)
        return soft, meet
