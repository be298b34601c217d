import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import (
    Cancelled,
    HardRules,
    Nomination,
    Past,
    Person,
    Plan,
    Policy,
    Problem,
    Step,
    costs_of_rules,
    solve,
    verify,
)
from tests.matching.engine.engine_cohorts import problems, random_cohort


def people(count: int) -> tuple[Person, ...]:
    return tuple(Person(str(k)) for k in range(1, count + 1))


def groups(plan: Plan) -> list[tuple[str, ...]]:
    return [pairing.members for pairing in plan.pairings]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, []), (1, []), (2, [("1", "2")]), (3, [("1", "2", "3")]), (4, 2), (5, 2), (6, 3)],
)
def test_few_people(count: int, expected: list[tuple[str, ...]] | int) -> None:
    problem = Problem(people(count))
    plan = solve(problem)
    verify(problem, plan)
    assert len(groups(plan)) == expected if isinstance(expected, int) else groups(plan) == expected
    assert plan.summary["placed"] == (count if count > 1 else 0)


def test_one_person_alone_is_told_what_would_help() -> None:
    (who,) = solve(Problem(people(1))).unplaced
    assert (who.rules, who.relaxation) == (("alone",), (Step("invite"),))


def test_nobody_may_be_paired() -> None:
    everyone = tuple(Person(str(k), department="law") for k in range(4))
    problem = Problem(everyone, policy=Policy(rules=HardRules(department="different")))
    plan = solve(problem)
    verify(problem, plan)
    assert plan.pairings == ()
    assert [(who.rules, who.relaxation) for who in plan.unplaced] == 4 * [
        (("department",), (Step("department", {"now": "different"}),))
    ]
    assert [(cost.rule, cost.people) for cost in costs_of_rules(problem)] == [("department", 4)]


def test_islands_of_odd_size_place_as_many_as_can_be() -> None:
    everyone = tuple(Person(f"{island}{k}", department=island) for island in "abc" for k in range(3))
    problem = Problem(everyone, policy=Policy(rules=HardRules(department="same")))
    plan = solve(problem)
    verify(problem, plan)
    assert (plan.summary["placed"], plan.summary["trios"], plan.summary["unplaced"]) == (7, 1, 2)
    assert [who.relaxation for who in plan.unplaced] == 2 * [(Step("department", {"now": "same"}),)]


def test_an_even_cohort_has_a_trio_only_where_it_places_more() -> None:
    apart = tuple((str(k), "4") for k in (1, 2, 3))
    assert groups(solve(Problem(people(4), forbidden=apart))) == [("1", "2", "3")]
    assert [len(group) for group in groups(solve(Problem(people(4))))] == [2, 2]


def test_the_least_relaxation_is_named() -> None:
    lonely = Person("9", level=9, hours_per_month=9)
    everyone = (Person("1", level=1), Person("2", level=2), Person("3", level=5), lonely)
    problem = Problem(everyone, policy=Policy(rules=HardRules(max_level_gap=3)))
    plan = solve(problem)
    assert [(who.person_id, who.rules, who.relaxation) for who in plan.unplaced][-1] == (
        "9",
        ("level-gap",),
        (Step("level-gap", {"gap": 4, "now": 3}),),
    )


def test_a_refusal_reads_as_not_possible_from_neither_side() -> None:
    for refusal in (("1", "2"), ("2", "1")):
        plan = solve(Problem(people(2), refusals=(refusal,)))
        assert [(who.rules, who.relaxation) for who in plan.unplaced] == 2 * [
            (("not-possible",), (Step("none-helps"),))
        ]


def test_priority_from_last_time_is_placed_first() -> None:
    everyone = people(5)
    for chosen in range(5):
        first = tuple(replace(p, waiting_priority=k != chosen) for k, p in enumerate(everyone))
        plan = solve(Problem(first, policy=Policy(odd="wait")))
        assert [who.person_id for who in plan.unplaced] == [everyone[chosen].id]


def test_placing_comes_before_naming() -> None:
    """2 and 3 named each other first, but only they can take 1 and 4."""
    named = (Nomination("2", "3", 1), Nomination("3", "2", 1))
    problem = Problem(people(4), named, forbidden=(("1", "3"), ("1", "4"), ("2", "4")))
    assert groups(solve(problem)) == [("1", "2"), ("3", "4")]


def test_pins() -> None:
    problem = Problem(people(7), pinned=(("1", "7"), ("2", "3", "4")))
    plan = solve(problem)
    verify(problem, plan)
    assert groups(plan) == [("1", "7"), ("2", "3", "4"), ("5", "6")]
    assert "pinned" in [reason.code for reason in plan.pairings[0].reasons]


def test_a_pin_outweighs_the_policy_but_not_a_refusal() -> None:
    same = (Person("1", department="law"), Person("2", department="law"), *people(4)[2:])
    policy = Policy(rules=HardRules(department="different", no_repeat_within=1))
    problem = Problem(same, pinned=(("1", "2"),), past=(Past(("1", "2")),), policy=policy)
    assert groups(solve(problem)) == [("1", "2"), ("3", "4")]
    refused = solve(replace(problem, refusals=(("2", "1"),)))
    assert ("1", "2") not in groups(refused)
    assert refused.summary["notes"] == ["1 and 2 could not be put together: this pair is not possible."]


def test_a_pinned_pair_takes_in_the_odd_one() -> None:
    problem = Problem(people(3), pinned=(("1", "2"),))
    plan = solve(problem)
    verify(problem, plan)
    assert groups(plan) == [("1", "2", "3")]


def test_one_bad_record_never_stops_a_run() -> None:
    bad = Problem(
        (
            *people(4),
            Person("1", name="again"),
            Person("5", level=2, manager_id="5", free=frozenset({-1, 999})),
        ),
        nominations=(Nomination("1", "who", 1), Nomination("2", "2", 1), Nomination("3", "4", 0)),
        refusals=(("1", "who"),),
        pinned=(("1", "who"), ("2",)),
        past=(Past(("who",)),),
    )
    plan = solve(bad)
    verify(bad, plan)
    assert plan.summary["placed"] == 5
    assert len(plan.summary["notes"]) == 4


def test_huge_cohorts_of_numbers_do_not_overflow() -> None:
    """With ranks in the thousands the weights outgrow 64 bits by far."""
    problem = random_cohort(60, seed=1)
    ranked = replace(problem, nominations=tuple(replace(n, rank=10**6) for n in problem.nominations))
    plan = solve(ranked)
    assert plan.certificate["value"] > 2**90
    verify(ranked, plan)


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_order_of_rows_changes_nothing(problem: Problem, rng: random.Random) -> None:
    def mixed(rows: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(rng.sample(rows, len(rows)))

    other = Problem(
        mixed(problem.people),
        mixed(problem.nominations),
        mixed(problem.refusals),
        mixed(problem.past),
        mixed(problem.pinned),
        mixed(problem.forbidden),
        problem.policy,
    )
    assert solve(other) == solve(problem)


def test_the_same_answer_under_another_hash_seed() -> None:
    script = (
        "from tests.matching.engine.engine_cohorts import random_cohort; from matching.engine import solve;"
        "import json; print(json.dumps(solve(random_cohort(41, seed=3)).to_dict(), sort_keys=True))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "123"
    }
    assert len(answers) == 1


@given(problems())
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_snapshots_survive_json(problem: Problem) -> None:
    again = Problem.from_dict(json.loads(json.dumps(problem.to_dict())))
    assert again == problem
    plan = solve(problem)
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_progress_rises_to_one() -> None:
    seen: list[float] = []
    solve(random_cohort(41, seed=1), lambda share, message: seen.append(share))
    assert seen == sorted(seen)
    assert (len(seen) > 5, seen[-1]) == (True, 1.0)


def test_cancelling_stops_the_run() -> None:
    seen: list[str] = []

    def stop_at_the_third(share: float, message: str) -> bool:
        seen.append(message)
        return len(seen) < 3

    with pytest.raises(Cancelled):
        solve(random_cohort(41, seed=1), stop_at_the_third)
    assert len(seen) == 3
