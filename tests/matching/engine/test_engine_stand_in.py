"""Somebody who takes part only if one more person has a buddy thereby."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from matching.engine import (
    HardRules,
    Judge,
    Nomination,
    NotProven,
    Person,
    Plan,
    Policy,
    Problem,
    Reason,
    Step,
    solve,
    verify,
)
from matching.engine.__main__ import main
from tests.matching.engine.engine_cohorts import problems, random_cohort

LEAD = Policy(odd="lead")


def people(count: int) -> tuple[Person, ...]:
    return tuple(Person(f"p{k}") for k in range(count))


def with_dora(problem: Problem, **said: object) -> Problem:
    dora = Person("dora", "Dora", stand_in=True, **said)  # type: ignore[arg-type]
    return replace(problem, people=(*problem.people, dora), policy=replace(problem.policy, odd="lead"))


def members(plan: Plan) -> list[tuple[str, ...]]:
    return [pairing.members for pairing in plan.pairings]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 20, 21, 420, 421])
def test_a_lead_joins_just_where_the_number_is_odd(count: int) -> None:
    problem = with_dora(random_cohort(count, seed=5))
    plan = solve(replace(problem, refusals=(), people=tuple(replace(p, manager_id=None) for p in problem.people)))
    found = plan.summary
    assert found["stand_in_used"] == bool(count % 2)
    assert any("dora" in group for group in members(plan)) == bool(count % 2)
    assert (found["people"], found["placed"], found["unplaced"], found["trios"]) == (count, count, 0, 0)
    assert found["mutual"] + found["one_way"] + found["also"] + found["none"] == count


def test_it_is_proven_with_the_others_in_one() -> None:
    problem = with_dora(random_cohort(21, seed=5))
    plan = solve(problem)
    verify(problem, plan)
    without = solve(replace(problem, policy=Policy(odd="wait")))
    assert without.summary["placed"] == 20
    with pytest.raises(NotProven):
        verify(problem, without)


def test_who_sits_with_the_stand_in_is_chosen_for_the_whole() -> None:
    """Both named each other; so the third gets the stand-in, whoever else they would suit."""
    named = (Nomination("p0", "p1", 1), Nomination("p1", "p0", 1))
    plan = solve(with_dora(Problem(people(3), named)))
    assert members(plan) == [("dora", "p2"), ("p0", "p1")]
    assert plan.pairings[0].reasons == (Reason("stands-in", {"who": "Dora"}),)


def test_nobody_who_reports_to_the_stand_in() -> None:
    staff = tuple(replace(person, manager_id="dora") for person in people(2))
    problem = with_dora(Problem((*staff, Person("p2")), policy=Policy(rules=HardRules())))
    assert members(solve(problem)) == [("dora", "p2"), ("p0", "p1")]
    alone = solve(with_dora(Problem(staff[:1])))
    assert (members(alone), alone.summary["stand_in_used"]) == ([], False)
    assert [who.person_id for who in alone.unplaced] == ["p0"]
    verify(with_dora(Problem(staff[:1])), alone)


def test_only_one_stands_in_and_only_if_the_policy_says_so() -> None:
    two = Problem((*people(3), Person("x", stand_in=True), Person("y", stand_in=True)), policy=LEAD)
    plan = solve(two)
    assert plan.summary["notes"] == ["y was left out: only one person can stand in."]
    assert (plan.summary["placed"], plan.summary["stand_in_used"]) == (3, True)
    verify(two, plan)
    trio = solve(replace(two, policy=Policy()))
    assert (trio.summary["trios"], trio.summary["stand_in_used"], trio.summary["people"]) == (1, False, 3)
    assert trio.summary["notes"] == [f"{name} was left out: nobody stands in under this policy." for name in "xy"]


def test_without_anybody_to_stand_in_one_person_waits() -> None:
    plan = solve(Problem(people(3), policy=LEAD))
    assert [(who.person_id, who.relaxation) for who in plan.unplaced] == [("p0", (Step("trio"),))]


@given(problems(most=8))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_stand_in_places_one_person_more_or_is_not_used(problem: Problem) -> None:
    policy = replace(problem.policy, odd="wait")
    without = replace(problem, people=tuple(p for p in problem.people if not p.stand_in), policy=policy)
    if any(
        len(group) == 3 or any(who.stand_in and who.id in group for who in problem.people) for group in problem.pinned
    ):
        return
    plan = solve(replace(problem, policy=replace(problem.policy, odd="lead")))
    more = plan.summary["placed"] - solve(without).summary["placed"]
    assert more == plan.summary["stand_in_used"]


def test_by_hand_a_stand_in_is_not_counted_either() -> None:
    judged = Judge(with_dora(Problem(people(3)))).judge([("dora", "p0"), ("p1", "p2")])
    assert (judged.placed, sum(judged.people.values())) == (3, 3)


def test_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text("id,stand_in\n1,\n2,no\n3,\ndora,yes\n")
    (tmp_path / "nominations.csv").write_text("from_id,to_id,rank_or_weight\n1,2,1\n")
    (tmp_path / "policy.toml").write_text("odd = 'lead'\n")
    names = [str(tmp_path / name) for name in ("people.csv", "nominations.csv", "policy.toml")]
    assert main([*names[:2], "--policy", names[2]]) == 0
    written, told = capsys.readouterr()
    assert [row.split(",")[1] for row in written.splitlines()[1:]] == ["1;2", "3;dora"]
    assert told.splitlines()[0] == "placed: 3 of 3 people in 2 pairings (trios: 0)"
    assert "stand-in: takes part" in told.splitlines()
