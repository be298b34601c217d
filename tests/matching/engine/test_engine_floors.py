"""What a higher floor for everybody costs, each an exact optimum."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from matching.engine import Cancelled, HardRules, Nomination, Policy, Problem, TradeOff, solve, trade_off
from tests.matching.engine.engine_cohorts import SlowReading, problems, random_cohort
from tests.matching.engine.test_engine_worst_off import ONLY_TIME, free

# Ada and Ben named each other but share an hour a week, of two that would be enough; so do Cleo and Dan, who did not.
FOUR = Problem(
    (free("ada", 0, 1, 2, 3), free("ben", 2, 3, 4, 5), free("cleo", 0, 1, 2, 3), free("dan", 2, 3, 4, 5)),
    (Nomination("ada", "ben", 1), Nomination("ben", "ada", 1)),
    policy=Policy(weights=replace(ONLY_TIME, enough_hours=2)),
)


def test_each_floor_has_its_price() -> None:
    assert trade_off(FOUR) == (
        TradeOff(None, placed=4, mutual=2, one_way=0, also=0, none=2, score=1000, worst_score=500),
        TradeOff(550, placed=4, mutual=0, one_way=0, also=0, none=4, score=2000, worst_score=1000),
    )


def test_it_ends_with_the_first_floor_that_leaves_people_over() -> None:
    rows = trade_off(replace(FOUR, people=FOUR.people[:2]))
    assert [(row.floor, row.placed) for row in rows] == [(None, 2), (550, 0)]


def test_nobody_to_be_paired_has_no_floors() -> None:
    assert [row.placed for row in trade_off(Problem(()))] == [0]


@given(problems(most=6))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_row_is_the_best_plan_under_its_floor(problem: Problem) -> None:
    rows = trade_off(problem)
    assert [row.floor for row in rows[1:]] == sorted({row.floor for row in rows[1:]})
    for row in rows:
        policy = replace(problem.policy, rules=replace(problem.policy.rules, min_score=row.floor))
        best, worst = SlowReading(replace(problem, policy=policy)).best_and_worst()
        assert row.placed == best[0]
        assert row.worst_score is None or row.worst_score <= worst or not problem.pinned
        assert row.placed == row.mutual + row.one_way + row.also + row.none


@pytest.mark.parametrize("people", [30, 31])
def test_a_draft_with_the_floor_is_just_what_was_promised(people: int) -> None:
    problem = random_cohort(people, seed=2, policy=Policy(rules=HardRules(department="different")))
    rows = trade_off(problem)
    assert len(rows) > 3
    assert [row.placed for row in rows] == sorted((row.placed for row in rows), reverse=True)
    rules = replace(problem.policy.rules, min_score=rows[2].floor)
    plan = solve(replace(problem, policy=replace(problem.policy, rules=rules)))
    assert (plan.summary["mutual"], plan.summary["score"]) == (rows[2].mutual, rows[2].score)
    assert plan.summary["worst_score"] >= (rows[2].floor or 0)


def test_it_says_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []

    def note(share: float, message: str) -> Any:
        told.append(share)
        return share < 0.2

    with pytest.raises(Cancelled):
        trade_off(random_cohort(20, seed=2), note)
    assert told == sorted(told)
    assert 0.2 <= told[-1] <= 1
