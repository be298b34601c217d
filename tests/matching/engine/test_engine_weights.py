from dataclasses import astuple
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings

from matching.engine import Policy, Problem, solve
from matching.engine.blossom import Prices
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.scoring import FULL
from matching.engine.slack import slack_block
from matching.engine.table import Table
from matching.engine.trio import Bound
from matching.engine.verifier import Proof
from matching.engine.weights import Weights, units
from tests.matching.engine.engine_cohorts import problems, random_cohort


@pytest.mark.parametrize("people", [2, 21, 1000])
@pytest.mark.parametrize("ranks", [3, 16])
@pytest.mark.parametrize("with_priority", [0, 2])
def test_no_aim_is_outweighed_by_all_below_it(people: int, ranks: int, with_priority: int) -> None:
    u = units(people, ranks, with_priority, Policy())
    most = [2, ranks, 1, 2 * ranks, 1]  # of "also", one-way rank, one-way, mutual rank and mutual in one pair
    below = FULL
    for unit, times in zip(astuple(u)[:5], most, strict=True):
        assert unit > people * below
        below += unit * times
    assert u.priority > people * below
    assert u.place > with_priority * u.priority


def test_slack_and_bounds_are_those_that_the_verifier_works_out() -> None:
    for seed in range(12):
        _same_as_verifier(random_cohort(9 + 2 * seed, seed))


@given(problems())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_slack_and_bounds_on_odd_cases(problem: Problem) -> None:
    _same_as_verifier(problem)


def _same_as_verifier(problem: Problem) -> None:
    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))
    for entry in solve(problem).certificate["prices"]:
        proof = Proof(weights, entry)
        sets = tuple((tuple(sorted(members)), z) for members, z in proof.sets)
        prices = Prices(tuple(proof.y), sets)
        everyone = slice(0, len(table))
        pairable, slack = slack_block(weights, prices, everyone)
        found = {
            (a, b): (int(slack.high[a, b]) << 60) + int(slack.low[a, b])
            for a, b in combinations(range(len(table)), 2)
            if pairable[a, b]
        }
        assert found == {(a, b): number for a, b, number in proof._slacks()}
        bound = Bound(weights, prices)
        for trio in combinations(range(min(12, len(table))), 3):
            assert bound.of(trio) == weights.trio(*trio) + proof.bound_without(trio)
