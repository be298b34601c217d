"""Who has no buddy, because of which rules, and what would free them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import rules as codes
from .plan import Step, Unplaced
from .rules import Rules
from .table import Table, shared_bits
from .weights import Weights

ALL_TAKEN = "all-taken"
ALONE = "alone"
NEVER = frozenset({codes.MANAGER, codes.NOT_POSSIBLE})


@dataclass(frozen=True)
class RuleCost:
    """How many people have no possible buddy, but would have one if only this rule were lifted."""

    rule: str
    people: int


def unplaced(weights: Weights, left: Iterable[int]) -> tuple[Unplaced, ...]:
    waiting = list(left)
    return tuple(_explained(weights, v, waiting) for v in waiting)


def rule_costs(table: Table, rules: Rules) -> tuple[RuleCost, ...]:
    """For each rule in force, the people for whom it alone stands between them and any buddy."""
    costs: dict[str, int] = {}
    for rows in table.blocks():
        broken = rules.broken(rows)
        self_pairs = np.zeros((rows.stop - rows.start, len(table)), dtype=np.bool_)
        self_pairs[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = True
        stuck = ~rules.possible(rows).any(axis=1)
        for code in broken:
            others = [matrix for other, matrix in broken.items() if other != code]
            free = ~np.logical_or.reduce([self_pairs, *others])
            costs[code] = costs.get(code, 0) + int((stuck & free.any(axis=1)).sum())
    return tuple(RuleCost(code, people) for code, people in sorted(costs.items()))


def _explained(weights: Weights, v: int, waiting: list[int]) -> Unplaced:
    person_id = weights.table.ids[v]
    blocks = _broken_with(weights.rules, v)
    if not blocks:
        return Unplaced(person_id, (ALONE,), (Step("invite"),))
    if any(not broken for broken in blocks.values()):
        return Unplaced(person_id, (ALL_TAKEN,), _when_all_are_taken(weights, v, waiting, blocks))
    reasons = sorted(set().union(*blocks.values()))
    return Unplaced(person_id, tuple(reasons), _least_relaxation(weights, v, blocks))


def _broken_with(rules: Rules, v: int) -> dict[int, frozenset[str]]:
    """For each other person, the rules that stand between them and v."""
    broken = rules.broken(slice(v, v + 1))
    others = (u for u in range(len(rules.table)) if u != v)
    return {u: frozenset(code for code, matrix in broken.items() if matrix[0, u]) for u in others}


def _when_all_are_taken(
    weights: Weights, v: int, waiting: list[int], blocks: dict[int, frozenset[str]]
) -> tuple[Step, ...]:
    if weights.table.problem.policy.odd != "trio" and _trio_with(weights, v):
        return (Step("trio"),)
    fellows = {u: blocks[u] for u in waiting if u != v}
    if fellows and any(not (broken & NEVER) for broken in fellows.values()):
        return _least_relaxation(weights, v, fellows)
    return (Step("invite-fitting"),)


def _trio_with(weights: Weights, v: int) -> bool:
    """Row by row, since a matrix of all pairs may not fit into memory."""
    around = np.flatnonzero(weights.rules.possible(slice(v, v + 1))[0])
    return any(weights.rules.possible(slice(u, u + 1))[0][around].any() for u in around.tolist())


def _least_relaxation(weights: Weights, v: int, blocks: dict[int, frozenset[str]]) -> tuple[Step, ...]:
    """The fewest rules to loosen, and among equals the least step."""
    open_to = {u: broken for u, broken in blocks.items() if not (broken & NEVER)}
    if not open_to:
        return (Step("none-helps"),)
    found = [(len(broken), [_step(weights, code, v, u) for code in sorted(broken)], u) for u, broken in open_to.items()]
    _, steps, _ = min(found, key=lambda one: (one[0], [(far, step.code) for far, step in one[1]], one[2]))
    return tuple(step for _, step in steps)


def _step(weights: Weights, code: str, v: int, u: int) -> tuple[int, Step]:
    """How far a rule would have to give way for v and u, and what is to be said of it."""
    table, policy = weights.table, weights.rules.policy
    if code == codes.LEVEL_GAP:
        gap = int(abs(table.level[v] - table.level[u]))
        return gap, Step(code, {"gap": gap, "now": policy.max_level_gap})
    if code == codes.COMMON_TIME:
        shared = int(shared_bits(table.free, table.free, slice(v, v + 1))[0, u])
        return -shared, Step(code, {"halves": shared, "now": policy.min_common_hours})
    if code == codes.COMMITMENT:
        hours = sorted((int(table.hours[v]), int(table.hours[u])))
        percent = -(-100 * hours[1] // hours[0])
        return percent, Step(code, {"percent": percent, "now": policy.max_commitment_factor})
    if code == codes.SCORE:
        score = int(weights.soft_row(v)[u])
        return -score, Step(code, {"score": score, "now": policy.min_score})
    if code == codes.DEPARTMENT:
        return 0, Step(code, {"now": policy.department})
    if code in (codes.PLACE, codes.REPEAT):
        return 0, Step(code)
    return 0, Step(codes.FORBIDDEN, {"who": table.people[v].called, "whom": table.people[u].called})
