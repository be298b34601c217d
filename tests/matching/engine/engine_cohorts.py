"""Made-up cohorts, and a second, slow reading of the rules and aims to hold the engine against."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from matching.engine import HardRules, Nomination, Past, Person, Plan, Policy, Problem, SoftWeights

TAGS = ("asking", "writing", "leading", "calm")


def random_cohort(people: int, seed: int, policy: Policy | None = None) -> Problem:
    rng = random.Random(seed)
    ids = [f"p{k}" for k in range(people)]
    return Problem(
        people=tuple(
            Person(
                person_id,
                department=str(rng.randrange(4)),
                level=rng.randint(1, 4),
                manager_id=rng.choice(ids) if rng.random() < 0.5 else None,
                free=frozenset(rng.sample(range(336), 40)),
                hours_per_month=rng.randint(1, 8),
                wants=frozenset(rng.sample(TAGS, 2)),
                offers=frozenset(rng.sample(TAGS, 2)),
            )
            for person_id in ids
        ),
        nominations=tuple(
            Nomination(person_id, rng.choice(ids), rank)
            for person_id in ids
            for rank in (1, 2, 3, None)
            if rng.random() < 0.5
        ),
        refusals=tuple((rng.choice(ids), rng.choice(ids)) for _ in range(people // 4)),
        policy=policy or Policy(),
    )


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


rules = st.builds(
    HardRules,
    whole_line=st.booleans(),
    no_repeat_within=_maybe(st.integers(0, 2)),
    max_level_gap=_maybe(st.integers(0, 2)),
    department=st.sampled_from(["any", "any", "same", "different"]),
    min_common_hours=_maybe(st.integers(0, 2)),
    max_commitment_factor=_maybe(st.sampled_from([1, 1.5, 2])),
    same_place=st.booleans(),
    min_score=_maybe(st.sampled_from([0, 250, 500, 700, 1000])),
)
weights = st.builds(
    SoftWeights,
    common_time=st.integers(0, 3),
    similar_commitment=st.integers(0, 2),
    wants_and_offers=st.integers(0, 3),
    different_goals=st.integers(-1, 1),
    different_department=st.integers(-1, 1),
    different_level=st.integers(-1, 1),
    same_place=st.integers(-1, 1),
    enough_hours=st.integers(1, 4),
)
policies = st.builds(
    Policy,
    odd=st.sampled_from(["trio", "wait", "lead"]),
    order=st.sampled_from(["nominations-first", "balanced"]),
    rules=rules | st.just(HardRules()),
    weights=weights,
)


@st.composite
def problems(draw: st.DrawFn, most: int = 10) -> Problem:
    policy = draw(policies)
    ids = [f"p{k}" for k in range(draw(st.integers(0, most)))]
    people = tuple(
        Person(
            person_id,
            department=draw(_maybe(st.sampled_from("xy"))),
            level=draw(_maybe(st.integers(0, 3))),
            manager_id=draw(_maybe(st.sampled_from(ids))),
            place=draw(_maybe(st.sampled_from("st"))),
            free=draw(st.frozensets(st.integers(0, 7))),
            hours_per_month=draw(_maybe(st.integers(1, 4))),
            wants=draw(st.frozensets(st.sampled_from(TAGS))),
            offers=draw(st.frozensets(st.sampled_from(TAGS))),
            goals=draw(st.frozensets(st.sampled_from(TAGS))),
            waiting_priority=draw(st.booleans()),
            stand_in=policy.odd == "lead" and person_id == "p1",
        )
        for person_id in ids
    )
    if len(ids) < 2:
        return Problem(people, policy=policy)
    someone = st.sampled_from(ids)
    pairs = st.tuples(someone, someone)
    groups = st.lists(someone, min_size=2, max_size=3).map(tuple)
    return Problem(
        people,
        nominations=tuple(
            draw(st.lists(st.builds(Nomination, someone, someone, _maybe(st.integers(1, 4))), max_size=20))
        ),
        refusals=tuple(draw(st.lists(pairs, max_size=6))),
        past=tuple(draw(st.lists(st.builds(Past, groups, st.integers(1, 3)), max_size=4))),
        pinned=tuple(draw(st.lists(groups, max_size=2))),
        forbidden=tuple(draw(st.lists(pairs, max_size=6))),
        policy=policy,
    )


# -- the slow reading ----------------------------------------------------------------------------------

Aims = tuple[int, ...]


class SlowReading:
    """Rules, aims and the best plan, one pair at a time and in other words than the engine's."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.person = {p.id: p for p in problem.people}
        self.ids = sorted(self.person)
        self.rank: dict[tuple[str, str], int | None] = {}
        for n in problem.nominations:
            pair = (n.from_id, n.to_id)
            if pair in self.rank and self.rank[pair] is not None and (n.rank is None or n.rank > self.rank[pair]):
                continue
            self.rank[pair] = n.rank
        self.ranks = max([3, *(r for (a, b), r in self.rank.items() if r and a != b)])
        self.pins = self._pins()

    def _pins(self) -> list[tuple[str, ...]]:
        kept: list[tuple[str, ...]] = []
        for group in sorted({tuple(sorted(set(g))) for g in self.problem.pinned}):
            fresh = not any(set(group) & set(other) for other in kept)
            if len(group) in (2, 3) and fresh and not any(self.never(a, b) for a, b in combinations(group, 2)):
                kept.append(group)
        return kept

    def above(self, a: str) -> set[str]:
        found: set[str] = set()
        manager = self.person[a].manager_id
        while manager in self.person and manager not in found:
            found.add(manager)
            manager = self.person[manager].manager_id if self.problem.policy.rules.whole_line else None
        return found - {a}

    def never(self, a: str, b: str) -> bool:
        listed = {frozenset(pair) for pair in (*self.problem.refusals, *self.problem.forbidden)}
        return a in self.above(b) or b in self.above(a) or frozenset((a, b)) in listed

    def allowed(self, a: str, b: str) -> bool:
        if self.never(a, b):
            return False
        if any({a, b} <= set(pin) for pin in self.pins):
            return True
        p, q, rules = self.person[a], self.person[b], self.problem.policy.rules
        return not any(self._forbidding(p, q, rules))

    def _forbidding(self, p: Person, q: Person, rules: HardRules) -> Iterator[bool]:
        if rules.no_repeat_within is not None:
            recent = [past.members for past in self.problem.past if past.cohorts_ago <= rules.no_repeat_within]
            yield any({p.id, q.id} <= set(members) for members in recent)
        if rules.max_level_gap is not None and p.level is not None and q.level is not None:
            yield abs(p.level - q.level) > rules.max_level_gap
        if rules.department != "any" and p.department and q.department:
            yield (p.department == q.department) != (rules.department == "same")
        if rules.min_common_hours is not None and p.free and q.free:
            yield len(p.free & q.free) / 2 < rules.min_common_hours
        if rules.max_commitment_factor is not None and p.hours_per_month and q.hours_per_month:
            less, more = sorted((p.hours_per_month, q.hours_per_month))
            yield more > rules.max_commitment_factor * less
        if rules.same_place and p.place and q.place:
            yield p.place != q.place
        if rules.min_score is not None:
            yield self.soft(p.id, q.id) < rules.min_score

    def soft(self, a: str, b: str) -> int:
        p, q, w = self.person[a], self.person[b], self.problem.policy.weights
        parts = []

        def part(weight: int, said: bool, value: Any) -> None:
            number = value() if said else 500
            parts.append((abs(weight), number if weight > 0 else 1000 - number))

        def fits() -> int:
            one = len(p.wants & q.offers) * 1000 // len(p.wants)
            other = len(q.wants & p.offers) * 1000 // len(q.wants)
            return (3 * min(one, other) + max(one, other)) // 4

        part(
            w.common_time,
            bool(p.free and q.free),
            lambda: min(1000, 1000 * len(p.free & q.free) // (2 * w.enough_hours)),
        )
        hours = sorted((p.hours_per_month or 0, q.hours_per_month or 0))
        part(w.similar_commitment, hours[0] > 0, lambda: 1000 * hours[0] // hours[1])
        part(w.wants_and_offers, bool(p.wants and q.wants and p.offers and q.offers), fits)
        part(
            w.different_goals,
            bool(p.goals and q.goals),
            lambda: 1000 - 1000 * len(p.goals & q.goals) // len(p.goals | q.goals),
        )
        part(
            w.different_department,
            bool(p.department and q.department),
            lambda: 1000 * (p.department != q.department),
        )
        part(w.different_level, None not in (p.level, q.level), lambda: 1000 * (p.level != q.level))
        part(w.same_place, bool(p.place and q.place), lambda: 1000 * (p.place == q.place))
        total = sum(weight for weight, _ in parts)
        return sum(weight * number for weight, number in parts) // total if total else 0

    def aims_of_pair(self, a: str, b: str) -> Aims:
        """(mutual, their ranks, one-way, its rank, also, soft) or, balanced, one number."""
        said = [self.rank.get(pair, 0) for pair in ((a, b), (b, a))]
        points = [self.ranks + 1 - rank for rank in said if rank]
        also = said.count(None)
        soft = self.soft(a, b)
        mutual, one_way = len(points) == 2, len(points) == 1
        if self.problem.policy.order == "balanced":
            bonus = self.problem.policy.bonuses
            return (
                bonus.mutual * mutual + bonus.one_way * one_way + bonus.rank * sum(points) + bonus.also * also + soft,
            )
        return (mutual, sum(points) * mutual, one_way, sum(points) * one_way, also, soft)

    def aims(self, groups: list[tuple[str, ...]]) -> Aims:
        """What a plan is judged by, most important first; a pair counts twice, the three of a trio once."""
        placed = [a for group in groups for a in group]
        for_themselves = [self.person[a] for a in placed if not self.person[a].stand_in]
        head = (len(for_themselves), sum(person.waiting_priority for person in for_themselves))
        rows = [
            tuple((4 - len(group)) * x for x in self.aims_of_pair(a, b))
            for group in groups
            for a, b in combinations(group, 2)
        ]
        return head + tuple(map(sum, zip(*rows, strict=True))) if rows else head

    def lowest(self, groups: list[tuple[str, ...]]) -> int | None:
        """The least score of two who sit together and were not pinned."""
        pairs = [pair for group in groups for pair in combinations(group, 2)]
        free = [pair for pair in pairs if not any(set(pair) <= set(pin) for pin in self.pins)]
        return min((self.soft(a, b) for a, b in free), default=None)

    def best(self) -> Aims:
        return self.best_and_worst()[0]

    def best_and_worst(self) -> tuple[Aims, int]:
        """By trying every plan: the best aims, and the highest that the lowest score can be with them (else 1,000)."""
        fixed = [group for group in self.pins if len(group) == 3]
        free = [a for a in self.ids if not any(a in group for group in fixed)]
        partner = {a: b for group in self.pins if len(group) == 2 for a, b in (group, group[::-1])}
        width = 3 if self.problem.policy.order == "balanced" else 8

        def whole(group: tuple[str, ...]) -> bool:
            if any(a in partner and partner[a] not in group for a in group):
                return False
            return all(self.allowed(a, b) for a, b in combinations(group, 2))

        def padded(groups: list[tuple[str, ...]]) -> Aims:
            aims = self.aims(groups)
            return aims + (0,) * (width - len(aims))

        def plus(one: Aims, other: Aims) -> Aims:
            return tuple(x + y for x, y in zip(one, other, strict=True))

        @cache
        def best(rest: tuple[str, ...], trio: bool) -> tuple[Aims, int]:
            if not rest:
                return (0,) * width, 1000
            first, later = rest[0], rest[1:]
            found = [best(later, trio)] if first not in partner else []
            for size in (1, 2) if trio else (1,):
                for others in combinations(later, size):
                    group = (first, *others)
                    if whole(group):
                        left = tuple(a for a in later if a not in others)
                        aims, worst = best(left, trio and size == 1)
                        own = self.lowest([group])
                        found.append((plus(padded([group]), aims), worst if own is None else min(worst, own)))
            return max(found, default=((-1,) * width, 0))

        aims, worst = best(tuple(free), self.problem.policy.odd == "trio")
        return plus(padded(fixed), aims), worst

    def aims_of_plan(self, plan: Plan) -> Aims:
        aims = self.aims([pairing.members for pairing in plan.pairings])
        width = 3 if self.problem.policy.order == "balanced" else 8
        return aims + (0,) * (width - len(aims))
