"""The compiled half says what the other half says. It is for large cohorts; here it is given small ones as well."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matching.engine import HardRules, Person, Plan, Policy, Problem, compiled, solve, verify
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.scoring import soft_scores
from matching.engine.table import Table
from tests.matching.engine.engine_cohorts import problems, random_cohort

pytest.importorskip("numba", reason="the compiled half needs numba")
pytestmark = pytest.mark.usefixtures("compiled_engine")
SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WANTS_OF_WHOM_NOTHING_IS_OFFERED = Problem(
    people=(
        Person("a", offers=frozenset({"asking", "listening"})),
        Person("b"),
        Person("c", wants=frozenset({"asking", "listening"})),
    ),
    policy=replace(Policy(), odd="trio"),
)


def solved_by(half: str, problem: Problem) -> Plan:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "LARGE", 0 if half == "compiled" else 1_000_000)
        plan = solve(problem)
        verify(problem, plan)
        return plan


def weight_of(plan: Plan) -> int:
    return sum(pairing.weight for pairing in plan.pairings)


@given(problems())
@example(WANTS_OF_WHOM_NOTHING_IS_OFFERED)
@SOME
def test_scores_and_rules_are_the_same(problem: Problem) -> None:
    from matching.engine.fast_scoring import Scorer

    table = Table(cleaned(problem)[0])
    rules = Rules(table)
    scorer, everyone = Scorer(table, rules), slice(0, len(table))
    pairable, possible, soft = rules.pairable(everyone), rules.possible(everyone), soft_scores(table, everyone)
    scores = scorer.block(everyone)
    assert ((scores >= 0) == pairable).all()
    assert (scores[pairable] == soft[pairable]).all()
    a, b = map(np.ascontiguousarray, np.nonzero(~np.eye(len(table), dtype=np.bool_)))
    of_pairs, meet = scorer.pairs(a, b)
    assert (of_pairs == soft[a, b]).all()
    assert (meet == possible[a, b]).all()


@given(problems())
@SOME
def test_plans_weigh_the_same(problem: Problem) -> None:
    assert weight_of(solved_by("compiled", problem)) == weight_of(solved_by("other", problem))


@pytest.mark.parametrize("order", ["nominations-first", "balanced"])
@pytest.mark.parametrize("people", [40, 61, 100, 151, 200])
def test_plans_of_larger_cohorts_weigh_the_same(people: int, order: str) -> None:
    for rules in (HardRules(), HardRules(department="same", max_level_gap=1), HardRules(min_common_hours=4)):
        problem = random_cohort(people, seed=people, policy=Policy(order=order, rules=rules))
        assert weight_of(solved_by("compiled", problem)) == weight_of(solved_by("other", problem))


@pytest.mark.parametrize("people", [600, 601])
def test_large_cohorts_are_proven_with_both_readings_of_the_rules(people: int) -> None:
    problem = random_cohort(people, seed=5)
    plan = solve(problem)
    assert (plan.summary["placed"], plan.summary["optimal"]) == (people, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "LARGE", 1_000_000)
        verify(problem, plan)


@given(problem=problems(), rng=st.randoms(use_true_random=False))
@SOME
def test_the_order_of_rows_changes_nothing(problem: Problem, rng: random.Random) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(rng.sample(rows, len(rows)))

    turned = replace(problem, people=shuffled(problem.people), nominations=shuffled(problem.nominations))
    assert solved_by("compiled", turned) == solved_by("compiled", problem)


def test_the_number_of_cores_changes_nothing() -> None:
    import numba

    problem = random_cohort(601, seed=7)
    plan, cores = solve(problem), numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert solve(problem) == plan
    finally:
        numba.set_num_threads(cores)


def test_without_numba_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "LARGE", 100)
    problem = random_cohort(100, seed=3)
    plan = solve(problem)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert weight_of(solve(problem)) == weight_of(plan)


def test_weights_that_do_not_fit_are_left_to_whole_numbers_without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "LARGE", 0)
    problem = random_cohort(20, seed=2)
    far = tuple(replace(n, rank=n.rank and n.rank * 10**12) for n in problem.nominations)
    plan = solve(replace(problem, nominations=far))
    assert max(pairing.weight for pairing in plan.pairings) > 1 << 118
    verify(replace(problem, nominations=far), plan)
