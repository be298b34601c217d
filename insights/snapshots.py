"""Taking a month's snapshot: which figures may stand, asked of the auditor, then written once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from buddying.models import Cohort
from insights import collecting, months
from insights.aggregates import size
from insights.auditor import Contradiction, Group, Leak
from insights.collecting import Key
from insights.known import HERE, Known, scopes
from insights.models import Figure, Part, Snapshot
from insights.releasing import Candidate, Found, Parts, by_cohort, by_department
from insights.subjects import REACH

logger = logging.getLogger(__name__)


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
        _publish(snapshot, subject, until, by_cohort(subject, pending, cohorts, until.date()))
    known = set(Figure.objects.filter(subject=REACH).exclude(department="").values_list("department", flat=True))
    _publish(snapshot, REACH, until, by_department(collecting.departments(until, counted_until), known))


def _counted_until() -> dict[tuple[str, Key], datetime]:
    rows = Part.objects.order_by().values_list("figure__subject", "cohort", "department").annotate(last=Max("until"))
    return {(subject, cohort or department): last for subject, cohort, department, last in rows}


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
