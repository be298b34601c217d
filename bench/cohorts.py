"""Made cohorts of any size: the same size and seed always give the same one.

People sit in departments, levels, lines of management and seven time zones; they have free hours, wants, offers,
goals and past buddies, and six in ten name one to three fellows, mostly of their own department. The rules of the
policy allow about 60 % of all pairs.
"""

from __future__ import annotations

import random

from matching.engine import HardRules, Nomination, Past, Person, Policy, Problem

ZONES = (-8, -5, 0, 1, 2, 5, 8)
TAGS = tuple(f"skill {number}" for number in range(24))
GOALS = tuple(f"goal {number}" for number in range(12))
RULES = HardRules(min_common_hours=1, max_level_gap=2, no_repeat_within=2)
DEPARTMENT = 40  # people in a department, about


def made_cohort(people: int, seed: int = 1, policy: Policy | None = None) -> Problem:
    rng = random.Random(1000 * people + seed)
    departments = [rng.randrange(max(2, people // DEPARTMENT)) for _ in range(people)]
    fellows: dict[int, list[int]] = {}
    for person, department in enumerate(departments):
        fellows.setdefault(department, []).append(person)
    heads = [fellows[department][0] for department in departments]
    made = tuple(_person(rng, number, heads[number], departments[number]) for number in range(people))
    named = (_named(rng, number, fellows[departments[number]], people) for number in range(people))
    return Problem(
        people=made,
        nominations=tuple(nomination for some in named for nomination in some),
        past=tuple(Past((str(rng.randrange(people)), str(rng.randrange(people)))) for _ in range(people // 2)),
        policy=policy or Policy(rules=RULES),
    )


def _person(rng: random.Random, number: int, head: int, department: int) -> Person:
    zone = rng.choice(ZONES)
    return Person(
        str(number),
        department=f"department {department}",
        level=rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5)),
        manager_id=None if head == number else str(head),
        free=_free(rng, zone),
        hours_per_month=rng.randint(2, 8),
        wants=frozenset(rng.sample(TAGS, rng.randint(2, 4))),
        offers=frozenset(rng.sample(TAGS, rng.randint(2, 4))),
        goals=frozenset(rng.sample(GOALS, rng.randint(1, 3))),
    )


def _free(rng: random.Random, zone: int) -> frozenset[int]:
    """Some hours between 8 and 18 of Monday to Friday, in half-hours of UTC."""
    hours = rng.sample([24 * day + hour for day in range(5) for hour in range(8, 18)], 14)
    return frozenset((2 * (hour - zone) + half) % 336 for hour in hours for half in (0, 1))


def _named(rng: random.Random, number: int, fellows: list[int], people: int) -> list[Nomination]:
    if rng.random() > 0.6:
        return []
    wished = {rng.choice(fellows) if rng.random() < 0.8 else rng.randrange(people) for _ in range(rng.randint(1, 3))}
    return [Nomination(str(number), str(whom), rank) for rank, whom in enumerate(sorted(wished - {number}), start=1)]
