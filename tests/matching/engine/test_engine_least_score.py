"""The rule that nobody is in a pairing whose score is below a floor."""

from dataclasses import replace
from itertools import combinations

import pytest

from matching.engine import HardRules, Person, Policy, Problem, RuleCost, Step, costs_of_rules, solve, verify
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.table import Table
from matching.engine.weights import Weights
from tests.matching.engine.engine_cohorts import random_cohort

BOTH, NEITHER = frozenset({"x", "y"}), frozenset({"z"})


def asking_for(score: int, **fields: object) -> Policy:
    return Policy(rules=HardRules(min_score=score, **fields))  # type: ignore[arg-type]


def scores_in(problem: Problem, groups: list[tuple[str, ...]]) -> list[int]:
    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))
    return [weights.soft(table.index[a], table.index[b]) for group in groups for a, b in combinations(group, 2)]


@pytest.mark.parametrize("people", [20, 21, 420, 421])
def test_nobody_is_below_the_floor_in_a_trio_neither(people: int) -> None:
    problem = random_cohort(people, seed=3, policy=asking_for(600))
    plan = solve(problem)
    assert plan.summary["placed"] > people // 2
    assert min(scores_in(problem, [pairing.members for pairing in plan.pairings])) >= 600
    verify(problem, plan)


def test_it_says_what_would_free_those_who_are_left() -> None:
    people = tuple(Person(name, wants=NEITHER, offers=BOTH, free=frozenset(range(8))) for name in "ab")
    problem = Problem(people, policy=asking_for(700))
    plan = solve(problem)
    assert [(who.rules, who.relaxation) for who in plan.unplaced] == [
        (("score",), (Step("score", {"score": 500, "now": 700}),)),
        (("score",), (Step("score", {"score": 500, "now": 700}),)),
    ]
    verify(problem, plan)
    assert costs_of_rules(problem) == (RuleCost("score", 2),)
    freed = solve(replace(problem, policy=asking_for(500)))
    assert freed.summary["placed"] == 2


def test_what_a_lead_has_put_together_is_spared() -> None:
    people = tuple(Person(name, wants=NEITHER, offers=BOTH) for name in "abc")
    problem = Problem(people, pinned=(("a", "b"),), policy=asking_for(1000))
    plan = solve(problem)
    assert [pairing.members for pairing in plan.pairings] == [("a", "b")]
    verify(problem, plan)
