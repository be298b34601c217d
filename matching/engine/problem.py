"""What goes in: people, whom they named, whom they refused, what was and what is fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from .policy import Policy

HALF_HOURS_A_WEEK = 336
ALL_WEEK = frozenset(range(HALF_HOURS_A_WEEK))


@dataclass(frozen=True)
class Person:
    """`free`: half-hours of a week in UTC, 0 (Monday 00:00) to 335. None or empty means "not said".

    `stand_in`: takes part only if one more person has a buddy thereby; at most one of a cohort, where the policy asks
    for it with `odd = "lead"`.
    """

    id: str
    name: str = ""
    department: str | None = None
    level: int | None = None
    manager_id: str | None = None
    place: str | None = None
    free: frozenset[int] = frozenset()
    hours_per_month: int | None = None
    wants: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    waiting_priority: bool = False
    stand_in: bool = False

    @property
    def called(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Nomination:
    """`rank` 1 is the first choice; None means "also happy with"."""

    from_id: str
    to_id: str
    rank: int | None = None


@dataclass(frozen=True)
class Past:
    """A pairing of an earlier cohort; `cohorts_ago` 1 is the cohort just before this one."""

    members: tuple[str, ...]
    cohorts_ago: int = 1


@dataclass(frozen=True)
class Problem:
    people: tuple[Person, ...]
    nominations: tuple[Nomination, ...] = ()
    refusals: tuple[tuple[str, str], ...] = ()
    past: tuple[Past, ...] = ()
    pinned: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()
    policy: Policy = field(default_factory=Policy)

    def to_dict(self) -> dict[str, Any]:
        """A plain snapshot for JSON; `from_dict` reads it back to an equal problem."""
        return {
            "people": [_person_to_dict(person) for person in self.people],
            "nominations": [asdict(nomination) for nomination in self.nominations],
            "refusals": [list(pair) for pair in self.refusals],
            "past": [{"members": list(past.members), "cohorts_ago": past.cohorts_ago} for past in self.past],
            "pinned": [list(group) for group in self.pinned],
            "forbidden": [list(pair) for pair in self.forbidden],
            "policy": self.policy.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        return cls(
            people=tuple(_person_from_dict(row) for row in data["people"]),
            nominations=tuple(Nomination(**row) for row in data.get("nominations", ())),
            refusals=_pairs(data.get("refusals", ())),
            past=tuple(Past(tuple(row["members"]), row["cohorts_ago"]) for row in data.get("past", ())),
            pinned=tuple(tuple(group) for group in data.get("pinned", ())),
            forbidden=_pairs(data.get("forbidden", ())),
            policy=Policy.from_dict(data.get("policy", {})),
        )


_SETS = ("free", "wants", "offers", "goals")


def _person_to_dict(person: Person) -> dict[str, Any]:
    row = {column.name: getattr(person, column.name) for column in fields(person)}
    return row | {name: sorted(row[name]) for name in _SETS}


def _person_from_dict(row: Mapping[str, Any]) -> Person:
    return Person(**{**row, **{name: frozenset(row.get(name, ())) for name in _SETS}})


def _pairs(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((a, b) for a, b in rows)


def cleaned(problem: Problem) -> tuple[Problem, tuple[str, ...]]:
    """The same problem in one fixed order, without records that cannot be used, and a note on each kind of
    those.

    One bad record never stops a run. The notes say nothing of refusals.
    """
    notes: list[str] = []
    people = _one_stand_in(_unique_people(problem.people, notes), problem.policy, notes)
    known = {person.id for person in people}
    nominations = _best_nominations(problem.nominations, known, notes)
    refusals = _known_pairs(problem.refusals, known)
    forbidden = _known_pairs(problem.forbidden, known)
    if len(forbidden) < len(set(problem.forbidden)):
        notes.append("Some forbidden pairs concern nobody in this cohort; they were left out.")
    past = sorted((Past(tuple(sorted(p.members)), p.cohorts_ago) for p in problem.past), key=_past_key)
    pinned = tuple(sorted(tuple(sorted(set(group))) for group in problem.pinned))
    tidy = replace(
        problem,
        people=people,
        nominations=nominations,
        refusals=refusals,
        forbidden=forbidden,
        past=tuple(past),
        pinned=pinned,
    )
    return tidy, tuple(notes)


def _past_key(past: Past) -> tuple[tuple[str, ...], int]:
    return past.members, past.cohorts_ago


def _unique_people(people: Iterable[Person], notes: list[str]) -> tuple[Person, ...]:
    by_id: dict[str, Person] = {}
    twice: set[str] = set()
    for person in _in_order(people):
        if person.id in by_id:
            twice.add(person.id)
        by_id.setdefault(person.id, _sane(person))
    notes += [f"{person_id} is listed more than once; one record was used." for person_id in sorted(twice)]
    return tuple(by_id.values())


def _one_stand_in(people: tuple[Person, ...], policy: Policy, notes: list[str]) -> tuple[Person, ...]:
    standing_in = [person.id for person in people if person.stand_in]
    kept = standing_in[:1] if policy.odd == "lead" else []
    why = "only one person can stand in" if kept else "nobody stands in under this policy"
    notes += [f"{person_id} was left out: {why}." for person_id in standing_in if person_id not in kept]
    return tuple(person for person in people if not person.stand_in or person.id in kept)


def _in_order(people: Iterable[Person]) -> list[Person]:
    """By id; those with the same id by everything else, so that the order of rows changes nothing."""
    listed = list(people)
    times = Counter(person.id for person in listed)
    return sorted(listed, key=lambda p: (natural(p.id), str(_person_to_dict(p)) if times[p.id] > 1 else ""))


def _sane(person: Person) -> Person:
    free = person.free & ALL_WEEK
    hours = person.hours_per_month if person.hours_per_month and person.hours_per_month > 0 else None
    manager = person.manager_id if person.manager_id != person.id else None
    if (free, hours, manager) == (person.free, person.hours_per_month, person.manager_id):
        return person
    return replace(person, free=free, hours_per_month=hours, manager_id=manager)


def _best_nominations(nominations: Iterable[Nomination], known: set[str], notes: list[str]) -> tuple[Nomination, ...]:
    """For each direction the best rank said, ranked before unranked."""
    best: dict[tuple[str, str], int | None] = {}
    dropped = 0
    for nomination in nominations:
        pair = (nomination.from_id, nomination.to_id)
        if pair[0] == pair[1] or not known.issuperset(pair):
            dropped += 1
            continue
        rank = nomination.rank if nomination.rank is None or nomination.rank >= 1 else None
        ranks = [r for r in (rank, best.get(pair)) if r is not None]
        best[pair] = min(ranks, default=None)
    if dropped:
        notes.append(f"{dropped} nominations name nobody in this cohort, or oneself; they were left out.")
    return tuple(Nomination(a, b, rank) for (a, b), rank in sorted(best.items(), key=lambda item: item[0]))


def _known_pairs(pairs: Iterable[tuple[str, str]], known: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(a, b) for a, b in pairs if a != b and a in known and b in known}))


def natural(text: str) -> tuple[int, int, str]:
    """Order in which "2" comes before "10"."""
    return (0, int(text), text) if text.isascii() and text.isdigit() else (1, 0, text)
