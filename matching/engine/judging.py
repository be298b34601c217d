"""What a plan made by hand is worth, and which rules it breaks. It finds nothing and proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from .plan import TIERS, PlannedPairing, Tier
from .problem import Problem, cleaned
from .reasons import reasons_for, tier_of, tier_of_person
from .rules import Rules
from .table import Table
from .weights import Weights

Group = tuple[int, ...]
BY_ROW = 40  # so many groups are looked at row by row; more of them block by block


class NotAPlan(ValueError):
    """The groups are no plan at all: a stranger, somebody twice, or a group of neither two nor three."""


@dataclass(frozen=True)
class BrokenRule:
    """`rule` is a code of the hard rules, `members` the two between whom it stands."""

    rule: str
    members: tuple[str, str]


@dataclass(frozen=True)
class Judged:
    """A pairing as the engine would have planned it; `tiers` holds the best that each member can claim."""

    pairing: PlannedPairing
    tiers: tuple[Tier, ...]
    score: int


@dataclass(frozen=True)
class Judgement:
    """`people` counts those in the groups by the best that each can claim, without a stand-in; `value` is in the
    engine's units.
    """

    judged: tuple[Judged, ...]
    broken: tuple[BrokenRule, ...]
    people: dict[Tier, int]
    placed: int
    value: int
    worst_score: int | None


def judge(problem: Problem, groups: Iterable[Iterable[str]]) -> Judgement:
    """Groups of two or three ids, a whole plan or a part of one. Raises NotAPlan.

    The worth of a group and the rules that it breaks do not depend on the other groups.
    """
    return Judge(problem).judge(groups)


class Judge:
    """For several judgements on one problem."""

    def __init__(self, problem: Problem) -> None:
        self.table = Table(cleaned(problem)[0])
        self.weights = Weights(self.table, Rules(self.table))

    def judge(self, groups: Iterable[Iterable[str]], pinned: Iterable[Iterable[str]] = ()) -> Judgement:
        """``pinned``: groups that were put together since, beside those of the problem."""
        found = [_group(self.table, members) for members in groups]
        _demand_apart(found)
        fixed = [*self.weights.rules.pins.groups, *(_group(self.table, members) for members in pinned)]
        judged = tuple(_judged(self.weights, group, fixed) for group in found)
        stands_in = {v for v, person in enumerate(self.table.people) if person.stand_in}
        each = [
            (v, tier)
            for group, one in zip(found, judged, strict=True)
            for v, tier in zip(group, one.tiers, strict=True)
        ]
        tiers = Counter(tier for v, tier in each if v not in stands_in)
        return Judgement(
            judged=judged,
            broken=tuple(_broken(self.weights, found)),
            people={tier: tiers[tier] for tier in TIERS},
            placed=sum(tiers.values()),
            value=sum(one.pairing.weight for one in judged),
            worst_score=min((one.score for one in judged), default=None),
        )


def _group(table: Table, members: Iterable[str]) -> Group:
    ids = list(members)
    if len(set(ids)) not in (2, 3) or len(set(ids)) != len(ids):
        raise NotAPlan("A pairing has two or three members.")
    if strangers := [person_id for person_id in ids if person_id not in table.index]:
        raise NotAPlan(f"{strangers[0]} is not among the people.")
    return tuple(sorted(table.index[person_id] for person_id in ids))


def _demand_apart(groups: list[Group]) -> None:
    if any(count > 1 for count in Counter(v for group in groups for v in group).values()):
        raise NotAPlan("Somebody is in two pairings.")


def _judged(weights: Weights, group: Group, fixed: Iterable[Group]) -> Judged:
    pinned = any(set(known) <= set(group) for known in fixed)
    return Judged(
        PlannedPairing(
            members=tuple(weights.table.ids[v] for v in group),
            tier=tier_of(weights, group),
            weight=weights.group(group),
            reasons=reasons_for(weights, group, pinned),
        ),
        tiers=tuple(tier_of_person(weights, v, group) for v in group),
        score=min(weights.soft(a, b) for a, b in combinations(group, 2)),
    )


def _broken(weights: Weights, groups: list[Group]) -> Iterator[BrokenRule]:
    ids = weights.table.ids
    pairs = sorted(pair for group in groups for pair in combinations(group, 2))
    for rows in _rows(weights.table, pairs):
        broken = weights.rules.broken(rows)
        for a, b in pairs:
            if rows.start <= a < rows.stop:
                yield from (BrokenRule(code, (ids[a], ids[b])) for code, at in broken.items() if at[a - rows.start, b])


def _rows(table: Table, pairs: list[tuple[int, int]]) -> Iterable[slice]:
    if len(pairs) > BY_ROW:
        return table.blocks()
    return [slice(a, a + 1) for a in sorted({a for a, _ in pairs})]
