from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from matching.engine import HardRules, Plan, Policy, Problem, Step, solve, verify
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.table import Table
from matching.engine.weights import Weights
from tests.matching.engine.engine_cohorts import random_cohort


def by_integer_programme(problem: Problem) -> int:
    """The most that pairs and at most one trio can weigh; each pair and each trio is a column."""
    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))
    people = range(len(table))
    groups: list[tuple[int, ...]] = [pair for pair in combinations(people, 2) if weights.may_meet(*pair)]
    groups += [trio for trio in combinations(people, 3) if weights.may_be_trio(*trio)]
    if not groups:
        return 0
    rows = [v for group in groups for v in group] + [len(people)] * sum(len(group) == 3 for group in groups)
    columns = [k for k, group in enumerate(groups) for _ in group]
    columns += [k for k, group in enumerate(groups) if len(group) == 3]
    at_most_once = csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(people) + 1, len(groups)))
    answer = milp(
        c=[-weights.group(group) for group in groups],
        constraints=LinearConstraint(at_most_once, ub=1),
        integrality=np.ones(len(groups)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert answer.success
    return sum(weights.group(group) for group, x in zip(groups, answer.x, strict=True) if x > 0.5)


def weight_of(plan: Plan) -> int:
    return sum(pairing.weight for pairing in plan.pairings)


RULES = [
    HardRules(),
    HardRules(department="different", max_level_gap=1),
    HardRules(department="same", whole_line=True),
    HardRules(min_common_hours=4),
    HardRules(max_commitment_factor=1.5, department="same"),
]


@pytest.mark.parametrize("rules", RULES, ids=str)
@pytest.mark.parametrize("people", [3, 5, 9, 14, 15, 21, 26, 31])
def test_the_trio_is_the_best_one(people: int, rules: HardRules) -> None:
    # "balanced" keeps the weights small enough for a solver that calculates in floating point
    problem = random_cohort(people, seed=people, policy=Policy(order="balanced", rules=rules))
    plan = solve(problem)
    assert weight_of(plan) == by_integer_programme(problem)
    verify(problem, plan)


@pytest.mark.parametrize("people", [21, 71, 101, 201])
@pytest.mark.parametrize("order", ["balanced", "nominations-first"])
def test_larger_odd_cohorts_are_proven(people: int, order: str) -> None:
    problem = random_cohort(people, seed=1, policy=Policy(order=order))
    plan = solve(problem)
    assert (plan.summary["placed"], plan.summary["trios"], plan.summary["optimal"]) == (people, 1, True)
    verify(problem, plan)


def test_waiting_leaves_one_person_and_says_what_would_help() -> None:
    plan = solve(random_cohort(21, seed=1, policy=Policy(odd="wait")))
    assert plan.summary["trios"] == 0
    assert [(who.rules, who.relaxation) for who in plan.unplaced] == [(("all-taken",), (Step("trio"),))]


def test_a_trio_needs_all_three_pairs() -> None:
    problem = random_cohort(3, seed=1)
    apart = Problem(problem.people, forbidden=(("p0", "p1"),))
    plan = solve(apart)
    assert (plan.summary["trios"], plan.summary["placed"]) == (0, 2)
    verify(apart, plan)
