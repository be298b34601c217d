"""One whole number for each pair, so large in its upper digits that the order of aims is strict.

The weight of a pair {a, b} is  2 * (place_a + place_b + named_ab + soft_ab); that of a trio is half the sum
of its three pairs, which the factor 2 keeps whole. In every plan the pairs, counting a trio as one and a
half, number at most n/2. An aim's unit is larger than n times the most that all lower aims can add to one
pair. Two plans that differ in a higher aim differ by at least half its unit, so nothing below can outweigh
it:

    place     everyone who can be placed (a person with priority before one without); worth nothing for a stand-in
    mutual    how many named each other, then how highly
    one-way   how many were named by one, then how highly
    also      "also happy with"
    soft      the score, 0 to 1,000
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .compiled import scorer_for
from .plan import Tier
from .policy import Policy
from .rules import Rules
from .scoring import FULL, soft_scores
from .table import Ints, Table, Truths

Pair = tuple[int, int]
FEWEST_RANKS = 3


@dataclass(frozen=True)
class Units:
    """What one step of each aim is worth."""

    also: int
    one_way_rank: int
    one_way: int
    mutual_rank: int
    mutual: int
    priority: int
    place: int


def units(people: int, ranks: int, with_priority: int, policy: Policy) -> Units:
    if policy.order == "balanced":
        bonus = policy.bonuses
        also, one_way_rank, one_way = bonus.also, bonus.rank, bonus.one_way
        mutual_rank, mutual = bonus.rank, bonus.mutual
        most = FULL + 2 * also + one_way + mutual + 2 * ranks * bonus.rank
    else:
        also = people * FULL + 1
        one_way_rank = people * (FULL + 2 * also) + 1
        one_way = people * (FULL + 2 * also + ranks * one_way_rank) + 1
        mutual_rank = people * (FULL + 2 * also + ranks * one_way_rank + one_way) + 1
        below = FULL + 2 * also + ranks * one_way_rank + one_way + 2 * ranks * mutual_rank
        mutual = people * below + 1
        most = below + mutual
    priority = people * most + 1
    return Units(also, one_way_rank, one_way, mutual_rank, mutual, priority, priority * (with_priority + 1))


@dataclass(frozen=True)
class Named:
    """What the two of a pair said about each other: 0 nothing, -1 "also happy with", else the rank."""

    first: int
    second: int

    @property
    def tier(self) -> Tier:
        if self.first > 0 and self.second > 0:
            return "mutual"
        if self.first > 0 or self.second > 0:
            return "one-way"
        return "also" if self.first or self.second else "none"


class Weights:
    """The weights of all pairs of one table, by block or one by one."""

    def __init__(self, table: Table, rules: Rules) -> None:
        self.table = table
        self.rules = rules
        self.named = _named(table)
        said = [rank for named in self.named.values() for rank in (named.first, named.second)]
        self.ranks = max([FEWEST_RANKS, *said])
        stands_in = [person.stand_in for person in table.people]
        waiting = [person.waiting_priority and not person.stand_in for person in table.people]
        self.units = units(len(table), self.ranks, sum(waiting), table.problem.policy)
        place = [self.units.place + (self.units.priority if first else 0) for first in waiting]
        self.place = [0 if only_stands_in else own for own, only_stands_in in zip(place, stands_in, strict=True)]
        self.bonus = {pair: self._bonus(named) for pair, named in self.named.items()}
        self.partners: list[list[int]] = [[] for _ in range(len(table))]  # whom a nomination joins with whom
        for a, b in self.named:
            self.partners[a].append(b)
            self.partners[b].append(a)
        self.scorer = scorer_for(table, rules)
        self._soft: dict[Pair, int] = {}
        self._meet: dict[Pair, bool] = {}
        self._rows: dict[int, NDArray[np.int16]] = {}
        self._possible: dict[int, Truths] = {}

    def under(self, rules: Rules) -> Weights:
        """The same people and weights under other rules, which differ in the least score alone."""
        other = copy(self)
        other.rules, other._soft, other._meet, other._possible = rules, {}, {}, {}
        other.scorer = self.scorer and self.scorer.asking_for(rules.policy.min_score or 0)
        return other

    def _bonus(self, named: Named) -> int:
        u = self.units
        points = [self.ranks + 1 - rank for rank in (named.first, named.second) if rank > 0]
        also = u.also * [named.first, named.second].count(-1)
        if named.tier == "mutual":
            return u.mutual + u.mutual_rank * sum(points) + also
        if named.tier == "one-way":
            return u.one_way + u.one_way_rank * sum(points) + also
        return also

    @property
    def fit_two_words(self) -> bool:
        """Prices and their sums stay below 2^120: none exceeds the weight of a pair, 2 * (2 places and a bit)."""
        return 8 * max(self.place, default=0) < 1 << 119

    def named_by(self, a: int, b: int) -> Named:
        named = self.named.get((min(a, b), max(a, b)), Named(0, 0))
        return named if a < b else Named(named.second, named.first)

    def block(self, rows: slice) -> tuple[Truths, Ints]:
        """(may they be a pairing of two, soft score) for rows × all people."""
        if self.scorer is not None:
            scores = self.scorer.block(rows)
            return scores >= 0, scores.astype(np.int64)
        return self.rules.pairable(rows), soft_scores(self.table, rows)

    def whole(self, a: int, b: int, soft: int) -> int:
        """The weight of a pair whose soft score is known."""
        bonus = self.bonus.get((min(a, b), max(a, b)), 0)
        return 2 * (self.place[a] + self.place[b] + bonus + soft)

    def pair(self, a: int, b: int) -> int:
        return self.whole(a, b, self.soft(a, b))

    def trio(self, a: int, b: int, c: int) -> int:
        return (self.pair(a, b) + self.pair(a, c) + self.pair(b, c)) // 2

    def group(self, members: tuple[int, ...]) -> int:
        return self.pair(members[0], members[1]) if len(members) == 2 else self.trio(*members)

    def look_at(self, pairs: Iterable[Pair]) -> None:
        """Ask about many pairs a < b at once, before they are asked about one by one."""
        if self.scorer is not None:
            new = [pair for pair in pairs if pair not in self._soft]
            first, second = np.array(new, dtype=np.int64).reshape(-1, 2).T.copy()
            soft, meet = self.scorer.pairs(first, second)
            self._soft.update(zip(new, soft.tolist(), strict=True))
            self._meet.update(zip(new, meet.tolist(), strict=True))

    def soft(self, a: int, b: int) -> int:
        if self.scorer is None:
            return int(self.soft_row(a)[b])
        pair = (min(a, b), max(a, b))
        if pair not in self._soft:
            self.look_at([pair])
        return self._soft[pair]

    def may_meet(self, a: int, b: int) -> bool:
        """No rule forbids the two, be it as a pair or within a trio."""
        if self.scorer is not None:
            self.soft(a, b)
            return self._meet[min(a, b), max(a, b)]
        if a not in self._possible:
            self._possible[a] = self.rules.possible(slice(a, a + 1))[0]
        return bool(self._possible[a][b])

    def may_be_trio(self, a: int, b: int, c: int) -> bool:
        """All three pairs are possible, and nobody is kept from the one they are pinned to."""
        pins, trio = self.rules.pins, {a, b, c}
        if any(trio & set(pinned) for pinned in pins.trios):
            return False
        if any(pins.partner.get(v, v) not in trio for v in trio):
            return False
        return self.may_meet(a, b) and self.may_meet(a, c) and self.may_meet(b, c)

    def soft_row(self, a: int) -> NDArray[np.int16]:
        if a not in self._rows:
            self._rows[a] = soft_scores(self.table, slice(a, a + 1))[0].astype(np.int16)
        return self._rows[a]


def _named(table: Table) -> dict[Pair, Named]:
    said = {
        (table.index[n.from_id], table.index[n.to_id]): -1 if n.rank is None else n.rank
        for n in table.problem.nominations
    }
    pairs = sorted({(min(pair), max(pair)) for pair in said})
    return {(a, b): Named(said.get((a, b), 0), said.get((b, a), 0)) for a, b in pairs}
