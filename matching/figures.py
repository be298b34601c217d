"""A plan in numbers, and what leads and those who are paired are told of it: as codes, until somebody reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import engine, saying

Said = dict[tuple[str, str], int | None]  # from, to -> rank; None is "also happy with"
TIERS: tuple[engine.Tier, ...] = get_args(engine.Tier)  # best first

# Not shown any more once pairs are published; members are never told of wishes. "whole-cohort" is for people who said
# nothing of each other.
ABOUT_WISHES = {"named", "named-each-other", "whole-cohort"}
WHOLE_COHORT: dict[str, Any] = {"code": "whole-cohort", "about": {}}

# Each completes “Everybody else …”.
EVERYBODY_ELSE = {
    "own-manager": _("is their manager or reports to them"),
    "not-possible": _("is not possible"),
    "forbidden": _("was ruled out by a lead"),
    "repeat": _("was their buddy before"),
    "level-gap": _("is too many levels away"),
    "department": _("is in a department that the rules leave out"),
    "common-time": _("has too few free hours in common with them"),
    "commitment": _("has a very different amount of time to give"),
    "place": _("is in another place"),
    "score": _("fits less than the rules ask for"),
}
BY_HAND = "by-hand"
NO_RULE = {
    "all-taken": _("Everybody who could be their buddy has one."),
    "alone": _("There is nobody else to be paired with yet."),
    BY_HAND: _("Nobody has been chosen for them in this draft."),
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
            "relaxation": [{"code": step.code, "about": step.about} for step in person.relaxation],
        }
        for person in plan.unplaced
    ]


def why(rules: Iterable[str]) -> str:
    known = list(rules)
    if said := [NO_RULE[rule] for rule in known if rule in NO_RULE]:
        return str(said[0])
    words = [str(EVERYBODY_ELSE[rule]) for rule in known if rule in EVERYBODY_ELSE]
    *first, last = words or [str(EVERYBODY_ELSE["not-possible"])]
    if first:
        last = gettext("%(first)s, or %(last)s") % {"first": ", ".join(first), "last": last}
    return gettext("Everybody else %(is_so)s.") % {"is_so": last}


def reasons_for_lead(pairing: engine.PlannedPairing) -> list[dict[str, Any]]:
    return [{"code": reason.code, "about": reason.about} for reason in pairing.reasons]


def reasons_for_members(pairing: engine.PlannedPairing) -> list[dict[str, Any]]:
    told = [{"code": reason.code, "about": reason.told} for reason in pairing.reasons if reason.told is not None]
    return told or [WHOLE_COHORT]


def without_wishes(reasons: Iterable[dict[str, Any]]) -> list[str]:
    """The lead's reasons in words once pairs are published. That nothing is left says nothing: it has one sentence."""
    left = [reason for reason in reasons if reason["code"] not in ABOUT_WISHES]
    return saying.to_leads(left) if left else saying.to_members([WHOLE_COHORT])


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
