"""Several rounds in one go, in which nobody meets the same person twice.

Each round is solved, and proven, as the best one that the rounds before it leave: its pairings are past for
all that follow. Whoever is left over in a round comes first in the next. The rounds together need not be the
best that any rounds could be, and the last of many may leave people over whom another first round would not.
"""

from __future__ import annotations

from dataclasses import replace

from .plan import Plan
from .problem import Past, Person, Problem
from .solve import Progress, solve
from .verifier import verify


def plan_rounds(problem: Problem, rounds: int, progress: Progress | None = None) -> tuple[Plan, ...]:
    """What is pinned holds for the first round. Raises Cancelled like `solve`."""
    plans: list[Plan] = []
    asked = _without_repeats(problem)
    for number in range(rounds):
        plan = solve(asked, _share(progress, number, rounds))
        verify(asked, plan)
        plans.append(plan)
        asked = _after(asked, plan)
    return tuple(plans)


def _without_repeats(problem: Problem) -> Problem:
    within = problem.policy.rules.no_repeat_within or 0
    rules = replace(problem.policy.rules, no_repeat_within=within)
    return replace(problem, policy=replace(problem.policy, rules=rules))


def _after(problem: Problem, plan: Plan) -> Problem:
    left_over = {person.person_id for person in plan.unplaced}
    met = tuple(Past(pairing.members, cohorts_ago=0) for pairing in plan.pairings)
    people: tuple[Person, ...] = tuple(
        replace(person, waiting_priority=person.id in left_over) for person in problem.people
    )
    return replace(problem, people=people, past=problem.past + met, pinned=())


def _share(progress: Progress | None, number: int, rounds: int) -> Progress | None:
    if progress is None:
        return None
    return lambda share, step: progress((number + share) / rounds, step)
