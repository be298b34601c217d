"""What people answered and where they work, person by person: the only module that reads it for figures.

Nothing but ``insights.snapshots`` imports it, so that whoever runs that task can have rights of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q

from buddying.models import Participant, RoleGrant
from insights.aggregates import Given
from insights.subjects import FIT, REACH, USEFUL, outcome, scale
from matching.models import PairingMember, within_cohort
from reflection.models import FitCheck, OutcomeRating, ReflectionScale
from sessions_log.models import Usefulness
from trust.acting import Purpose, acting_as_system

Key = Hashable  # a cohort's number, or the name of a department
Gathered = dict[str, dict[Key, list[Given]]]  # subject -> key -> in the order of time
Until = dict[tuple[str, Key], datetime]  # up to when each is counted already


def answers(until: datetime, counted: Until) -> Gathered:
    """By question and cohort, what was given before ``until`` and is in no figure yet.

    Without those who may look at the figures, and their buddies: what they know would lay the others open.
    """
    readers, pairings = _readers(), _pairings_of_readers()
    found: Gathered = defaultdict(lambda: defaultdict(list))
    with acting_as_system(Purpose.COUNTING):
        rows = list(_rows(until))
    for subject, cohort, person, pairing, value, at in rows:
        if pairing not in pairings and (cohort, person) not in readers and at >= counted.get((subject, cohort), at):
            found[subject][cohort].append(Given(person, -person if pairing is None else pairing, value))
    return found


def departments(until: datetime, counted: Until) -> dict[Key, list[Given]]:
    """Who has joined any cohort, once each, by where they work."""
    joined = Participant.objects.filter(joined_at__lt=until).exclude(person__department="").order_by()
    first = joined.values("person", "person__department").annotate(at=Min("joined_at"))
    found: dict[Key, list[Given]] = defaultdict(list)
    for person, department, at in first.values_list("person", "person__department", "at"):
        if at >= counted.get((REACH, department), at):
            found[department].append(Given(person, -person, department))
    return found


def _rows(until: datetime) -> Iterator[Any]:
    """Subject, cohort, person, pairing, value, time; each subject in the order of time."""
    yield from _fit(until)
    yield from _useful(until)
    yield from _scales(until)
    yield from _outcomes(until)


def _fit(until: datetime) -> Iterator[Any]:
    checks = FitCheck.objects.filter(within_cohort("answered_at", "pairing__"), answered_at__lt=until)
    rows = checks.order_by("answered_at", "pk")
    for row in rows.values_list("pairing__cohort", "person", "pairing", "answer", "answered_at").iterator():
        yield (FIT, *row)


def _useful(until: datetime) -> Iterator[Any]:
    said = Usefulness.objects.filter(within_cohort("given_at", "session__pairing__"), given_at__lt=until)
    columns = ("session__pairing__cohort", "person", "session__pairing", "value", "given_at")
    for row in said.order_by("given_at", "pk").values_list(*columns).iterator():
        yield (USEFUL, *row)


def _scales(until: datetime) -> Iterator[Any]:
    finished = Q(within_cohort("prompt__answered_at", "prompt__pairing__"), prompt__answered_at__lt=until)
    rows = ReflectionScale.objects.filter(finished).order_by("prompt__answered_at", "pk")
    columns = ("question", "prompt__pairing__cohort", "author", "prompt__pairing", "value", "prompt__answered_at")
    for question, *row in rows.values_list(*columns).iterator():
        yield (scale(question), *row)


def _outcomes(until: datetime) -> Iterator[Any]:
    seats = dict(PairingMember.objects.order_by("joined_at").values_list("participant", "pairing"))
    rows = OutcomeRating.objects.filter(given_at__lt=until).order_by("given_at", "pk")
    columns = ("moment", "outcome", "participant__cohort", "participant__person", "participant", "value", "given_at")
    for moment, digest, cohort, person, participant, value, at in rows.values_list(*columns).iterator():
        yield outcome(moment, digest), cohort, person, seats.get(participant), value, at


def _looks(cohort: str, person: str) -> Q:
    """Whoever, reached over ``person``, leads the programme of ``cohort`` or administers."""
    administrators = RoleGrant.objects.live().filter(role=RoleGrant.ADMINISTRATOR).values("person")
    leads = Q(**{f"{person}__programmes_led__programme": F(f"{cohort}__programme")})
    return leads | Q(**{f"{person}__in": administrators})


def _readers() -> set[tuple[int, int]]:
    return set(Participant.objects.filter(_looks("cohort", "person")).values_list("cohort", "person").order_by())


def _pairings_of_readers() -> set[int]:
    seats = PairingMember.objects.filter(_looks("pairing__cohort", "participant__person"))
    return set(seats.order_by().values_list("pairing", flat=True))
