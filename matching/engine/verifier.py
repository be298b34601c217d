"""Checks a plan without trusting whatever made it. Read this file to know what "proven" means.

It takes from the rest of the engine only the question: which pairs the rules allow and what each weighs.
Then:

1. The plan keeps the rules: nobody twice, everyone either placed or listed as unplaced, at most one trio
   that the lead did not pin, every pair allowed, every weight as it should be.
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

Two short cuts, both safe. If everyone is placed without a trio, one trio would leave somebody out (there
are then an odd number of others), and placing one person outweighs all else. And a trio is looked at one by
one only if its three pairs have small slack under the first prices, since D - bound(t) >= (the three slacks
- Z) / 2, where Z is the greatest sum of z_S around one person; this needs sets that are nested or apart,
which is checked. Trios that hold a pinned pair are all looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from .plan import NotProven, Plan
from .problem import Problem, cleaned
from .reasons import tier_of
from .rules import Rules
from .table import Table
from .weights import Weights

Group = tuple[int, ...]
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
        self._check_rules(groups)
        value = sum(self.weights.group(group) for group in groups if group not in self.pinned_trios)
        _demand(self.plan.certificate.get("value") == value, "the certificate is about another plan")
        proofs = [Proof(self.weights, entry) for entry in _list(self.plan.certificate.get("prices"))]
        _demand(bool(proofs), "the certificate holds no prices")
        trio = any(len(group) == 3 and group not in self.pinned_trios for group in groups)
        if self.plan.unplaced or not trio:  # with a trio and everyone placed, pairs alone leave somebody out
            _demand(min(proof.bound for proof in proofs) <= value, "a better plan without a trio is not ruled out")
        if self.table.problem.policy.odd == "trio" and (self.plan.unplaced or trio):
            self._check_trios(proofs, value)

    # -- 1: the rules ----------------------------------------------------------------------------

    def _group(self, members: Iterable[str]) -> Group:
        _demand(all(m in self.table.index for m in members), "somebody in the plan is not in the cohort")
        return tuple(sorted(self.table.index[m] for m in members))

    def _check_rules(self, groups: list[Group]) -> None:
        placed = [v for group in groups for v in group]
        waiting = [self.table.index.get(person.person_id, -1) for person in self.plan.unplaced]
        _demand(
            sorted(placed + waiting) == list(range(len(self.table))),
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

    def _check_trios(self, proofs: list[Proof], value: int) -> None:
        first, others = proofs[0], proofs[1:]
        limit = 2 * (first.bound - value) + first.deepest()
        for trio in self._trios(first.pairs_below(limit)):
            if not self.weights.may_be_trio(*trio):
                continue
            weight = self.weights.trio(*trio)
            ruled_out = any(weight + proof.bound_without(trio) <= value for proof in (first, *others))
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


class Proof:
    """2: prices that hold for every allowed pair."""

    def __init__(self, weights: Weights, entry: Any) -> None:
        self.weights = weights
        self.index = weights.table.index
        _demand(isinstance(entry, dict) and set(entry) == {"people", "sets"}, UNKNOWN_FORM)
        people: Any = entry["people"]
        known = isinstance(people, dict) and set(people) == set(self.index)
        _demand(known, "there is not one price for each person")
        self.y = [_price(people[person_id]) for person_id in weights.table.ids]
        self.sets = sorted(map(self._set, _list(entry["sets"])), key=lambda row: (-len(row[0]), sorted(row[0])))
        self.bound = sum(self.y) + sum(z * (len(members) // 2) for members, z in self.sets)
        self._nest()
        self._check_every_pair()

    def _set(self, row: Any) -> tuple[frozenset[int], int]:
        _demand(isinstance(row, dict) and set(row) == {"members", "z"}, UNKNOWN_FORM)
        ids = _list(row["members"])
        members = frozenset(self.index.get(person_id, -1) for person_id in ids)
        _demand(len(members) == len(ids) and -1 not in members, "a set of the certificate holds a stranger")
        _demand(len(members) % 2 == 1, "a set of the certificate is not odd")
        return members, _price(row["z"])

    def _nest(self) -> None:
        """Find for each set the next larger one around it, for each person the smallest; -1 means none.

        Sets come largest first, so all members of a set must so far have the same smallest set around them.
        """
        self.smallest = [-1] * len(self.y)
        self.parent: list[int] = []
        self.total: list[int] = []  # z of the set and of all sets around it
        for number, (members, z) in enumerate(self.sets):
            around = {self.smallest[v] for v in members}
            _demand(len(around) == 1, "two sets of the certificate cross")
            (parent,) = around
            self.parent.append(parent)
            self.total.append(z + (self.total[parent] if parent >= 0 else 0))
            for v in members:
                self.smallest[v] = number

    def _check_every_pair(self) -> None:
        ids = self.weights.table.ids
        for a, b, slack in self._slacks():
            _demand(slack >= 0, f"the pair {ids[a]}, {ids[b]} is not covered")

    def _slacks(self) -> Iterator[tuple[int, int, int]]:
        """(a, b, slack) of every allowed pair a < b."""
        y, whole, smallest = self.y, self.weights.whole, self.smallest
        for a in range(len(y)):
            pairable, soft = (block[0] for block in self.weights.block(slice(a, a + 1)))
            within = self._shared_with(a)
            for b in pairable.nonzero()[0].tolist():
                if a < b:
                    yield a, b, y[a] + y[b] + within[smallest[b]] - whole(a, b, int(soft[b]))

    def _shared_with(self, a: int) -> list[int]:
        """For somebody whose smallest set is number k, entry k: the sum of z over the sets that hold a and them."""
        shared: list[int] = []
        for number, (members, _) in enumerate(self.sets):
            parent = self.parent[number]
            outside = shared[parent] if parent >= 0 else 0
            shared.append(self.total[number] if a in members else outside)
        return [*shared, 0]  # entry -1: in no set at all

    def pairs_below(self, limit: int) -> Iterator[tuple[int, int]]:
        return ((a, b) for a, b, slack in self._slacks() if slack < limit)

    def deepest(self) -> int:
        return max(self.total, default=0)

    def bound_without(self, trio: Group) -> int:
        bound = sum(self.y) - sum(self.y[v] for v in trio)
        for members, z in self.sets:
            outside = len(members) - sum(v in members for v in trio)
            bound += z * (outside // 2)
        return bound


def _price(value: Any) -> int:
    _demand(type(value) is int and value >= 0, "a price is not a whole number from 0 on")
    return int(value)


def _list(value: Any) -> list[Any]:
    _demand(isinstance(value, list | tuple), UNKNOWN_FORM)
    return list(value)


def _demand(truth: bool, otherwise: str) -> None:
    if not truth:
        raise NotProven(otherwise[0].upper() + otherwise[1:] + ".")
