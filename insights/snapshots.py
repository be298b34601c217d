"""Taking a month's snapshot: which figures may stand, asked of the auditor, then written once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from buddying.models import Cohort
from insights import collecting, months
from insights.aggregates import Given, are_many, counted, latest, may_stand, size
from insights.auditor import Contradiction, Group, Leak
from insights.collecting import Key
from insights.known import HERE, Known, scopes
from insights.models import Figure, Part, Snapshot
from insights.subjects import REACH

logger = logging.getLogger(__name__)

PATIENCE = timedelta(days=40)  # after a cohort's end its rest counts with the organisation's, before retention takes it
Parts = dict[Key, list[Given]]
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


def month_before(at: datetime) -> date:
    """The first day of the last whole month, in UTC."""
    return (at.astimezone(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def take_when_due(at: datetime | None = None) -> Snapshot | None:
    """For beat: on the first of a month, or as soon after as it comes to it. Idempotent."""
    at = at or timezone.now()
    month = month_before(at)
    if Snapshot.objects.filter(month=month).exists():
        return None
    try:
        return take(month, at)
    except IntegrityError:
        if Snapshot.objects.filter(month=month).exists():  # another worker was faster
            return None
        raise


@transaction.atomic
def take(month: date, at: datetime | None = None) -> Snapshot:
    """Raises IntegrityError where it is taken already."""
    snapshot = Snapshot.objects.create(month=month, taken_at=at or timezone.now())
    until = _end_of(month)
    months.write(snapshot, until)
    try:
        _publish_answers(snapshot, until)
    except (_Refused, Contradiction) as why:
        logger.error("The auditor refused the figures of %s: %s", snapshot, why)
        Figure.objects.filter(snapshot=snapshot).delete()
        snapshot.refused_at = snapshot.taken_at
    snapshot.save()
    return snapshot


class _Refused(Exception):
    """What is on show already says too much."""


def _end_of(month: date) -> datetime:
    return datetime.combine((month + timedelta(days=32)).replace(day=1), time.min, tzinfo=UTC)


def _publish_answers(snapshot: Snapshot, until: datetime) -> None:
    counted_until = _counted_until()
    cohorts = {cohort.pk: cohort for cohort in Cohort.objects.only("programme", "ends_on")}
    gathered = collecting.answers(until, counted_until)
    for subject, pending in sorted(gathered.items()):
        _publish(snapshot, subject, until, _by_cohort(subject, pending, cohorts, until.date()))
    known = set(Figure.objects.filter(subject=REACH).exclude(department="").values_list("department", flat=True))
    _publish(snapshot, REACH, until, _by_department(collecting.departments(until, counted_until), known))


def _counted_until() -> dict[tuple[str, Key], datetime]:
    rows = Part.objects.order_by().values_list("figure__subject", "cohort", "department").annotate(last=Max("until"))
    return {(subject, cohort or department): last for subject, cohort, department, last in rows}


# What might be published


def _by_cohort(subject: str, pending: Parts, cohorts: Mapping[Any, Cohort], today: date) -> Found:
    """By cohort; what is too little at a cohort's end with others of its programme; then with anybody's."""
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


def _by_department(pending: Parts, known: set[str]) -> Found:
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


def _pool(found: Found, subject: str, rest: Parts, ripe: set[Key], may: MayStand) -> None:
    together = Candidate(subject, _once_each({key: rest[key] for key in ripe}))
    if ripe and may(together.given):
        found.candidates.append(together)
    else:
        ripe = set()
    found.waiting |= {key: given for key, given in rest.items() if key not in ripe}


# What the auditor says to it


def _publish(snapshot: Snapshot, subject: str, until: datetime, found: Found) -> None:
    """A figure that would lay somebody open waits. Raises _Refused where leaving it out is not enough."""
    kept = [one for one in found.candidates if not _leaks(subject, [one])]
    held_back = [one for one in found.candidates if one not in kept]
    waiting = dict(chain(found.waiting.items(), *(one.parts.items() for one in held_back)))
    if leaks := _leaks(subject, kept, waiting, published=True):
        raise _Refused(f"{len(leaks)} small groups of “{subject}” could be worked out.")
    snapshot.held_back += len(held_back)
    for candidate in kept:
        _write(snapshot, candidate, until)


def _leaks(
    subject: str, candidates: Iterable[Candidate], waiting: Parts | None = None, published: bool = False
) -> list[Leak]:
    known = Known()
    if published:
        known.add_published(subject)
    for one in candidates:
        groups = [Group(("new", key), *size(given)) for key, given in one.parts.items()]
        known.add(groups, one.counts or {HERE: len(one.given)}, scopes(one.cohort, one.programme))
    known.add_waiting(waiting or {})
    return known.leaks(sizes_known=subject != REACH)


def _write(snapshot: Snapshot, candidate: Candidate, until: datetime) -> None:
    people, pairings = size(candidate.given)
    figure = Figure.objects.create(
        snapshot=snapshot,
        subject=candidate.subject,
        cohort_id=candidate.cohort,
        programme_id=None if candidate.cohort else candidate.programme,
        department=candidate.department,
        people=people,
        pairings=pairings,
        counts=candidate.counts,
    )
    Part.objects.bulk_create(
        Part(figure=figure, until=until, people=people, pairings=pairings, **_place(candidate.subject, key))
        for key, (people, pairings) in ((key, size(given)) for key, given in candidate.parts.items())
    )


def _place(subject: str, key: Key) -> dict[str, object]:
    return {"department": key} if subject == REACH else {"cohort_id": key}
