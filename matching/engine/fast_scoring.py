"""The hard rules and the soft score of `rules` and `scoring`, compiled, row by row.

The two say the same of every pair (the tests compare them); this one says it some twenty times as fast. Whatever
takes few values is looked up in a table that numpy fills in beforehand.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange, types
from numba.extending import intrinsic

from .rules import Rules
from .scoring import FULL, UNSAID
from .table import UNKNOWN, Table, Words, counted_bits

Array = Any
NO = -1  # in place of a score: the two may not be a pair
KEPT = 14_000
ANY, SAME, DIFFERENT = 0, 1, 2
PARTS = ("common_time", "similar_commitment", "wants_and_offers", "different_goals",
         "different_department", "different_level", "same_place")  # fmt: skip
TIME, COMMITMENT, WANTS, GOALS, DEPARTMENT, LEVEL, PLACE = range(7)


class Columns(NamedTuple):
    """What is asked of a pair, as plain arrays. Words of bits stand one below the other: word × person."""

    weights: Array  # of the parts above, negative for the opposite
    offset: int  # what the opposites add
    total: int
    free: Array
    free_known: Array
    time_part: Array  # by half-hours in common
    min_common: int
    hours: Array  # a code for each number of hours; the last code is "not said"
    hours_part: Array  # by the codes of both
    hours_fit: Array
    share: Array  # share[whole, part]: the part of the whole in thousandths
    wants: Array
    offers: Array
    wanted: Array
    tags_known: Array
    goals: Array
    goal_count: Array
    department: Array
    department_rule: int
    level: Array  # a code
    step: Array  # the level that a code stands for
    max_gap: int
    place: Array
    place_rule: int
    min_score: int
    first_banned: Array  # the people `banned[first_banned[a] : first_banned[a + 1]]` are not for a
    banned: Array
    pinned: Array  # whom a is pinned to, a itself within a pinned trio, else UNKNOWN


def columns_of(table: Table, rules: Rules) -> Columns:
    policy = table.problem.policy
    given = policy.weights.parts()
    weights = [given.get(part, 0) for part in PARTS]
    hours, hours_part, hours_fit = _hours(table, rules.policy.commitment_ratio)
    first_banned, banned = _banned(rules, len(table))
    free = _without_unused(table.free)
    wanted, goal_count = counted_bits(table.wants), counted_bits(table.goals)
    gap, common = rules.policy.max_level_gap, rules.policy.min_common_hours
    step, level = np.unique(table.level, return_inverse=True)
    counts = np.arange(64 * len(free) + 1)
    return Columns(
        weights=np.array(weights, dtype=np.int32),
        # "Same place" is asked as the opposite of "different places".
        offset=FULL * (sum(-weight for weight in weights[:PLACE] if weight < 0) + max(0, weights[PLACE])),
        total=max(1, sum(map(abs, weights))),
        free=free,
        free_known=table.free_known,
        time_part=np.minimum(FULL, counts * FULL // (2 * policy.weights.enough_hours)).astype(np.int32),
        min_common=-1 if common is None else 2 * common,
        hours=hours,
        hours_part=hours_part,
        hours_fit=hours_fit,
        share=_shares(max([1, *wanted.tolist(), *(2 * goal_count).tolist()])),
        wants=np.ascontiguousarray(table.wants.T),
        offers=np.ascontiguousarray(table.offers.T),
        wanted=wanted,
        tags_known=(wanted > 0) & (counted_bits(table.offers) > 0),
        goals=np.ascontiguousarray(table.goals.T),
        goal_count=goal_count,
        department=table.department,
        department_rule={"any": ANY, "same": SAME, "different": DIFFERENT}[rules.policy.department],
        level=np.where(table.level_known, level, UNKNOWN),
        step=step,
        max_gap=-1 if gap is None else gap,
        place=table.place,
        place_rule=SAME if rules.policy.same_place else ANY,
        min_score=rules.policy.min_score or 0,
        first_banned=first_banned,
        banned=banned,
        pinned=_pinned(rules, len(table)),
    )


def _shares(most: int) -> Array:
    whole, part = np.ogrid[: most + 1, : most + 1]
    return (part * FULL // np.maximum(1, whole)).astype(np.int32)


def _hours(table: Table, ratio: Any) -> tuple[Array, Array, Array]:
    values = np.unique(table.hours[table.hours != UNKNOWN])
    codes = np.where(table.hours == UNKNOWN, len(values), np.searchsorted(values, table.hours))
    part = np.full((len(values) + 1, len(values) + 1), UNSAID, dtype=np.int32)
    fit = np.ones(part.shape, dtype=np.bool_)
    less, more = np.minimum.outer(values, values), np.maximum.outer(values, values)
    part[:-1, :-1] = less * FULL // np.maximum(1, more)
    if ratio is not None:
        fit[:-1, :-1] = more * ratio.denominator <= less * ratio.numerator
    return codes, part, fit


def _without_unused(free: Words) -> Words:
    """Only the half-hours that somebody has free, close together."""
    bits = np.unpackbits(free.view(np.uint8), axis=1, bitorder="little")
    used = bits[:, bits.any(axis=0)]
    packed = np.packbits(used, axis=1, bitorder="little")
    words = max(1, -(-packed.shape[1] // 8))
    padded = np.zeros((len(free), 8 * words), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return np.ascontiguousarray(padded.view(np.uint64).T)


def _banned(rules: Rules, people: int) -> tuple[Array, Array]:
    pairs = sorted({pair for listed in rules.listed.values() for pair in listed})
    a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return np.searchsorted(a, np.arange(people + 1)), b.copy()


def _pinned(rules: Rules, people: int) -> Array:
    pinned = np.full(people, UNKNOWN, dtype=np.int64)
    for group in rules.pins.groups:
        for v in group:
            pinned[v] = rules.pins.partner.get(v, v)
    return pinned


@intrinsic
def ones(typing_context: Any, word: Any) -> Any:
    """How many bits of a 64-bit word are 1: one instruction of the processor."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


@njit(cache=True)
def _count_shared(words, others, a, start, counts):
    """counts[b]: how many bits words[:, a] has in common with others[:, b], for b from `start` on."""
    counts[start:] = 0
    for k in range(len(words)):
        mine, theirs = words[k, a], others[k]
        for b in range(start, len(counts)):
            counts[b] += np.int32(ones(mine & theirs[b]))  # type: ignore[call-arg]  # numba hands over its typing context itself


@njit(cache=True)
def _add_part(score, part, weight, start):
    for b in range(start, len(score)):
        score[b] += weight * part[b]


@njit(cache=True)
def _time_part(c, a, start, counts, part):
    _count_shared(c.free, c.free, a, start, counts)
    for b in range(start, len(part)):
        part[b] = c.time_part[counts[b]] if c.free_known[b] and c.free_known[a] else UNSAID


@njit(cache=True)
def _wants_part(c, a, start, counts, part):
    """As in `scoring`: three parts the direction that fits less, one part the other."""
    _count_shared(c.wants, c.offers, a, start, part)
    _count_shared(c.offers, c.wants, a, start, counts)
    for b in range(start, len(part)):
        given, taken = c.share[c.wanted[a], part[b]], c.share[c.wanted[b], counts[b]]
        part[b] = (3 * min(given, taken) + max(given, taken)) >> 2
        if not (c.tags_known[a] and c.tags_known[b]):
            part[b] = UNSAID


@njit(cache=True)
def _goals_part(c, a, start, counts, part):
    _count_shared(c.goals, c.goals, a, start, counts)
    mine = c.goal_count[a]
    for b in range(start, len(part)):
        theirs = c.goal_count[b]
        part[b] = FULL - c.share[mine + theirs - counts[b], counts[b]]
        if mine == 0 or theirs == 0:
            part[b] = UNSAID


@njit(cache=True)
def _apart(codes, a, start, part):
    """FULL where the codes differ, 0 where they are the same."""
    mine = codes[a]
    for b in range(start, len(part)):
        part[b] = FULL if codes[b] != mine else 0
        if codes[b] == UNKNOWN or mine == UNKNOWN:
            part[b] = UNSAID


@njit(cache=True)
def _add_apart(score, part, weight, codes, a, start):
    if weight != 0:
        _apart(codes, a, start, part)
        _add_part(score, part, weight, start)


@njit(cache=True)
def soft_row(c, a, start, score):
    """score[b] for b from `start` on: the soft score."""
    w = c.weights
    counts, part = np.empty(len(score), np.int32), np.empty(len(score), np.int32)
    score[start:] = c.offset
    if w[TIME] != 0:
        _time_part(c, a, start, counts, part)
        _add_part(score, part, w[TIME], start)
    if w[COMMITMENT] != 0:
        mine = c.hours_part[c.hours[a]]
        for b in range(start, len(part)):
            part[b] = mine[c.hours[b]]
        _add_part(score, part, w[COMMITMENT], start)
    if w[WANTS] != 0:
        _wants_part(c, a, start, counts, part)
        _add_part(score, part, w[WANTS], start)
    if w[GOALS] != 0:
        _goals_part(c, a, start, counts, part)
        _add_part(score, part, w[GOALS], start)
    _add_apart(score, part, w[DEPARTMENT], c.department, a, start)
    _add_apart(score, part, w[LEVEL], c.level, a, start)
    _add_apart(score, part, -w[PLACE], c.place, a, start)
    for b in range(start, len(score)):
        score[b] = np.uint32(score[b]) // np.uint32(c.total)


@njit(cache=True)
def _forbid_apart(codes, rule, a, start, part, score):
    if rule != ANY:
        _apart(codes, a, start, part)
        for b in range(start, len(score)):
            if part[b] == (FULL if rule == SAME else 0):
                score[b] = NO


@njit(cache=True)
def _forbid(c, a, start, score):
    """NO where a rule of the policy forbids the pair."""
    n = len(score)
    counts = np.empty(n, np.int32)
    fit = c.hours_fit[c.hours[a]]
    for b in range(start, n):
        if not fit[c.hours[b]]:
            score[b] = NO
    if c.max_gap >= 0 and c.level[a] != UNKNOWN:
        for b in range(start, n):
            if c.level[b] != UNKNOWN and abs(c.step[c.level[a]] - c.step[c.level[b]]) > c.max_gap:
                score[b] = NO
    _forbid_apart(c.department, c.department_rule, a, start, counts, score)
    _forbid_apart(c.place, c.place_rule, a, start, counts, score)
    if c.min_common >= 0 and c.free_known[a]:
        _count_shared(c.free, c.free, a, start, counts)
        for b in range(start, n):
            if c.free_known[b] and counts[b] < c.min_common:
                score[b] = NO


@njit(cache=True)
def _forbid_low(c, start, score):
    for b in range(start, len(score)):
        if score[b] < c.min_score:
            score[b] = NO


@njit(cache=True)
def meet_row(c, a, start, row):
    """row[b] for b from `start` on: the soft score, or NO where a rule forbids that the two meet."""
    score = np.empty(len(row), np.int32)
    soft_row(c, a, start, score)
    _forbid_low(c, start, score)
    _forbid(c, a, start, score)
    for k in range(c.first_banned[a], c.first_banned[a + 1]):
        if c.banned[k] < len(score):
            score[c.banned[k]] = NO
    score[a] = NO
    for b in range(start, len(row)):
        row[b] = score[b]


@njit(cache=True)
def score_row(c, a, start, row):
    """As `meet_row`, but whoever is pinned has only the one they are pinned to."""
    meet_row(c, a, start, row)
    pinned = c.pinned[a] != UNKNOWN
    for b in range(start, len(row)):
        if pinned or c.pinned[b] != UNKNOWN:
            row[b] = NO
    partner = c.pinned[a]
    if partner >= start and partner != a:
        row[partner] = soft_score(c, a, partner)


@njit(cache=True)
def soft_score(c, a, b):
    """The soft score of one pair."""
    one = np.empty(b + 1, np.int32)
    soft_row(c, a, b, one)
    return one[b]


@njit(cache=True, parallel=True)
def score_rows(c, first, rows):
    for k in prange(len(rows)):
        score_row(c, first + k, 0, rows[k])


@njit(cache=True, parallel=True)
def score_all(c, matrix):
    """The whole matrix; a pair is scored once."""
    n = len(matrix)
    for k in prange((n + 1) // 2):
        score_row(c, k, k, matrix[k])
        score_row(c, n - 1 - k, n - 1 - k, matrix[n - 1 - k])
    for block in prange((n + 63) // 64):
        for other in range(block + 1):
            for a in range(64 * block, min(n, 64 * block + 64)):
                for b in range(64 * other, min(a, 64 * other + 64)):
                    matrix[a, b] = matrix[b, a]


@njit(cache=True)
def score_pairs(c, first, second):
    scores = np.empty(len(first), dtype=np.int16)
    for k in range(len(first)):
        scores[k] = soft_score(c, first[k], second[k])
    return scores


@njit(cache=True)
def meet_pairs(c, first, second):
    meet = np.empty(len(first), dtype=np.bool_)
    for k in range(len(first)):
        row = np.empty(second[k] + 1, dtype=np.int16)
        meet_row(c, first[k], second[k], row)
        meet[k] = row[second[k]] != NO
    return meet


class Scorer:
    """Scores of one table: by block, all at once, or for a list of pairs."""

    def __init__(self, table: Table, rules: Rules) -> None:
        self.columns = columns_of(table, rules)
        self.people = len(table)
        self.looser: Scorer | None = None
        self.together = {(a, b) for group in rules.pins.groups for a in group for b in group if a != b}

    def asking_for(self, min_score: int) -> Scorer:
        """The same, with pairs below another least score left out."""
        other = copy(self)
        other.columns = self.columns._replace(min_score=min_score)
        other.looser = self if min_score >= self.columns.min_score else None
        other.__dict__.pop("kept", None)
        return other

    def _kept_from(self, looser: Scorer) -> Array:
        kept = np.where(looser.kept < self.columns.min_score, np.int16(NO), looser.kept)
        for a, b in self.together if len(kept) else ():
            kept[a, b] = looser.kept[a, b]
        return kept

    def block(self, rows: slice) -> Array:
        scores = np.empty((rows.stop - rows.start, self.people), dtype=np.int16)
        score_rows(self.columns, rows.start, scores)
        return scores

    @cached_property
    def kept(self) -> Array:
        """The scores of all pairs, or an empty matrix where they would take too much room."""
        if self.looser is not None:
            return self._kept_from(self.looser)
        size = self.people if self.people <= KEPT else 0
        scores = np.empty((size, size), dtype=np.int16)
        score_all(self.columns, scores)
        return scores

    def pairs(self, first: Array, second: Array) -> tuple[Array, Array]:
        """The soft score, and whether no rule keeps the two apart (be it as a pair or within a trio), of each pair."""
        ascending = np.minimum(first, second), np.maximum(first, second)
        meet = meet_pairs(self.columns, *ascending)
        if self.together:
            pairs = zip(first.tolist(), second.tolist(), strict=True)
            meet |= np.array([pair in self.together for pair in pairs], dtype=np.bool_)
        return score_pairs(self.columns, *ascending), meet
