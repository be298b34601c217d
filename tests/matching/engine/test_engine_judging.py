"""A plan made by hand is weighed as the engine weighs its own, and broken rules are named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    BrokenRule,
    HardRules,
    Nomination,
    NotAPlan,
    Person,
    Policy,
    Problem,
    judge,
    solve,
)
from tests.matching.engine.engine_cohorts import problems, random_cohort


def people(count: int, **fields: object) -> tuple[Person, ...]:
    return tuple(Person(f"p{k}", **fields) for k in range(count))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_the_engines_own_plan_is_judged_as_the_engine_says(problem: Problem) -> None:
    plan = solve(problem)
    judgement = judge(problem, [pairing.members for pairing in plan.pairings])
    assert [one.pairing for one in judgement.judged] == list(plan.pairings)
    assert judgement.placed == plan.summary["placed"]
    assert judgement.people == {tier: plan.summary[tier.replace("-", "_")] for tier in judgement.people}
    assert judgement.worst_score == plan.summary["worst_score"]
    pinned = [set(group) for group in problem.pinned]
    free = [broken for broken in judgement.broken if not any(set(broken.members) <= group for group in pinned)]
    assert free == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_plan_by_hand_that_keeps_the_rules_is_worth_more_than_the_optimum(seed: int) -> None:
    problem = random_cohort(8, seed, Policy(rules=HardRules(max_level_gap=2)))
    best = sum(pairing.weight for pairing in solve(problem).pairings)
    ids = [person.id for person in problem.people]
    by_hand = list(zip(ids[::2], ids[1::2], strict=True))
    judgement = judge(problem, by_hand)
    assert judgement.broken or judgement.value <= best


@pytest.mark.parametrize("size", [2, 100])
def test_each_broken_rule_is_named_with_its_pair(size: int) -> None:
    """With few groups and with many: they are looked at in different ways."""
    staff = people(size, department="A", level=1, place="Rome")
    staff = (
        Person("p0", department="A", level=5, place="Oslo", manager_id="p1", hours_per_month=8, free=frozenset({1})),
        Person("p1", department="A", level=1, place="Rome", hours_per_month=1, free=frozenset({9})),
        *staff[2:],
    )
    rules = HardRules(
        max_level_gap=2, department="different", min_common_hours=1, max_commitment_factor=2, same_place=True
    )
    problem = Problem(staff, refusals=(("p1", "p0"),), forbidden=(("p0", "p1"),), policy=Policy(rules=rules))
    groups = [(a.id, b.id) for a, b in zip(staff[::2], staff[1::2], strict=True)]
    found = [broken for broken in judge(problem, groups).broken if set(broken.members) == {"p0", "p1"}]
    assert sorted(broken.rule for broken in found) == [
        "commitment",
        "common-time",
        "department",
        "forbidden",
        "level-gap",
        "not-possible",
        "own-manager",
        "place",
    ]


def test_a_trio_is_judged_by_each_of_its_pairs() -> None:
    problem = Problem(people(3), (Nomination("p0", "p1", 1), Nomination("p1", "p0", 1)), refusals=(("p2", "p0"),))
    judgement = judge(problem, [("p2", "p0", "p1")])
    assert judgement.broken == (BrokenRule("not-possible", ("p0", "p2")),)
    assert judgement.judged[0].tiers == ("mutual", "mutual", "none")
    assert (judgement.people["mutual"], judgement.people["none"], judgement.placed) == (2, 1, 3)


def test_a_part_of_a_plan_is_judged_as_within_the_whole() -> None:
    problem = random_cohort(20, 5)
    plan = solve(problem)
    part = judge(problem, [plan.pairings[3].members])
    assert part.judged[0].pairing == plan.pairings[3]
    assert judge(problem, []).worst_score is None


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([("p0",)], "two or three"),
        ([("p0", "p0")], "two or three"),
        ([("p0", "p1", "p2", "p3")], "two or three"),
        ([("p0", "stranger")], "stranger is not among the people"),
        ([("p0", "p1"), ("p2", "p1")], "in two pairings"),
    ],
)
def test_what_is_no_plan_is_refused(groups: list[tuple[str, ...]], why: str) -> None:
    with pytest.raises(NotAPlan, match=why):
        judge(Problem(people(4)), groups)
