"""From a problem to a plan."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .blossom import NOBODY, Prices
from .leftover import RuleCost, rule_costs, unplaced
from .optimum import Optimiser, Optimum
from .plan import TIERS, Cancelled, Plan, PlannedPairing, Unplaced
from .problem import Problem, cleaned
from .reasons import reasons_for, tier_of, tier_of_person
from .rules import Rules
from .table import Table
from .trio import Bound, WithTrio, best_with_trio
from .weights import Weights
from .worst_off import WorstOff, fairest

Progress = Callable[[float, str], "bool | None"]
Group = tuple[int, ...]


def solve(problem: Problem, progress: Progress | None = None) -> Plan:
    """The best plan under the policy, with its proof. Raises Cancelled when `progress` answers False."""
    with _collecting_nothing():
        return _solved(problem, progress)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """What is made here is needed to the end, and looking for what is not costs large cohorts a tenth of their time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _solved(problem: Problem, progress: Progress | None) -> Plan:
    tidy, notes = cleaned(problem)
    table = Table(tidy)
    weights = Weights(table, Rules(table))
    report = _Reporter(progress, len(table))
    report.say("looking")
    answer, worst_off = _best(weights, report)
    groups = _groups(weights, answer)
    left = sorted(set(range(len(table))) - {v for group in groups for v in group})
    waiting = unplaced(weights, [v for v in left if not table.people[v].stand_in])
    report.end()
    pins = weights.rules.pins
    pairings = tuple(_planned(weights, group) for group in groups)
    return Plan(
        pairings=pairings,
        unplaced=waiting,
        certificate=_certificate(weights, answer, worst_off),
        summary=_summary(weights, groups, waiting, notes + pins.notes)
        | {"optimal": answer.proven, "worst_off_proven": worst_off is not None},
    )


def costs_of_rules(problem: Problem) -> tuple[RuleCost, ...]:
    """What each rule in force costs: how many people it alone leaves without a possible buddy."""
    table = Table(cleaned(problem)[0])
    return rule_costs(table, Rules(table))


def _best(weights: Weights, report: _Reporter) -> tuple[WithTrio, WorstOff | None]:
    optimiser, bound = _tools(weights, report)
    pairs = optimiser.solve()
    answer = WithTrio(None, pairs, pairs.value, (pairs.prices,))
    if weights.table.problem.policy.odd == "trio" and _anyone_left(weights, pairs):
        answer = best_with_trio(weights, optimiser, pairs, report.say, bound)
    if weights.table.problem.policy.worst_off == "off":
        return answer, None
    return fairest(weights, optimiser, bound, answer, report.say)


def _tools(weights: Weights, report: _Reporter) -> tuple[Optimiser, type[Bound]]:
    if weights.scorer is None or not weights.fit_two_words:
        return Optimiser(weights, report.say), Bound
    from .large import LargeOptimiser
    from .large_trio import LargeBound

    return LargeOptimiser(weights, report.say), LargeBound


def _anyone_left(weights: Weights, optimum: Optimum) -> bool:
    fixed = {v for trio in weights.rules.pins.trios for v in trio}
    return any(mate == NOBODY and v not in fixed for v, mate in enumerate(optimum.mates))


def _groups(weights: Weights, answer: WithTrio) -> list[Group]:
    groups: list[Group] = [(v, mate) for v, mate in enumerate(answer.optimum.mates) if v < mate]
    groups += weights.rules.pins.trios
    if answer.trio is not None:
        groups.append(answer.trio)
    return sorted(groups)


def _planned(weights: Weights, group: Group) -> PlannedPairing:
    return PlannedPairing(
        members=tuple(weights.table.ids[v] for v in group),
        tier=tier_of(weights, group),
        weight=weights.group(group),
        reasons=reasons_for(weights, group, _is_pinned(weights, group)),
    )


def _is_pinned(weights: Weights, group: Group) -> bool:
    return any(set(pinned) <= set(group) for pinned in weights.rules.pins.groups)


def _certificate(weights: Weights, answer: WithTrio, worst_off: WorstOff | None) -> dict[str, Any]:
    return {
        "form": 3,
        "value": answer.value,
        "proven": answer.proven,
        "prices": [_prices(weights.table, prices) for prices in answer.prices],
        "worst_off": worst_off
        and {
            "score": worst_off.score,
            "prices": [_prices(weights.table, prices) for prices in worst_off.prices],
        },
    }


def _prices(table: Table, prices: Prices) -> dict[str, Any]:
    return {
        "people": dict(zip(table.ids, prices.y, strict=True)),
        "sets": [
            {"people": [table.ids[v] for v in people], "sets": inner, "z": z} for people, inner, z in prices.nested()
        ],
    }


def _summary(
    weights: Weights, groups: list[Group], waiting: tuple[Unplaced, ...], notes: tuple[str, ...]
) -> dict[str, Any]:
    """Counts of people, by the best that each can say of their pairing, and of pairings. A stand-in is not counted."""
    stands_in = {v for v, person in enumerate(weights.table.people) if person.stand_in}
    placed = {v: group for group in groups for v in group}
    people = Counter(tier_of_person(weights, v, group) for v, group in placed.items() if v not in stands_in)
    pairings = Counter(tier_of(weights, group) for group in groups)
    scores = [min(weights.soft(a, b) for a in group for b in group if a != b) for group in groups]
    return {
        "people": len(weights.table) - len(stands_in),
        "placed": len(placed.keys() - stands_in),
        "stand_in_used": bool(placed.keys() & stands_in),
        "unplaced": len(waiting),
        "pairings": len(groups),
        "trios": sum(1 for group in groups if len(group) == 3),
        **{tier.replace("-", "_"): people[tier] for tier in TIERS},
        "pairings_by_tier": {tier: pairings[tier] for tier in TIERS},
        "score": sum(scores),
        "worst_score": min(scores, default=None),
        "notes": list(notes),
    }


class _Reporter:
    """Turns "one more step" into a share done that never falls and ends at 1."""

    def __init__(self, progress: Progress | None, people: int) -> None:
        self.progress = progress
        self.steps = 0
        self.expected = max(8, people)

    def say(self, step: str) -> None:
        self.steps += 1
        self._tell(self.steps / (self.steps + self.expected), step)

    def end(self) -> None:
        self._tell(1.0, "done")

    def _tell(self, share: float, step: str) -> None:
        if self.progress is not None and self.progress(share, step) is False:
            raise Cancelled
