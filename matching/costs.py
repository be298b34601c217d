"""What each hard rule would cost, before a run: how many people it leaves without a possible buddy.

Each rule is held alone. Refusals are left out of it, so that no number can tell of one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort
from matching import engine
from matching.snapshot import managers_of, problem_of
from matching.waiting import to_be_matched

WITH_THE_PAGE = 500  # up to so many people it is counted at once; beyond, after the page
AT_ALL = 2000


@dataclass(frozen=True)
class Candidate:
    words: Any
    value: Any


@dataclass(frozen=True)
class Rule:
    """``code`` is the engine's name for what the rule forbids; ``needs`` what it asks of a person."""

    name: str
    code: str
    needs: str
    candidates: tuple[Candidate, ...]


def _numbers(words: Any, *numbers: int) -> tuple[Candidate, ...]:
    return tuple(Candidate(words % {"count": number}, number) for number in numbers)


EVERYTHING = "*"
RULES = (
    Rule(
        "min_common_hours",
        "common-time",
        "free",
        _numbers(ngettext_lazy("%(count)d hour", "%(count)d hours", "count"), 1, 2, 4),
    ),
    Rule(
        "no_repeat_within",
        "repeat",
        "",
        _numbers(ngettext_lazy("%(count)d cohort", "%(count)d cohorts", "count"), 1, 2, 3),
    ),
    Rule(
        "department",
        "department",
        "department",
        (Candidate(_("different departments"), "different"), Candidate(_("the same department"), "same")),
    ),
    Rule("whole_line", "own-manager", "manager_id", (Candidate("", True),)),
    Rule(
        "max_level_gap",
        "level-gap",
        "level",
        _numbers(ngettext_lazy("%(count)d level", "%(count)d levels", "count"), 0, 1, 2),
    ),
    Rule(
        "max_commitment_factor",
        "commitment",
        "hours_per_month",
        (Candidate(_("half as much again"), 1.5), Candidate(_("twice"), 2.0), Candidate(_("three times"), 3.0)),
    ),
    Rule("same_place", "place", "place", (Candidate("", True),)),
    Rule("min_score", "score", EVERYTHING, tuple(Candidate(f"{share} %", 10 * share) for share in (30, 50, 70))),
)
ALWAYS = {"id", "manager_id"}


def costs_before_a_run(cohort: Cohort) -> dict[str, str]:
    """A sentence for each rule of the form."""
    problem = problem_of(cohort, engine.Policy())
    line = _with_the_whole_line(problem, cohort)
    return {rule.name: _sentence(rule, line if rule.name == "whole_line" else problem) for rule in RULES}


def _with_the_whole_line(problem: engine.Problem, cohort: Cohort) -> engine.Problem:
    managers = managers_of(list(to_be_matched(cohort).select_related("person")), whole_line=True)
    people = (replace(person, manager_id=managers.get(person.id)) for person in problem.people)
    return replace(problem, people=tuple(people))


def _sentence(rule: Rule, problem: engine.Problem) -> str:
    bare = _bare(problem, rule.needs)
    left = [_left_by(rule, candidate.value, bare) for candidate in rule.candidates]
    if not any(left):
        return gettext("Leaves nobody without a possible buddy.")
    if len(left) == 1:
        return ngettext(
            "This rule leaves %(count)d person without a possible buddy.",
            "This rule leaves %(count)d people without a possible buddy.",
            left[0],
        ) % {"count": left[0]}
    nobody = gettext("nobody")
    each = [f"{candidate.words}: {count or nobody}" for candidate, count in zip(rule.candidates, left, strict=True)]
    return gettext("People left without a possible buddy, with %(counts)s.") % {"counts": "; ".join(each)}


def _left_by(rule: Rule, value: Any, problem: engine.Problem) -> int:
    policy = engine.Policy(rules=engine.HardRules(**{rule.name: value}))
    costs = engine.costs_of_rules(replace(problem, policy=policy))
    return next((cost.people for cost in costs if cost.rule == rule.code), 0)


def _bare(problem: engine.Problem, needs: str) -> engine.Problem:
    """The same people with no more than the rule asks of them, which is quicker to look through."""
    if needs == EVERYTHING:
        return replace(problem, nominations=(), refusals=())
    wanted = ALWAYS | {needs}
    names = [field.name for field in fields(engine.Person) if field.name in wanted]
    bare = (engine.Person(**{name: getattr(person, name) for name in names}) for person in problem.people)
    return replace(problem, people=tuple(bare), nominations=(), refusals=())
