"""A plan in numbers and words for leads, and in words for those who are paired."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from matching import engine

Said = dict[tuple[str, str], int | None]  # from, to -> rank; None is "also happy with"
TIERS: tuple[engine.Tier, ...] = get_args(engine.Tier)  # best first

# Members are never told who named whom, and so not that they named each other either: where that sentence were
# missing, somebody would learn that their wish was not returned. "whole-cohort" is for people who said nothing of
# each other.
ABOUT_WISHES = {"named", "named-each-other", "whole-cohort"}
WHOLE_COHORT = "This pairing was chosen with the whole cohort in view."

EVERYBODY_ELSE = {
    "own-manager": "is their manager or reports to them",
    "not-possible": "is not possible",
    "forbidden": "was ruled out by a lead",
    "repeat": "was their buddy before",
    "level-gap": "is too many levels away",
    "department": "is in a department that the rules leave out",
    "common-time": "has too few free hours in common with them",
    "commitment": "has a very different amount of time to give",
    "place": "is in another place",
    "score": "fits less than the rules ask for",
}
NO_RULE = {
    "all-taken": "Everybody who could be their buddy has one.",
    "alone": "There is nobody else to be paired with yet.",
}


def of_plan(plan: engine.Plan) -> dict[str, Any]:
    return {
        "paired": sum(len(pairing.members) for pairing in plan.pairings),
        "pairings": len(plan.pairings),
        "trios": sum(1 for pairing in plan.pairings if len(pairing.members) == 3),
        "stand_in_used": plan.summary.get("stand_in_used", False),
        "worst_score": plan.summary.get("worst_score"),
        "worst_off_proven": plan.summary.get("worst_off_proven", False),
        "optimal": plan.summary.get("optimal", False),
    }


def unplaced(plan: engine.Plan) -> list[dict[str, Any]]:
    return [
        {
            "participant": int(person.person_id),
            "rules": list(person.rules),
            "why": why(person.rules),
            "relaxation": in_per_cent(person.relaxation),
        }
        for person in plan.unplaced
    ]


def in_per_cent(relaxation: str) -> str:
    """The engine's scores, 0 to 1,000, as the lead sets and reads them."""

    def said(found: re.Match[str]) -> str:
        return f"llow a fit of {int(found[1]) // 10} % (now {int(found[2]) // 10} %)"

    return re.sub(r"llow a score of (\d+) \(now (\d+)\)", said, relaxation)


def why(rules: Iterable[str]) -> str:
    known = list(rules)
    if said := [NO_RULE[rule] for rule in known if rule in NO_RULE]:
        return said[0]
    words = [EVERYBODY_ELSE[rule] for rule in known if rule in EVERYBODY_ELSE]
    return f"Everybody else {', or '.join(words or ['is not possible'])}."


def reasons_for_lead(pairing: engine.PlannedPairing) -> list[dict[str, str]]:
    return [{"code": reason.code, "says": reason.for_lead} for reason in pairing.reasons if reason.for_lead]


def reasons_for_members(pairing: engine.PlannedPairing) -> list[str]:
    told = [reason.for_members for reason in pairing.reasons if reason.code not in ABOUT_WISHES]
    return [sentence for sentence in told if sentence] or [WHOLE_COHORT]


def without_wishes(reasons: Iterable[dict[str, str]]) -> list[str]:
    """The lead's reasons once pairs are published. That nothing is left says nothing: it has one sentence."""
    return [reason["says"] for reason in reasons if reason["code"] not in ABOUT_WISHES] or [WHOLE_COHORT]


def said_in(problem: engine.Problem) -> Said:
    return {(wish.from_id, wish.to_id): wish.rank for wish in problem.nominations}


def tier_of_seat(member: str, pairing: engine.PlannedPairing, said: Said) -> engine.Tier:
    """The best that this member can claim with one of the others."""
    tiers = (_tier(member, other, said) for other in pairing.members if other != member)
    return min(tiers, key=TIERS.index)


def _tier(a: str, b: str, said: Said) -> engine.Tier:
    wishes = [said[pair] for pair in ((a, b), (b, a)) if pair in said]
    named = sum(1 for rank in wishes if rank is not None)
    if named:
        return "mutual" if named == 2 else "one-way"
    return "also" if wishes else "none"
