import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import (
    Nomination,
    NotProven,
    Person,
    Plan,
    PlannedPairing,
    Policy,
    Problem,
    solve,
    verify,
)
from tests.matching.engine.engine_cohorts import problems, random_cohort

ODD = random_cohort(21, seed=4)
EVEN = random_cohort(20, seed=4)
WAITING = random_cohort(21, seed=4, policy=Policy(odd="wait"))


def refused(problem: Problem, plan: Plan, why: str) -> None:
    with pytest.raises(NotProven, match=why):
        verify(problem, plan)


def with_certificate(plan: Plan, change: Callable[[Any], object]) -> Plan:
    certificate = copy.deepcopy(plan.certificate)
    change(certificate)
    return replace(plan, certificate=certificate)


def with_first(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, pairings=(replace(plan.pairings[0], **changes), *plan.pairings[1:]))


@pytest.mark.parametrize("problem", [ODD, EVEN, WAITING], ids=["odd", "even", "waiting"])
def test_every_price_matters(problem: Problem) -> None:
    """In a tight certificate lowering any one price leaves a pair uncovered, raising one breaks the bound."""
    plan = solve(problem)
    verify(problem, plan)
    for person_id, y in plan.certificate["prices"][0]["people"].items():
        if y == 0:
            continue
        lower = with_certificate(plan, lambda c, p=person_id: c["prices"][0]["people"].update({p: 0}))
        refused(problem, lower, "is not covered")


def test_prices_that_bound_too_loosely_prove_nothing() -> None:
    plan = solve(EVEN)
    loose = with_certificate(plan, lambda c: c["prices"][0]["people"].update(p1=10**30))
    with pytest.raises(NotProven):
        verify(EVEN, loose)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda c: c.pop("prices"), "not in the known form"),
        (lambda c: c.update(prices=[]), "holds no prices"),
        (lambda c: c.update(value=c["value"] + 2), "about another plan"),
        (lambda c: c["prices"][0]["people"].pop("p3"), "one price for each person"),
        (lambda c: c["prices"][0]["people"].update(p3=-2), "whole number"),
        (lambda c: c["prices"][0]["people"].update(p3=True), "whole number"),
        (lambda c: c["prices"][0]["people"].update(p3=1e17), "whole number"),
        (lambda c: c["prices"][0]["sets"].append({"people": ["p1", "p2"], "sets": [], "z": 2}), "not odd"),
        (lambda c: c["prices"][0]["sets"].append({"people": ["p1", "p2", "who"], "sets": [], "z": 2}), "stranger"),
        (lambda c: c["prices"][0]["sets"].append({"people": ["p1", "p2", "p3"], "sets": [], "z": -2}), "whole number"),
        (
            lambda c: c["prices"][0]["sets"].extend(
                [
                    {"people": ["p1", "p2", "p3"], "sets": [], "z": 0},
                    {"people": ["p3", "p4", "p5"], "sets": [], "z": 0},
                ]
            ),
            "cross",
        ),
    ],
)
def test_a_corrupted_certificate_is_refused(change: Callable[[Any], object], why: str) -> None:
    refused(ODD, with_certificate(solve(ODD), change), why)


def test_a_certificate_without_one_of_its_prices_is_refused_or_still_enough() -> None:
    plan = solve(ODD)
    kept = len(plan.certificate["prices"])
    outcomes = []
    for number in range(kept):
        fewer = with_certificate(plan, lambda c, n=number: c["prices"].pop(n))
        try:
            verify(ODD, fewer)
            outcomes.append("enough")
        except NotProven:
            outcomes.append("refused")
    assert "refused" in outcomes


def test_a_corrupted_plan_is_refused() -> None:
    plan = solve(EVEN)
    first, second = plan.pairings[0], plan.pairings[1]
    refused(EVEN, with_first(plan, weight=first.weight + 2), "weight is wrong")
    refused(EVEN, with_first(plan, tier="mutual" if first.tier != "mutual" else "none"), "tier is wrong")
    refused(EVEN, with_first(plan, members=("p1", "who")), "not in the cohort")
    refused(EVEN, with_first(plan, members=second.members), "accounted for exactly once")
    refused(EVEN, replace(plan, pairings=plan.pairings[1:]), "accounted for exactly once")
    refused(WAITING, solve(ODD), "more trios than the policy allows")


def test_a_worse_plan_with_the_same_certificate_is_refused() -> None:
    """Every swap between two pairings of an optimal plan that is not as good must be noticed."""
    plan = solve(EVEN)
    noticed = 0
    for swapped in _swaps(EVEN, plan):
        value = sum(pairing.weight for pairing in swapped.pairings)
        honest = with_certificate(swapped, lambda c, v=value: c.update(value=v))
        if value < plan.certificate["value"]:
            noticed += 1
            refused(EVEN, honest, "not ruled out|breaks a rule|tier is wrong")
    assert noticed >= 8


def _swaps(problem: Problem, plan: Plan) -> list[Plan]:
    from matching.engine.problem import cleaned
    from matching.engine.reasons import tier_of
    from matching.engine.rules import Rules
    from matching.engine.table import Table
    from matching.engine.weights import Weights

    table = Table(cleaned(problem)[0])
    weights = Weights(table, Rules(table))

    def pairing(*ids: str) -> PlannedPairing:
        members = tuple(sorted(table.index[i] for i in ids))
        return PlannedPairing(tuple(table.ids[v] for v in members), tier_of(weights, members), weights.group(members))

    (a, b), *others = (p.members for p in plan.pairings)
    return [
        replace(
            plan,
            pairings=(
                pairing(a, c),
                pairing(b, d),
                *(p for p in plan.pairings[1:] if p.members != (c, d)),
            ),
        )
        for c, d in others
    ]


def test_another_trio_that_is_worse_is_refused() -> None:
    plan = solve(ODD)
    best = next(p.members for p in plan.pairings if len(p.members) == 3)
    # The same people, with the best trio forbidden: its own proof does not hold for the first problem.
    other = solve(replace(ODD, forbidden=((best[0], best[1]), (best[0], best[2]), (best[1], best[2]))))
    assert other.certificate["value"] < plan.certificate["value"]
    refused(ODD, other, "not ruled out|is not covered")
    # Nor does the best plan's proof vouch for the other plan.
    borrowed = replace(other, certificate={**plan.certificate, "value": other.certificate["value"]})
    refused(ODD, borrowed, "not ruled out")


def test_a_broken_rule_is_refused() -> None:
    plan = solve(EVEN)
    a, b = plan.pairings[0].members
    refused(replace(EVEN, refusals=(*EVEN.refusals, (b, a))), plan, "breaks a rule")
    refused(replace(EVEN, pinned=((a, plan.pairings[1].members[0]),)), plan, "pinned")


def test_leaving_people_out_is_refused() -> None:
    """Two people who could have been a pair."""
    problem = Problem((Person("a"), Person("b")), (Nomination("a", "b", 1),))
    empty = solve(replace(problem, forbidden=(("a", "b"),)))
    assert empty.pairings == ()
    refused(problem, empty, "is not covered|not ruled out")


@given(problems(), st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_lowering_what_holds_the_bound_is_noticed(problem: Problem, data: st.DataObject) -> None:
    """With one set of prices, lowering anything that a pair of the plan rests on uncovers that pair."""
    plan = solve(problem)
    prices = plan.certificate["prices"]
    if not plan.pairings or not prices[0]["people"]:
        return
    number = data.draw(st.integers(0, len(prices) - 1))
    person_id = data.draw(st.sampled_from(sorted(prices[number]["people"])))
    change = data.draw(st.integers(-5, -1))
    worse = with_certificate(
        plan,
        lambda c: c["prices"][number]["people"].update({person_id: prices[number]["people"][person_id] + change}),
    )
    tight = {m for p in plan.pairings for m in p.members if len(p.members) == 2}
    if number == 0 and len(prices) == 1 and person_id in tight and not problem.pinned:
        with pytest.raises(NotProven):
            verify(problem, worse)
