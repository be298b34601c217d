from dataclasses import replace
from itertools import combinations

from hypothesis import HealthCheck, given, settings

from matching.engine import Nomination, Person, Problem, Reason, solve
from tests.matching.engine.engine_cohorts import problems

ADA = Person("1", "Ada", department="law", free=frozenset(range(8)), wants=frozenset("x"), offers=frozenset("y"))
BEN = Person("2", "Ben", department="sales", free=frozenset(range(9)), wants=frozenset("y"), offers=frozenset("x"))
CLEO = Person("3", "Cleo")


def reasons(*nominations: Nomination, people: tuple[Person, ...] = (ADA, BEN)) -> dict[str, Reason]:
    plan = solve(Problem(people, nominations))
    return {reason.code: reason for reason in plan.pairings[0].reasons}


def test_two_who_named_each_other_are_told() -> None:
    named = reasons(Nomination("1", "2", 1), Nomination("2", "1", 3))["named-each-other"]
    assert named.for_lead == "Ada and Ben named each other: Ada named Ben first, Ben named Ada third."
    assert named.for_members == "You named each other."


def test_only_the_lead_reads_a_one_way_nomination() -> None:
    assert reasons(Nomination("1", "2", 1))["named"] == Reason("named", "Ada named Ben first.", "")
    assert reasons(Nomination("2", "1"))["named"] == Reason("named", "Ben is also happy with Ada.", "")


def test_what_both_may_know_is_told_to_both() -> None:
    found = reasons()
    assert found["common-time"].for_members == "You have four free hours a week in common."
    assert found["different-departments"].for_members == "You work in different departments."


def offers(*people: Person) -> list[tuple[str, str]]:
    pairing = solve(Problem(people)).pairings[0]
    return [(reason.for_lead, reason.for_members) for reason in pairing.reasons if reason.code == "wants-and-offers"]


def test_who_can_help_whom_is_said_by_name_to_the_lead_and_without_to_members() -> None:
    assert offers(ADA, BEN) == [
        (
            "Ada can help with “y”, which Ben would like to get better at.",
            "Each of you can help with something that the other would like to get better at: “y” and “x”.",
        ),
        ("Ben can help with “x”, which Ada would like to get better at.", ""),
    ]
    dan = Person("4", "Dan", wants=frozenset("yz"))
    assert offers(replace(ADA, offers=frozenset("yz")), dan) == [
        (
            "Ada can help with “y” and “z”, which Dan would like to get better at.",
            "One of you can help with “y” and “z”, which the other would like to get better at.",
        )
    ]
    assert offers(CLEO, dan) == []
    assert offers(ADA, CLEO, dan) == [
        (
            "Ada can help with “y”, which Dan would like to get better at.",
            "Among you somebody can help with “y”, which somebody else would like to get better at.",
        )
    ]


def test_halves_of_hours_in_words() -> None:
    def told(slots: int) -> str:
        free = frozenset(range(slots))
        return reasons(people=(Person("1", free=free), Person("2", free=free)))["common-time"].for_members

    assert told(1) == "You have half a free hour a week in common."
    assert told(2) == "You have one free hour a week in common."
    assert told(3) == "You have one and a half free hours a week in common."
    assert told(40) == "You have 20 free hours a week in common."


def test_three_are_told_only_if_all_named_each_other() -> None:
    people = (ADA, BEN, CLEO)
    all_ways = [Nomination(a.id, b.id, 1) for a in people for b in people if a is not b]
    plan = solve(Problem(people, tuple(all_ways)))
    told = [reason.for_members for reason in plan.pairings[0].reasons if reason.code == "named-each-other"]
    assert sorted(told) == ["", "", "You all named each other."]
    fewer = solve(Problem(people, tuple(all_ways[1:])))
    assert not any("named" in reason.for_members for reason in fewer.pairings[0].reasons)


def test_there_is_always_a_reason() -> None:
    assert list(reasons(people=(Person("1"), Person("2")))) == ["whole-cohort"]


@given(problems())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_members_never_read_who_named_or_refused_whom(problem: Problem) -> None:
    plan = solve(problem)
    said = {(n.from_id, n.to_id) for n in problem.nominations}
    for pairing in plan.pairings:
        told = " ".join(reason.for_members for reason in pairing.reasons)
        assert pairing.reasons
        assert not any(member in told for member in pairing.members)  # ids stand in for names here
        assert "also happy" not in told and "refus" not in told and "possible" not in told
        each_other = all({(a, b), (b, a)} <= said for a, b in combinations(pairing.members, 2))
        assert ("named" in told) == each_other
        assert "refus" not in " ".join(reason.for_lead for reason in pairing.reasons)
