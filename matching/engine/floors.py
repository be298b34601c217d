"""What it costs to ask for more for the worst-off: the best plan for each of a few rising least scores."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .plan import Plan
from .problem import Problem
from .scoring import FULL
from .solve import Progress, solve
from .verifier import verify

STEP = 50
MOST = 8


@dataclass(frozen=True)
class TradeOff:
    """The best plan in which nobody is in a pairing below the floor (None: as the policy has it), proven, in numbers.

    People, but for `score`, the sum over pairings, and `worst_score`.
    """

    floor: int | None
    placed: int
    mutual: int
    one_way: int
    also: int
    none: int
    score: int
    worst_score: int | None


def trade_off(problem: Problem, progress: Progress | None = None) -> tuple[TradeOff, ...]:
    """The policy as it is, then each next floor that would change something, up to the first that leaves people over.

    Raises Cancelled like `solve`.
    """
    rows = [_reached(problem, problem.policy.rules.min_score, progress, 0)]
    while len(rows) <= MOST and rows[-1].placed >= max(1, rows[0].placed):
        floor = _next_floor(rows[-1])
        if floor > FULL:
            break
        rows.append(_reached(problem, floor, progress, len(rows)))
    return tuple(rows)


def _next_floor(row: TradeOff) -> int:
    reached = max(row.floor or 0, row.worst_score or 0)
    return STEP * (reached // STEP + 1)


def _reached(problem: Problem, floor: int | None, progress: Progress | None, number: int) -> TradeOff:
    rules = replace(problem.policy.rules, min_score=floor)
    asked = replace(problem, policy=replace(problem.policy, rules=rules))
    plan = solve(asked, _share(progress, number))
    verify(asked, plan)
    return _numbers(plan, floor)


def _numbers(plan: Plan, floor: int | None) -> TradeOff:
    found = plan.summary
    people = {tier: found[tier] for tier in ("placed", "mutual", "one_way", "also", "none")}
    return TradeOff(floor, **people, score=found["score"], worst_score=found["worst_score"])


def _share(progress: Progress | None, number: int) -> Progress | None:
    if progress is None:
        return None
    return lambda share, step: progress((number + share) / (MOST + 1), step)
