"""Whether a few people may be buddies, by the same rules as a match run. A lead learns yes or no, and never why not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from matching import engine, figures
from matching.models import MatchRun
from matching.snapshot import problem_among

NOT_POSSIBLE = _("This pairing is not possible. Please choose somebody else.")
AGAIN = _("They have been buddies in this cohort before, so they are not paired once more.")
YOURSELF = _(
    "You take part in this cohort yourself, and nobody arranges their own pairing. "
    "Another lead can do it, or a match run for everybody who waits."
)


class NotPossible(Exception):
    """Why these people cannot be paired: a sentence for the lead."""


def reasons_for(
    members: Sequence[Participant], cohort: Cohort, by: Any, sitting: Collection[Participant] = ()
) -> list[dict[str, Any]]:
    """What speaks for this pairing, for its members, as codes. Raises NotPossible.

    Whoever is ``sitting`` in it together already may stay so.
    """
    if any(member.person_id == by.pk for member in members):
        raise NotPossible(YOURSELF)
    problem = problem_among(members, cohort, _policy(cohort))
    together = {str(member.pk) for member in sitting}
    past = tuple(past for past in problem.past if not together.issuperset(past.members))
    plan = engine.solve(replace(problem, past=past))
    for pairing in plan.pairings:
        if len(pairing.members) == len(members):
            return figures.reasons_for_members(pairing)
    rules = {rule for person in plan.unplaced for rule in person.rules}
    raise NotPossible(AGAIN if rules == {"repeat"} else NOT_POSSIBLE)


def _policy(cohort: Cohort) -> engine.Policy:
    """The rules that hold always, and the line of management as the cohort was matched."""
    published = MatchRun.objects.published().filter(cohort=cohort).order_by("-published_at")
    rules = (published.values_list("policy", flat=True).first() or {}).get("rules", {})
    return engine.Policy(rules=engine.HardRules(whole_line=bool(rules.get("whole_line"))))
