"""What the hard rules and the soft score ask of people, as plain arrays for compiled code.

Whatever takes few values is looked up in a table that numpy fills in beforehand.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from .rules import Rules
from .scoring import FULL, UNSAID
from .table import UNKNOWN, Ints, Table, Words, counted_bits

Array = Any
ANY, SAME, DIFFERENT = 0, 1, 2
PARTS = ("common_time", "similar_commitment", "wants_and_offers", "different_goals",
         "different_department", "different_level", "same_place")  # fmt: skip
TIME, COMMITMENT, WANTS, GOALS, DEPARTMENT, LEVEL, PLACE = range(7)


class Columns(NamedTuple):
    """Words of bits are person × word."""

    weights: Array  # of the parts above, negative for the opposite
    total: int
    full: int  # the full score, times the sum of the weights
    free: Array
    free_known: Array
    time_part: Array  # by half-hours in common
    min_common: int
    hours: Array  # a code for each number of hours; the last code is "not said"
    hours_part: Array  # by the codes of both
    hours_fit: Array
    share: Array  # share[whole, part]: the part of the whole in thousandths
    wants: Array  # nothing, as in `offers`, for whoever did not say both what they want and what they offer
    offers: Array
    wanted: Array  # how many topics
    wants_lack: Array  # by how much both want, and how much of it the other offers: what they lack, times the weight
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
    said = (counted_bits(table.wants) > 0) & (counted_bits(table.offers) > 0)
    wants, offers = (np.where(said[:, None], words, np.uint64(0)) for words in (table.wants, table.offers))
    wanted = counted_bits(wants)
    goal_count = counted_bits(table.goals)
    gap, common = rules.policy.max_level_gap, rules.policy.min_common_hours
    step, level = np.unique(table.level, return_inverse=True)
    counts = np.arange(64 * free.shape[1] + 1)
    return Columns(
        weights=np.array(weights, dtype=np.int64),
        total=max(1, sum(map(abs, weights))),
        full=FULL * sum(map(abs, weights)),
        free=free,
        free_known=table.free_known,
        time_part=np.minimum(FULL, counts * FULL // (2 * policy.weights.enough_hours)),
        min_common=-1 if common is None else 2 * common,
        hours=hours,
        hours_part=hours_part,
        hours_fit=hours_fit,
        share=_shares(2 * int(goal_count.max(initial=1))),
        wants=_one_or_more(wants),
        offers=_one_or_more(offers),
        wanted=wanted,
        wants_lack=_wants_lack(int(wanted.max(initial=0)), weights[WANTS]),
        goals=_one_or_more(table.goals),
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


BY_PERSON = ("free", "free_known", "hours", "wants", "offers", "wanted", "goals", "goal_count",
             "department", "level", "place")  # fmt: skip


def in_line(c: Columns, line: Array) -> Columns:
    """The same people in another order: whoever stands at a place of the line gets its number."""
    place = np.empty_like(line)
    place[line] = np.arange(len(line))
    pinned = c.pinned[line]
    counts = np.diff(c.first_banned)[line]
    first = np.concatenate([[0], np.cumsum(counts)])
    of_each = np.arange(first[-1]) + np.repeat(c.first_banned[line] - first[:-1], counts)
    return c._replace(
        **{name: getattr(c, name)[line] for name in BY_PERSON},
        first_banned=first,
        banned=place[c.banned[of_each]],
        pinned=np.where(pinned == UNKNOWN, UNKNOWN, place[pinned]),
    )


def _shares(most: int) -> Array:
    whole, part = np.ogrid[: most + 1, : most + 1]
    shares: Ints = part * FULL // np.maximum(1, whole)
    return shares


def _wants_lack(most: int, weight: int) -> Array:
    """As in `scoring`: three parts the direction that fits less, one part the other."""
    share = _shares(most)
    given, taken = share[:, None, :, None], share[None, :, None, :]
    part = (3 * np.minimum(given, taken) + np.maximum(given, taken)) >> 2
    part[0] = part[:, 0] = UNSAID
    return weight * (FULL - part) if weight > 0 else -weight * part


def _hours(table: Table, ratio: Any) -> tuple[Array, Array, Array]:
    values = np.unique(table.hours[table.hours != UNKNOWN])
    codes = np.where(table.hours == UNKNOWN, len(values), np.searchsorted(values, table.hours))
    part = np.full((len(values) + 1, len(values) + 1), UNSAID, dtype=np.int64)
    fit = np.ones(part.shape, dtype=np.bool_)
    less, more = np.minimum.outer(values, values), np.maximum.outer(values, values)
    part[:-1, :-1] = less * FULL // np.maximum(1, more)
    if ratio is not None:
        fit[:-1, :-1] = more * ratio.denominator <= less * ratio.numerator
    return codes, part, fit


def _one_or_more(words: Words) -> Words:
    """Compiled code reads the first word of everybody, said or not."""
    return words if words.shape[1] else np.zeros((len(words), 1), dtype=np.uint64)


def _without_unused(free: Words) -> Words:
    """Only the half-hours that somebody has free, close together."""
    bits = np.unpackbits(free.view(np.uint8), axis=1, bitorder="little")
    used = bits[:, bits.any(axis=0)]
    packed = np.packbits(used, axis=1, bitorder="little")
    words = max(1, -(-packed.shape[1] // 8))
    padded = np.zeros((len(free), 8 * words), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


def _banned(rules: Rules, people: int) -> tuple[Array, Array]:
    pairs = chain.from_iterable(pair for listed in rules.listed.values() for pair in listed)
    a, b = np.fromiter(pairs, dtype=np.int64).reshape(-1, 2).T
    order = np.lexsort((b, a))
    return np.searchsorted(a[order], np.arange(people + 1)), b[order]


def _pinned(rules: Rules, people: int) -> Array:
    pinned = np.full(people, UNKNOWN, dtype=np.int64)
    for group in rules.pins.groups:
        for v in group:
            pinned[v] = rules.pins.partner.get(v, v)
    return pinned
