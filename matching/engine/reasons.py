"""Why these people are together: codes and what they are about, for two readers.

The lead may read who named whom. Members are told something about themselves, all of them the same, and only what each
already knows or may know: never who named whom, never a refusal, and no name. Words for both are made by `saying`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

from .plan import TIERS, Reason, Tier
from .problem import Person
from .weights import Weights


def tier_of(weights: Weights, members: tuple[int, ...]) -> Tier:
    """The best tier that each member has with some other member, and of these the least."""
    some = members[:1] if len(members) == 2 else members  # two say the same of each other
    return max((tier_of_person(weights, v, members) for v in some), key=TIERS.index)


def tier_of_person(weights: Weights, person: int, members: tuple[int, ...]) -> Tier:
    tiers = (weights.named_by(person, b).tier for b in members if b != person)
    return min(tiers, key=TIERS.index)  # TIERS begins with the best


def reasons_for(weights: Weights, members: tuple[int, ...], pinned: bool) -> tuple[Reason, ...]:
    people = [weights.table.people[v] for v in members]
    found = list(_pinned(pinned)) + list(_stands_in(people))
    found += _named(weights, members)
    found += _free_hours(people)
    found += _departments(people)
    found += _places(people)
    found += _levels(people)
    found += _offers(people)
    found += _goals(people)
    found += _commitment(people)
    return tuple(found) or (_both("whole-cohort"),)


def _pinned(pinned: bool) -> Iterator[Reason]:
    if pinned:
        yield _both("pinned")


def _stands_in(people: list[Person]) -> Iterator[Reason]:
    for person in people:
        if person.stand_in:
            yield Reason("stands-in", {"who": person.called})


def _named(weights: Weights, members: tuple[int, ...]) -> Iterator[Reason]:
    """Members are not told that they named each other either: where that were missing, somebody would learn that
    their wish was not returned.
    """
    for a, b in combinations(members, 2):
        first, second = weights.table.people[a].called, weights.table.people[b].called
        named = weights.named_by(a, b)
        if named.first and named.second:
            about = {"first": first, "second": second, "rank": named.first, "back": named.second}
            yield Reason("named-each-other", about)
        elif named.first:
            yield Reason("named", {"first": first, "second": second, "rank": named.first})
        elif named.second:
            yield Reason("named", {"first": second, "second": first, "rank": named.second})


def _free_hours(people: list[Person]) -> Iterator[Reason]:
    if halves := len(frozenset.intersection(*(person.free for person in people))):
        yield _both("common-time", halves=halves)


def _departments(people: list[Person]) -> Iterator[Reason]:
    known = {person.department for person in people if person.department}
    if len(known) == len(people):
        yield _both("different-departments")


def _places(people: list[Person]) -> Iterator[Reason]:
    place = people[0].place
    if place and all(person.place == place for person in people):
        yield _both("same-place", place=place)


def _levels(people: list[Person]) -> Iterator[Reason]:
    levels = {person.level for person in people if person.level is not None}
    if len(levels) == len(people):
        yield _both("different-levels")
    elif len(levels) == 1 and all(person.level is not None for person in people):
        yield _both("same-level")


def _offers(people: list[Person]) -> Iterator[Reason]:
    """To members once, and without a name: what they are told is kept, and a name is not theirs to keep."""
    fits = [(a, b, sorted(a.offers & b.wants)) for a, b in permutations(people, 2) if a.offers & b.wants]
    topics = list(dict.fromkeys(topic for _, _, wanted in fits for topic in wanted))
    told: dict[str, Any] | None = {"people": len(people), "directions": len(fits), "topics": topics}
    for a, b, wanted in fits:
        yield Reason("wants-and-offers", {"who": a.called, "whom": b.called, "topics": wanted}, told)
        told = None


def _goals(people: list[Person]) -> Iterator[Reason]:
    goals = [person.goals for person in people]
    if all(goals) and all(not (a & b) for a, b in combinations(goals, 2)):
        yield _both("different-goals")


def _commitment(people: list[Person]) -> Iterator[Reason]:
    hours = [person.hours_per_month for person in people if person.hours_per_month]
    if len(hours) == len(people) and 4 * min(hours) >= 3 * max(hours):
        yield _both("similar-commitment")


def _both(code: str, **about: Any) -> Reason:
    return Reason(code, about, dict(about))
