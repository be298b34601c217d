"""Among equally good plans, the one whose worst-off are as well off as can be, proven."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from matching.engine import HardRules, NotProven, Person, Plan, Policy, Problem, SoftWeights, compiled, solve, verify
from tests.matching.engine.engine_cohorts import SlowReading, problems, random_cohort

ONLY_TIME = SoftWeights(
    common_time=1, similar_commitment=0, wants_and_offers=0, different_goals=0, different_department=0
)


def free(name: str, *slots: int) -> Person:
    return Person(name, free=frozenset(slots))


# Eight half-hours in common are enough. The scores of Ada-Ben and Cleo-Dan are 500 and 500, of Ada-Cleo and Ben-Dan
# 875 and 125, of Ada-Dan and Ben-Cleo 625 and 375.
SQUARE = Problem(
    (free("ada", *range(8)), free("ben", 0, 1, 2, 7), free("cleo", *range(7), 9), free("dan", 3, 4, 5, 6, 7)),
    policy=Policy(weights=ONLY_TIME),
)


def members(plan: Plan) -> list[tuple[str, ...]]:
    return [pairing.members for pairing in plan.pairings]


def changed(plan: Plan, change: Callable[[Any], object]) -> Plan:
    certificate = copy.deepcopy(plan.certificate)
    change(certificate)
    return replace(plan, certificate=certificate)


@given(problems(most=8))
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_that_is_as_good_has_a_higher_lowest_score(problem: Problem) -> None:
    plan = solve(problem)
    slow = SlowReading(problem)
    aims, worst = slow.best_and_worst()
    said = plan.certificate["worst_off"]["score"]
    assert slow.aims_of_plan(plan) == aims
    assert said == slow.lowest(members(plan))
    assert (1000 if said is None else said) == worst
    verify(problem, plan)


@given(problems(most=9), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_prices_that_hold_the_second_proof_cannot_be_changed_unnoticed(problem: Problem, data: st.DataObject) -> None:
    """Raised by what they bound the plans from, or lowered to nothing where a pair rests on them."""
    plan = solve(problem)
    prices = plan.certificate["worst_off"]["prices"]
    assume(prices and prices[0]["people"])
    person_id = data.draw(st.sampled_from(sorted(prices[0]["people"])))
    others = [entry for entry in plan.certificate["prices"] if bound_of(entry) < plan.certificate["value"]]
    assume(not others and not any(len(group) == 3 for group in members(plan)))
    loose = changed(plan, lambda c: c["worst_off"]["prices"][0]["people"].update({person_id: 10**40}))
    with pytest.raises(NotProven):
        verify(problem, loose)
    with pytest.raises(NotProven):
        verify(problem, changed(plan, lambda c: c["worst_off"].update(prices=[])))


def bound_of(entry: dict[str, Any]) -> int:
    sizes: list[int] = []
    for row in entry["sets"]:
        sizes.append(len(row["people"]) + sum(sizes[k] for k in row["sets"]))
    inside = sum(row["z"] * (size // 2) for row, size in zip(entry["sets"], sizes, strict=True))
    return int(sum(entry["people"].values()) + inside)


def test_of_two_plans_that_are_as_good_the_fairer_one_is_chosen() -> None:
    plan = solve(SQUARE)
    assert members(plan) == [("ada", "ben"), ("cleo", "dan")]
    assert (plan.summary["score"], plan.summary["worst_score"], plan.summary["worst_off_proven"]) == (1000, 500, True)
    verify(SQUARE, plan)
    other = replace(SQUARE, forbidden=(("ada", "ben"), ("ada", "dan")))
    assert (solve(other).summary["score"], solve(other).summary["worst_score"]) == (1000, 125)


def test_the_less_fair_plan_of_the_two_is_refused() -> None:
    unfair = solve(replace(SQUARE, forbidden=(("ada", "ben"), ("ada", "dan"))))
    plan = solve(SQUARE)
    claimed = {**plan.certificate["worst_off"], "score": 125}
    borrowed = replace(unfair, certificate={**plan.certificate, "worst_off": claimed})
    with pytest.raises(NotProven, match=r"not covered|not ruled out"):
        verify(SQUARE, borrowed)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda c: c.update(worst_off=None), "not in the known form"),
        (lambda c: c.pop("worst_off"), "not in the known form"),
        (lambda c: c["worst_off"].pop("score"), "not in the known form"),
        (lambda c: c["worst_off"].update(score=499), "the lowest score is another one"),
        (lambda c: c["worst_off"].update(score=None), "the lowest score is another one"),
        (lambda c: c["worst_off"].update(prices=[]), "not ruled out"),
        (lambda c: c["worst_off"].update(prices=c["prices"]), "not ruled out"),
        (lambda c: c["worst_off"]["prices"][0]["people"].update(ada=0, ben=0), "not covered"),
        (lambda c: c["worst_off"]["prices"][0]["people"].pop("ada"), "one price for each person"),
    ],
)
def test_a_corrupted_second_proof_is_refused(change: Callable[[Any], object], why: str) -> None:
    with pytest.raises(NotProven, match=f"(?i){why}"):
        verify(SQUARE, changed(solve(SQUARE), change))


def test_it_can_be_switched_off_and_then_claims_nothing() -> None:
    problem = replace(SQUARE, policy=replace(SQUARE.policy, worst_off="off"))
    plan = solve(problem)
    assert (plan.summary["worst_off_proven"], plan.certificate["worst_off"]) == (False, None)
    verify(problem, plan)


def test_nobody_paired_but_by_the_lead_is_nothing_to_prove() -> None:
    plan = solve(replace(SQUARE, pinned=(("ada", "cleo"), ("ben", "dan"))))
    assert plan.certificate["worst_off"] == {"score": None, "prices": []}
    assert plan.summary["worst_score"] == 125


@pytest.mark.parametrize("rules", [HardRules(), HardRules(min_score=500, department="different")], ids=str)
@pytest.mark.parametrize("people", [20, 21, 60, 61, 420, 421])
def test_larger_cohorts_are_proven_and_cost_nothing(people: int, rules: HardRules) -> None:
    policy = Policy(rules=rules, order="balanced", weights=ONLY_TIME)
    problem = random_cohort(people, seed=people, policy=policy)
    plan = solve(problem)
    plain = solve(replace(problem, policy=replace(policy, worst_off="off")))
    assert plan.certificate["value"] == plain.certificate["value"]
    assert plan.summary["worst_score"] >= plain.summary["worst_score"]
    assert plan.summary["worst_off_proven"]
    verify(problem, plan)


def test_with_and_without_compiled_code_the_worst_off_are_as_well_off(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_cohort(410, seed=7, policy=Policy(order="balanced", weights=ONLY_TIME))
    fast = solve(problem)
    monkeypatch.setattr(compiled, "LARGE", 10**9)
    slow = solve(problem)
    assert fast.certificate["worst_off"]["score"] == slow.certificate["worst_off"]["score"]
