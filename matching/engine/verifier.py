"""Checks a plan without trusting whatever made it. Read this file to know what "proven" means.

It takes from the rest of the engine only the question: which pairs the rules allow and what each weighs.
Then:

1. The plan keeps the rules: nobody twice, everyone either placed or listed as unplaced (but for a stand-in who is
   not needed), at most one trio that the lead did not pin, every pair allowed, every weight as it should be.
2. Prices. Each person v has a price y_v >= 0 and each listed odd set S a price z_S >= 0. For EVERY allowed
   pair

       y_a + y_b + (sum of z_S over the S that hold both)  >=  w_ab.

   Add this up over the pairs of any plan without a trio: its weight is at most
   D = sum of y_v + sum of z_S * floor(|S| / 2), for no person is counted twice, and at most floor(|S| / 2)
   disjoint pairs fit into S.
3. If the people t form a trio, the same sum over the others shows that the plan weighs at most
   bound(t) = w(t) + sum of y_v outside t + sum of z_S * floor(|S - t| / 2).
4. If D and bound(t), for every allowed t, do not exceed the weight of the plan, no plan is better. For each
   t some prices of the certificate must show it; there may be several.

5. Worst off. The plan's lowest score, of two who sit together and were not pinned, is t. Steps 2 to 4 once more, for
   rules that ask for t + 1 at least, show that each plan which keeps them weighs less than this one. So among the
   plans that are as good none has a higher lowest score. (A certificate may leave this out; the plan then says so.)

Two short cuts, both safe. If everyone is placed without a trio, one trio would leave somebody out (there
are then an odd number of others), and placing one person outweighs all else. And a trio is looked at one by
one only if each of its three pairs has y_a + y_b - w_ab < 2 (D - value) under the first prices: with q_ab for
that difference and Z for the sum of z_S over the sets that hold two or three of t,

    2 (D - bound(t)) = q_ab + q_ac + q_bc + 2 Z,

and no q is below -Z, since its pair is covered. Trios that hold a pinned pair are all looked at.

The sets come nested: each lists the people that are in no smaller set, and the numbers of the next smaller
sets, all of which stand before it. So no two of them cross, and thousands of them take little room. Prices may
outgrow 64 bits and are held as two numbers, high * 2^60 + low with 0 <= low < 2^60.

Large cohorts are looked at by `fast_sweep`, which does the same as `_over` and `_shared` here, compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from .plan import NotProven, Plan
from .problem import Problem, cleaned
from .reasons import tier_of
from .rules import Rules
from .scoring import FULL
from .table import Ints, Table, Truths
from .weights import Weights

if TYPE_CHECKING:
    from .fast_scoring import Scorer

Group = tuple[int, ...]
BITS = 60
LOW = (1 << BITS) - 1
MANY = 1 << 40
UNKNOWN_FORM = "the certificate is not in the known form"


def verify(problem: Problem, plan: Plan) -> None:
    """Raise NotProven unless the plan keeps all rules and no plan can be better."""
    table = Table(cleaned(problem)[0])
    Verifier(Weights(table, Rules(table)), plan).check()


class Verifier:
    def __init__(self, weights: Weights, plan: Plan) -> None:
        self.weights = weights
        self.table = weights.table
        self.plan = plan
        self.pinned_trios = set(weights.rules.pins.trios)

    def check(self) -> None:
        groups = [self._group(pairing.members) for pairing in self.plan.pairings]
        self.weights.look_at(pair for group in groups for pair in combinations(group, 2))
        self._check_rules(groups)
        value = sum(self.weights.group(group) for group in groups if group not in self.pinned_trios)
        _demand(self.plan.certificate.get("value") == value, "the certificate is about another plan")
        proofs = [Proof(self.weights, entry) for entry in _list(self.plan.certificate.get("prices"))]
        _demand(bool(proofs), "the certificate holds no prices")
        self.has_trio = any(len(group) == 3 and group not in self.pinned_trios for group in groups)
        self._check_none_above(value, proofs, self.weights)
        claim = self.plan.certificate.get("worst_off")
        _demand(self.plan.summary.get("worst_off_proven", False) == (claim is not None), UNKNOWN_FORM)
        if claim is not None:
            self._check_worst_off(groups, claim, value, proofs)

    def _check_none_above(self, value: int, proofs: list[Proof], weights: Weights) -> None:
        """2 to 4: no plan weighs more."""
        if self.plan.unplaced or not self.has_trio:  # with a trio and everyone placed, pairs alone leave somebody out
            _demand(min(proof.bound for proof in proofs) <= value, "a better plan without a trio is not ruled out")
        if self.table.problem.policy.odd == "trio" and (self.plan.unplaced or self.has_trio):
            self._check_trios(proofs, value, weights)

    # -- 1: the rules ----------------------------------------------------------------------------

    def _group(self, members: Iterable[str]) -> Group:
        _demand(all(m in self.table.index for m in members), "somebody in the plan is not in the cohort")
        return tuple(sorted(self.table.index[m] for m in members))

    def _check_rules(self, groups: list[Group]) -> None:
        placed = [v for group in groups for v in group]
        waiting = [self.table.index.get(person.person_id, -1) for person in self.plan.unplaced]
        unused = [v for v, person in enumerate(self.table.people) if person.stand_in and v not in placed]
        _demand(
            sorted(placed + waiting + unused) == list(range(len(self.table))),
            "not everyone is accounted for exactly once",
        )
        pins = self.weights.rules.pins
        _demand(self.pinned_trios <= set(groups), "a pinned trio is not in the plan")
        together = {v: set(group) for group in groups for v in group}
        _demand(all(b in together.get(a, ()) for a, b in pins.partner.items()), "a pinned pair is not in the plan")
        own = [group for group in groups if len(group) == 3 and group not in self.pinned_trios]
        _demand(
            len(own) <= (self.table.problem.policy.odd == "trio"),
            "there are more trios than the policy allows",
        )
        for group, pairing in zip(groups, self.plan.pairings, strict=True):
            _demand(len(group) in (2, 3), "a pairing has neither two nor three members")
            _demand(all(self.weights.may_meet(a, b) for a, b in combinations(group, 2)), "a pairing breaks a rule")
            _demand(pairing.weight == self.weights.group(group), "a weight is wrong")
            _demand(pairing.tier == tier_of(self.weights, group), "a tier is wrong")

    # -- 3 and 4: no trio is better --------------------------------------------------------------

    def _check_trios(self, proofs: list[Proof], value: int, weights: Weights) -> None:
        first = proofs[0]
        for trio in self._trios(first.near_pairs(2 * (first.bound - value), weights)):
            if not weights.may_be_trio(*trio):
                continue
            weight = weights.trio(*trio)
            ruled_out = any(weight + proof.bound_without(trio) <= value for proof in proofs)
            _demand(ruled_out, "a plan with another trio is not ruled out")

    def _trios(self, near: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
        beside: dict[int, set[int]] = {}
        for a, b in near:
            beside.setdefault(a, set()).add(b)
        for a, later in sorted(beside.items()):
            for b in sorted(later):
                yield from ((a, b, c) for c in sorted(later & beside.get(b, set())))
        for a, b in self.weights.rules.pins.partner.items():
            yield from ((a, b, c) for c in range(len(self.table)) if c not in (a, b))

    # -- 5: nobody worse off than needs be -------------------------------------------------------

    def _check_worst_off(self, groups: list[Group], claim: Any, value: int, proofs: list[Proof]) -> None:
        _demand(isinstance(claim, dict) and set(claim) == {"score", "prices"}, UNKNOWN_FORM)
        pinned = {pair for group in self.weights.rules.pins.groups for pair in combinations(group, 2)}
        free = {pair for group in groups for pair in combinations(group, 2)} - pinned
        lowest = min((self.weights.soft(a, b) for a, b in free), default=None)
        _demand(claim["score"] == lowest, "the lowest score is another one")
        if lowest is None or lowest == FULL:
            return
        rules = Rules(self.table, replace(self.weights.rules.policy, min_score=lowest + 1))
        fewer = Weights(self.table, rules)
        # Prices that hold for every allowed pair hold for fewer pairs, too. Of equal weight means above `value - 1`.
        more = [Proof(fewer, entry, proofs[0]) for entry in _list(claim["prices"])]
        self._check_none_above(value - 1, proofs + more, fewer)


class Proof:
    """2: prices that hold for every allowed pair. `before` is a proof that was checked for these pairs and more."""

    def __init__(self, weights: Weights, entry: Any, before: Proof | None = None) -> None:
        self.weights = weights
        self.index = weights.table.index
        _demand(isinstance(entry, dict) and set(entry) == {"people", "sets"}, UNKNOWN_FORM)
        people: Any = entry["people"]
        known = isinstance(people, dict) and set(people) == set(self.index)
        _demand(known, "there is not one price for each person")
        self.y = [_price(people[person_id]) for person_id in weights.table.ids]
        self._read_sets(_list(entry["sets"]))
        self.bound = sum(self.y) + sum(z * (size // 2) for z, size in zip(self.z, self.size, strict=True))
        self.own = _in_two([y - 2 * place for y, place in zip(self.y, weights.place, strict=True)])
        self._check_every_pair(before)

    def _read_sets(self, rows: list[Any]) -> None:
        """For each person their smallest set, for each set the next around it (-1: none), its z and its size."""
        self.smallest = [-1] * len(self.y)
        self.around = [-1] * len(rows)
        self.z: list[int] = []
        self.size: list[int] = []
        for number, row in enumerate(rows):
            _demand(isinstance(row, dict) and set(row) == {"people", "sets", "z"}, UNKNOWN_FORM)
            members, inner = _list(row["people"]), _list(row["sets"])
            _demand(
                all(isinstance(m, str) and m in self.index for m in members),
                "a set of the certificate holds a stranger",
            )
            _demand(all(type(k) is int and 0 <= k < number for k in inner), UNKNOWN_FORM)
            self.z.append(_price(row["z"]))
            self.size.append(len(members) + sum(self.size[k] for k in inner))
            _demand(self.size[-1] % 2 == 1, "a set of the certificate is not odd")
            for home, k in [(self.smallest, self.index[m]) for m in members] + [(self.around, k) for k in inner]:
                _demand(home[k] == -1, "two sets of the certificate cross")
                home[k] = number

    # -- the slack of every pair -----------------------------------------------------------------

    def _check_every_pair(self, before: Proof | None) -> None:
        for a, b in self._pairs_below(0, with_sets=True, before=before, most=1):
            _demand(False, f"the pair {self.weights.table.ids[a]}, {self.weights.table.ids[b]} is not covered")

    def near_pairs(self, limit: int, weights: Weights) -> Iterator[tuple[int, int]]:
        """Pairs a < b, allowed under these rules, with y_a + y_b - w_ab below the limit."""
        return self._pairs_below(limit, with_sets=False, weights=weights)

    def _pairs_below(
        self,
        limit: int,
        with_sets: bool,
        weights: Weights | None = None,
        before: Proof | None = None,
        most: int = MANY,
    ) -> Iterator[tuple[int, int]]:
        weights = weights or self.weights
        high, low = limit >> BITS, limit & LOW
        columns = *self.own, *self._named, *self._totals
        if weights.scorer is not None and all(column.dtype == np.int64 for column in columns):
            yield from self._compiled_below(weights.scorer, high, low, with_sets, most)
            return
        for rows in weights.table.blocks():
            if before and not self._asks_less(before, rows):
                continue
            pairable, slack_high, slack_low = self._over(rows, weights)
            if with_sets:
                more_high, more_low = self._shared(rows)
                slack_low = slack_low + more_low
                slack_high, slack_low = slack_high + more_high + (slack_low >> BITS), slack_low & LOW
            below = pairable & ((slack_high < high) | ((slack_high == high) & (slack_low < low)))
            # Beside an earlier proof some rows are passed over, so either order of a pair may be the one that is seen.
            found = ((rows.start + a, b) for a, b in np.argwhere(below).tolist())
            yield from ((a, b) for a, b in found if before or a < b)

    def _compiled_below(self, scorer: Scorer, high: int, low: int, with_sets: bool, most: int) -> list[tuple[int, int]]:
        from .fast_sweep import Slacks, pairs_below

        people, sets = len(self.y), len(self.z) if with_sets else 0
        smallest = np.array(self.smallest if with_sets else [-1] * people, dtype=np.int64)
        around = np.array(self.around[:sets], dtype=np.int64)
        one, named, bonus_high, bonus_low = self._named
        first = np.searchsorted(one, np.arange(people + 1))
        total_high, total_low = (part[:sets] for part in self._totals)
        slacks = Slacks(*self.own, first, named, bonus_high, bonus_low, smallest, around, total_high, total_low)
        return [(a, b) for a, b in pairs_below(scorer.columns, slacks, high, low, most).tolist()]

    def _asks_less(self, before: Proof, rows: slice) -> bool:
        """Of anybody among the rows; whoever pays as much in each price is covered with whoever does too."""
        same_sets = (self.smallest, self.around, self.z) == (before.smallest, before.around, before.z)
        return not same_sets or any(own < other for own, other in zip(self.y[rows], before.y[rows], strict=True))

    def _over(self, rows: slice, weights: Weights | None = None) -> tuple[Truths, Ints, Ints]:
        """(may they be a pair, y_a + y_b - w_ab in two parts) for rows × all people."""
        pairable, soft = (weights or self.weights).block(rows)
        high = self.own[0][rows, None] + self.own[0][None, :]
        low = self.own[1][rows, None] + self.own[1][None, :] - 2 * soft
        first, last = np.searchsorted(self._named[0], (rows.start, rows.stop))
        a, b, bonus_high, bonus_low = (column[first:last] for column in self._named)
        high[a - rows.start, b] -= bonus_high
        low[a - rows.start, b] -= bonus_low
        return pairable, high + (low >> BITS), low & LOW

    @cached_property
    def _named(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Pairs with a nomination, both ways round and in order, and twice their bonus in two parts."""
        bonuses = self.weights.bonus.items()
        both_ways = sorted((*pair, bonus) for (a, b), bonus in bonuses for pair in ((a, b), (b, a)))
        a, b = np.array([row[:2] for row in both_ways], dtype=np.int64).reshape(-1, 2).T.copy()
        return a, b, *_in_two([2 * bonus for _, _, bonus in both_ways])

    def _shared(self, rows: slice) -> tuple[Ints, Ints]:
        """The sum of z over the sets that hold both, in two parts, for rows × all people."""
        sets = len(self.z)
        holds = np.zeros((rows.stop - rows.start, sets), dtype=np.bool_)
        for row in range(rows.start, rows.stop):
            number = self.smallest[row]
            while number >= 0:
                holds[row - rows.start, number] = True
                number = self.around[number]
        # For each set the smallest around it that holds the person of the row; the last column is for none.
        both = np.full((len(holds), sets + 1), sets, dtype=np.int64)
        for number in range(sets - 1, -1, -1):
            both[:, number] = np.where(holds[:, number], number, both[:, self.around[number]])
        both = both[:, self.smallest]
        return self._totals[0][both], self._totals[1][both]

    @cached_property
    def _totals(self) -> tuple[Ints, Ints]:
        """For each set, z of it and of all sets around it, in two parts; and nothing for "in no set"."""
        totals = [*self.z, 0]
        for number in range(len(self.z) - 1, -1, -1):
            totals[number] += totals[self.around[number]]
        return _in_two(totals)

    def _smallest_with_both(self, a: int, b: int) -> int:
        """The number of the smallest set that holds both, or -1. Those around a set have greater numbers."""
        first, second = self.smallest[a], self.smallest[b]
        while first != second:
            if first < 0 or second < 0:
                return -1
            if first < second:
                first = self.around[first]
            else:
                second = self.around[second]
        return first

    # -- trios -----------------------------------------------------------------------------------

    def bound_without(self, trio: Group) -> int:
        """What everyone but the trio can weigh at most."""
        a, b, c = trio
        rest = self.bound - self.y[a] - self.y[b] - self.y[c]
        # A set that holds two or three of the trio has one pair less; such sets are those around one of the pairs.
        number = min(both for both in self._pairs_within(trio))
        while number < len(self.z):
            rest -= self.z[number]
            number = self.around[number] if self.around[number] >= 0 else len(self.z)
        return rest

    def _pairs_within(self, trio: Group) -> Iterator[int]:
        for a, b in combinations(trio, 2):
            both = self._smallest_with_both(a, b)
            yield both if both >= 0 else len(self.z)


def _in_two(values: list[int]) -> tuple[Ints, Ints]:
    small = max(map(abs, values), default=0) < 1 << (2 * BITS)  # else numbers without limit, which take longer
    high = np.array([value >> BITS for value in values], dtype=np.int64 if small else object)
    return high, np.array([value & LOW for value in values], dtype=np.int64)


def _price(value: Any) -> int:
    _demand(type(value) is int and value >= 0, "a price is not a whole number from 0 on")
    return int(value)


def _list(value: Any) -> list[Any]:
    _demand(isinstance(value, list | tuple), UNKNOWN_FORM)
    return list(value)


def _demand(truth: bool, otherwise: str) -> None:
    if not truth:
        raise NotProven(otherwise[0].upper() + otherwise[1:] + ".")
