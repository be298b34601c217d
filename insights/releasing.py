"""Which figures could be published of what was given and is in none yet. Pure: answers in, candidates out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

from insights.aggregates import Given, are_many, counted, latest, may_stand
from insights.subjects import REACH

PATIENCE = timedelta(days=40)  # after a cohort's end its rest counts with the organisation's, before retention takes it
Parts = dict[Hashable, list[Given]]
MayStand = Callable[[Collection[Given]], bool]


@dataclass
class Candidate:
    """A figure that might be published. ``parts``: what it would count, by cohort or by department."""

    subject: str
    parts: Parts
    cohort: int | None = None
    programme: int | None = None
    department: str = ""

    @property
    def given(self) -> list[Given]:
        return list(chain.from_iterable(self.parts.values()))

    @property
    def counts(self) -> dict[str, int]:
        """Nothing for where people work: there is one answer to it."""
        if self.subject == REACH:
            return {}
        return {str(value): count for value, count in sorted(counted(self.given).items(), key=str)}


@dataclass
class Found:
    """Of one question: what could be published, and what waits."""

    candidates: list[Candidate] = field(default_factory=list)
    waiting: Parts = field(default_factory=dict)


def by_cohort(subject: str, pending: Parts, cohorts: Mapping[Any, Any], today: date) -> Found:
    """By cohort; what is too little at a cohort's end with others of its programme; then with anybody's.

    ``cohorts``: number -> what has ``pk``, ``programme_id`` and ``ends_on``.
    """
    found, rest = Found(), Parts()
    of_programme: dict[int, Parts] = defaultdict(dict)
    for key, given in pending.items():
        cohort = cohorts[key]
        if may_stand(once := latest(given)):
            found.candidates.append(Candidate(subject, {key: once}, cohort.pk, cohort.programme_id))
        elif cohort.ends_on < today:
            of_programme[cohort.programme_id][key] = once
        else:
            found.waiting[key] = once
    for programme, parts in of_programme.items():
        candidate = Candidate(subject, _once_each(parts), programme=programme)
        if may_stand(candidate.given):
            found.candidates.append(candidate)
        else:
            rest |= parts
    _pool(found, subject, rest, {key for key in rest if cohorts[key].ends_on < today - PATIENCE}, may_stand)
    return found


def by_department(pending: Parts, known: set[str]) -> Found:
    """By department; those with few people together, once they are many. One that is shown already waits for five."""
    found, rest = Found(), Parts()
    for key, given in pending.items():
        if are_many(given):
            found.candidates.append(Candidate(REACH, {key: given}, department=str(key)))
        else:
            rest[key] = given
    small = set(rest) - known
    _pool(found, REACH, rest, small if len(small) > 1 else set(), are_many)
    return found


def _once_each(parts: Parts) -> Parts:
    """Whoever is in two of them counts in the last."""
    last = {one.person: key for key, given in parts.items() for one in given}
    return {key: [one for one in given if last[one.person] == key] for key, given in parts.items()}


def _pool(found: Found, subject: str, rest: Parts, ripe: set[Hashable], may: MayStand) -> None:
    together = Candidate(subject, _once_each({key: rest[key] for key in ripe}))
    if ripe and may(together.given):
        found.candidates.append(together)
    else:
        ripe = set()
    found.waiting |= {key: given for key, given in rest.items() if key not in ripe}
