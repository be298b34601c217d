from dataclasses import astuple
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from matching.engine import Policy, Problem, solve
from matching.engine.blossom import Prices
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.scoring import FULL
from matching.engine.slack import Wide, slack_block
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
        sets = written_out(entry["sets"], table)
        prices = Prices(tuple(proof.y), sets)
        everyone = slice(0, len(table))
        pairable, slack = slack_block(weights, prices, everyone)
        _, high, low = proof._over(everyone)
        more_high, more_low = proof._shared(everyone)
        bound = Bound(weights, prices)
        assert proof.bound == bound.whole
        for a, b in combinations(range(len(table)), 2):
            around = sum(z for members, z in sets if a in members and b in members)
            expected = proof.y[a] + proof.y[b] + around - weights.pair(a, b)
            assert in_one(slack.high[a, b], slack.low[a, b]) == expected
            shared = in_one(*(np.broadcast_to(part, high.shape)[a, b] for part in (more_high, more_low)))
            assert in_one(high[a, b], low[a, b]) + shared == expected
            assert not pairable[a, b] or expected >= 0
        for trio in combinations(range(min(12, len(table))), 3):
            assert bound.of(trio) == weights.trio(*trio) + proof.bound_without(trio)


def in_one(high: int, low: int) -> int:
    return (int(high) << 60) + int(low)


def written_out(rows: list[dict[str, Any]], table: Table) -> tuple[tuple[tuple[int, ...], int], ...]:
    """The sets of a certificate with all their members."""
    members: list[list[int]] = []
    for row in rows:
        inner = [v for number in row["sets"] for v in members[number]]
        members.append(sorted([table.index[person_id] for person_id in row["people"]] + inner))
    return tuple((tuple(people), row["z"]) for people, row in zip(members, rows, strict=True))


def test_low_parts_are_carried_into_high_parts() -> None:
    numbers = [0, 1, (1 << 60) - 1, 1 << 60, 3 << 60, -1, -(1 << 60) - 5]
    wide = Wide.of(numbers)
    wide.low += np.array([0, -2, 1, 5, -(1 << 61), 1 << 61, 4])
    wide.carry()
    expected = [0, -1, 1 << 60, (1 << 60) + 5, 1 << 60, (1 << 61) - 1, -(1 << 60) - 1]
    assert [in_one(high, low) for high, low in zip(wide.high, wide.low, strict=True)] == expected
    assert ((wide.low >= 0) & (wide.low < 1 << 60)).all()


def test_a_slack_that_needs_a_carry_is_exact() -> None:
    """Low parts that are together more than 60 bits hold, or less than nothing once the soft score is taken away."""
    problem = random_cohort(2, seed=1)
    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))
    for y in (((1 << 60) - 1, (1 << 60) - 1), (1 << 60, 1 << 60), (2 * weights.place[0], 2 * weights.place[1])):
        _, slack = slack_block(weights, Prices(y), slice(0, 2))
        assert in_one(slack.high[0, 1], slack.low[0, 1]) == sum(y) - weights.pair(0, 1)
        assert 0 <= slack.low[0, 1] < 1 << 60
