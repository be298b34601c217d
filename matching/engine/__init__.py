"""Pairs a cohort as well as can be, and proves it. Data in, plan out: no Django, no database.

The question. People are vertices; a pair that the hard rules allow (`rules`) is an edge. Its weight
(`weights`) is one whole number whose upper digits put the aims into strict order: everyone placed, mutual
nominations, one-way nominations, "also happy with", soft score (`scoring`). The best plan is the heaviest
matching.

The answer. Edmonds' algorithm (`blossom`) finds it together with prices that prove it, on a small part of
the pairs; the prices are then held against all pairs (`slack`, `optimum`), and pairs that object join in.
When the cohort is odd, one pairing may be a trio that weighs half the sum of its three pairs; the best one
is found and proven by the same prices (`trio`).

The worst-off. Among plans of the same weight it takes one whose lowest score is as high as it can be (`worst_off`).
The lead may ask for more than that with `HardRules.min_score`; what each floor costs is in `floors`.

The proof. `verify` takes the problem and the plan, trusts nothing else, and raises NotProven unless no plan
under the same rules is better (`verifier`, short enough to read), and none as good has worst-off who are better off.

    plan = solve(Problem(people, nominations, policy=Policy()))
    verify(problem, plan)

A stand-in (`Person.stand_in`, under `odd = "lead"`) takes part only if one more person is placed thereby: their own
place is worth nothing. A trio is used only where it places somebody who would otherwise be left out, so an even
cohort that pairs off has none. The same input gives the same answer on every machine and in any order of rows: whole
numbers throughout, ties broken by the order of ids. Cohorts of `compiled.LARGE` people and more are worked on by
compiled code where numba is installed (`compiled`, `large`, `fast_*`). That, too, gives the same answer everywhere;
one that weighs the same as without numba, but which of several equal plans it is may differ between the two.
"""

from .floors import TradeOff, trade_off
from .judging import BrokenRule, Judge, Judged, Judgement, NotAPlan, judge
from .leftover import RuleCost
from .plan import Cancelled, NotProven, Plan, PlannedPairing, Reason, Step, Tier, Unplaced
from .policy import Bonuses, HardRules, Policy, PolicyError, SoftWeights
from .problem import HALF_HOURS_A_WEEK, Nomination, Past, Person, Problem
from .solve import Progress, costs_of_rules, solve
from .verifier import verify

__all__ = [
    "HALF_HOURS_A_WEEK",
    "Bonuses",
    "BrokenRule",
    "Cancelled",
    "HardRules",
    "Judge",
    "Judged",
    "Judgement",
    "Nomination",
    "NotAPlan",
    "NotProven",
    "Past",
    "Person",
    "Plan",
    "PlannedPairing",
    "Policy",
    "PolicyError",
    "Problem",
    "Progress",
    "Reason",
    "RuleCost",
    "SoftWeights",
    "Step",
    "Tier",
    "TradeOff",
    "Unplaced",
    "costs_of_rules",
    "judge",
    "solve",
    "trade_off",
    "verify",
]
