import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from matching.engine import Nomination, Person, Problem, Reason, Step, solve
from matching.engine.saying import Saying
from tests.matching.engine.engine_cohorts import problems

ADA = Person("1", "Ada", department="law", free=frozenset(range(8)), wants=frozenset("x"), offers=frozenset("y"))
BEN = Person("2", "Ben", department="sales", free=frozenset(range(9)), wants=frozenset("y"), offers=frozenset("x"))
CLEO = Person("3", "Cleo")


def reasons(*nominations: Nomination, people: tuple[Person, ...] = (ADA, BEN)) -> dict[str, Reason]:
    plan = solve(Problem(people, nominations))
    return {reason.code: reason for reason in plan.pairings[0].reasons}


def to_leads(*found: Reason) -> list[str]:
    return [Saying().to_leads(reason.code, reason.about) for reason in found]


def to_members(*found: Reason) -> list[str]:
    return [Saying().to_members(reason.code, reason.told) for reason in found if reason.told is not None]


def test_that_two_named_each_other_is_for_the_lead() -> None:
    named = reasons(Nomination("1", "2", 1), Nomination("2", "1", 3))["named-each-other"]
    assert to_leads(named) == ["Ada and Ben named each other. Ada named Ben first. Ben named Ada third."]
    assert named.told is None
    first = reasons(Nomination("1", "2", 1), Nomination("2", "1", 1))["named-each-other"]
    assert to_leads(first) == ["Ada and Ben named each other first."]


def test_only_the_lead_reads_a_one_way_nomination() -> None:
    first = reasons(Nomination("1", "2", 1))["named"]
    assert (first, to_leads(first)) == (
        Reason("named", {"first": "Ada", "second": "Ben", "rank": 1}),
        ["Ada named Ben first."],
    )
    assert to_leads(reasons(Nomination("2", "1"))["named"]) == ["Ben is also happy with Ada."]
    assert Saying().to_leads("named", {"first": "Ada", "second": "Ben", "rank": 7}) == "Ada named Ben in place 7."


def test_what_both_may_know_is_told_to_both() -> None:
    found = reasons()
    assert to_members(found["common-time"]) == ["You have 4 free hours a week in common."]
    assert to_leads(found["common-time"]) == ["4 free hours a week in common."]
    assert to_members(found["different-departments"]) == ["You work in different departments."]


def offers(*people: Person) -> tuple[list[str], list[str]]:
    pairing = solve(Problem(people)).pairings[0]
    found = [reason for reason in pairing.reasons if reason.code == "wants-and-offers"]
    return to_leads(*found), to_members(*found)


def test_who_can_help_whom_is_said_by_name_to_the_lead_and_once_without_to_members() -> None:
    assert offers(ADA, BEN) == (
        [
            "Ada can help with “y”, which Ben would like to get better at.",
            "Ben can help with “x”, which Ada would like to get better at.",
        ],
        ["Each of you can help with something that the other would like to get better at: “y” and “x”."],
    )
    dan = Person("4", "Dan", wants=frozenset("yz"))
    assert offers(replace(ADA, offers=frozenset("yz")), dan) == (
        ["Ada can help with “y” and “z”, which Dan would like to get better at."],
        ["One of you can help with “y” and “z”, which the other would like to get better at."],
    )
    assert offers(CLEO, dan) == ([], [])
    assert offers(ADA, CLEO, dan) == (
        ["Ada can help with “y”, which Dan would like to get better at."],
        ["Among you somebody can help with “y”, which somebody else would like to get better at."],
    )


def test_halves_of_hours_in_words() -> None:
    def told(slots: int) -> list[str]:
        free = frozenset(range(slots))
        return to_members(reasons(people=(Person("1", free=free), Person("2", free=free)))["common-time"])

    assert told(1) == ["You have half a free hour a week in common."]
    assert told(2) == ["You have 1 free hour a week in common."]
    assert told(3) == ["You have 1½ free hours a week in common."]
    assert told(40) == ["You have 20 free hours a week in common."]


def test_each_remedy_has_its_words() -> None:
    steps = {
        "level-gap": ({"gap": 4, "now": 3}, "Allow a level gap of 4 (now 3)."),
        "common-time": ({"halves": 3, "now": 2}, "Ask for 1½ hours a week in common (now 2)."),
        "commitment": ({"percent": 250, "now": 1.5}, "Allow commitments up to 2.5 times apart (now 1.5)."),
        "score": ({"score": 310, "now": 400}, "Allow a fit of 31 % (now 40 %)."),
        "place": ({}, "Allow different places."),
        "repeat": ({}, "Allow a pairing from an earlier cohort again."),
        "forbidden": ({"who": "Ada", "whom": "Ben"}, "Lift what you have forbidden for Ada and Ben."),
        "invite": ({}, "Invite at least one more person."),
        "trio": ({}, "Let one pairing be a trio."),
    }
    assert {code: Saying().relaxation([Step(code, about)]) for code, (about, _) in steps.items()} == {
        code: words for code, (_, words) in steps.items()
    }
    several = [Step("place"), Step("department", {"now": "same"})]
    assert Saying().relaxation(several) == "Allow different places. Allow different departments. It takes both."


def test_there_is_always_a_reason() -> None:
    assert list(reasons(people=(Person("1"), Person("2")))) == ["whole-cohort"]


@given(problems())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_members_are_told_no_name_and_nothing_of_wishes(problem: Problem) -> None:
    for pairing in solve(problem).pairings:
        told = " ".join(to_members(*pairing.reasons))
        facts = json.dumps([reason.told for reason in pairing.reasons])
        assert pairing.reasons
        assert not any(f'"{member}"' in facts for member in pairing.members)  # ids stand in for names
        assert not any(word in told for word in ("named", "also happy", "refus", "possible"))
        assert "refus" not in " ".join(to_leads(*pairing.reasons))
