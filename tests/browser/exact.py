"""The heaviest plan of a cohort by exact integer programmes, to hold the product's answer against."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from matching.engine import Problem
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.table import Table
from matching.engine.weights import Weights

Group = tuple[int, ...]


def best_total(problem: Problem) -> int:
    """Over every allowed pair and at most one allowed trio, which weighs half the sum of its three pairs.

    The weights have more digits than a solver's floating point, so each is split at the units of its aims. A
    programme for each aim, the highest first, reaches the most while keeping what the ones before it reached.
    """
    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))
    groups = [*_allowed(weights, 2), *_allowed(weights, 3)]
    totals = [weights.group(group) for group in groups]
    limits = _limits(groups, len(table))
    for aim in _aims(groups, totals, weights):
        chosen = _most(aim, limits)
        kept = LinearConstraint(csc_array([aim]), lb=float(np.dot(aim, chosen)), ub=np.inf)
        limits = [*limits, kept]
    return sum(total for total, taken in zip(totals, chosen, strict=True) if taken)


def _allowed(weights: Weights, size: int) -> list[Group]:
    everybody = range(len(weights.table))
    return [
        group
        for group in combinations(everybody, size)
        if all(weights.may_meet(a, b) for a, b in combinations(group, 2))
    ]


def _limits(groups: Sequence[Group], people: int) -> list[LinearConstraint]:
    once = csc_array([[float(person in group) for group in groups] for person in range(people)])
    trio = csc_array([[float(len(group) == 3) for group in groups]])
    return [LinearConstraint(vstack([once, trio], format="csc"), ub=1)]


def _aims(groups: Sequence[Group], totals: Sequence[int], weights: Weights) -> list[list[int]]:
    """What each group adds to each aim, in the aim's own small numbers."""
    u = weights.units
    aims, rest = [], list(totals)
    for unit in (u.place, u.mutual, u.mutual_rank, u.one_way, u.one_way_rank, u.also, 1):
        aims.append([left // unit for left in rest])
        rest = [left % unit for left in rest]
        assert _most_together(groups, rest, len(weights.table)) < unit, "what follows could outweigh a step of this aim"
    return aims


def _most_together(groups: Sequence[Group], rest: Sequence[int], people: int) -> int:
    """No plan adds more than this: at most one trio, all others pairs."""
    most = {size: max(left for group, left in zip(groups, rest, strict=True) if len(group) == size) for size in (2, 3)}
    return max(people // 2 * most[2], (people - 3) // 2 * most[2] + most[3])


def _most(aim: Sequence[int], limits: Sequence[LinearConstraint]) -> np.ndarray:
    size = len(aim)
    answer = milp(
        c=-np.array(aim, dtype=float),
        constraints=limits,
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert answer.success, answer.message
    return np.rint(answer.x).astype(int)
