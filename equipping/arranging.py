"""A lead arranges practice in threes: a proposal that nobody else sees, then published to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from buddying.models import Cohort, Participant
from equipping import letters
from equipping.models import Practice, PracticeGroup, PracticeSeat
from equipping.threes import Threes, in_threes
from matching.models import PairingMember, Pause
from matching.snapshot import lines_of_management, refusals_among
from matching.waiting import locked

Pair = tuple[str, str]


class NobodyToPractise(Exception):
    """Fewer than two people are there who may meet."""


class Changed(Exception):
    """The proposal no longer holds: somebody has come or gone, or two in it must not meet. There is a new one."""


@transaction.atomic
def propose(practice: Practice, cohort: Cohort, by: Any, at: datetime | None = None) -> Practice:
    """In place of a proposal that stands. Raises NobodyToPractise."""
    at = at or timezone.now()
    cohort = locked(cohort.pk)
    Practice.objects.proposed().filter(cohort=cohort).delete()
    practice.pk, practice.cohort, practice.arranged_by, practice.arranged_at = None, cohort, by, at
    threes = groups_for(cohort, at)
    if not threes.groups:
        raise NobodyToPractise
    practice.not_placed = [int(person) for person in threes.left_out]
    practice.save(force_insert=True)
    _seat(practice, threes)
    return practice


@transaction.atomic
def withdraw(practice: Practice) -> None:
    """A proposal only. Idempotent."""
    Practice.objects.proposed().filter(pk=practice.pk).delete()


@transaction.atomic
def _published(practice: Practice, at: datetime) -> bool:
    """False when the proposal no longer holds."""
    cohort = locked(practice.cohort_id)
    practice.refresh_from_db()
    if practice.published_at:
        return True
    if not _still_holds(practice, cohort, at):
        return False
    practice.published_at = at
    practice.save(update_fields=["published_at"])
    letters.post_arranged(practice, at)
    return True


def publish(practice: Practice, by: Any, at: datetime | None = None) -> None:
    """Idempotent. Raises Changed, once a new proposal stands; NobodyToPractise where there can be none."""
    at = at or timezone.now()
    if not _published(practice, at):
        propose(_like(practice), practice.cohort, by, at)
        raise Changed


def groups_for(cohort: Cohort, at: datetime) -> Threes:
    """The hard rules are the matcher's own; who has practised together or is paired is mixed where it can be."""
    participants = present(cohort, at)
    return in_threes(
        (str(one.pk) for one in participants),
        apart=_apart(participants),
        departments={str(one.pk): one.person.department or one.person.team for one in participants},
        known=_known(cohort),
    )


def present(cohort: Cohort, at: datetime) -> list[Participant]:
    """Who is there to practise: joined, not left, not pausing."""
    pausing = Pause.objects.in_force(at).values("participant")
    there = cohort.participants.present().filter(person__deactivated_at=None).exclude(pk__in=pausing)
    return list(there.select_related("person").order_by("pk"))


def _apart(participants: list[Participant]) -> set[Pair]:
    return {*refusals_among(participants), *lines_of_management(participants, whole_line=True)}


def _known(cohort: Cohort) -> set[Pair]:
    return {*_together(_groups(cohort)), *_together(_pairings(cohort))}


def _groups(cohort: Cohort) -> Iterator[tuple[int, int]]:
    took_place = Q(practice__called_off_at=None) | Q(group__finished_at__isnull=False)
    seats = PracticeSeat.objects.filter(took_place, practice__cohort=cohort, practice__published_at__isnull=False)
    yield from seats.values_list("group", "participant")


def _pairings(cohort: Cohort) -> Iterator[tuple[int, int]]:
    seats = PairingMember.objects.filter(pairing__cohort=cohort)
    yield from seats.values_list("pairing", "participant")


def _together(seats: Iterator[tuple[int, int]]) -> Iterator[Pair]:
    by_group: dict[int, list[str]] = {}
    for group, participant in seats:
        by_group.setdefault(group, []).append(str(participant))
    for members in by_group.values():
        yield from combinations(members, 2)


def _still_holds(practice: Practice, cohort: Cohort, at: datetime) -> bool:
    there = present(cohort, at)
    seats = list(PracticeSeat.objects.filter(practice=practice).values_list("group", "participant"))
    if {participant for _, participant in seats} | set(practice.not_placed) != {one.pk for one in there}:
        return False
    apart = {frozenset(pair) for pair in _apart(there)}
    return not any(frozenset(pair) in apart for pair in _together(iter(seats)))


def _seat(practice: Practice, threes: Threes) -> None:
    groups = PracticeGroup.objects.bulk_create(
        PracticeGroup(practice=practice, number=number) for number, _ in enumerate(threes.groups, 1)
    )
    PracticeSeat.objects.bulk_create(
        PracticeSeat(practice=practice, group=group, participant_id=int(person), place=place)
        for group, members in zip(groups, threes.groups, strict=True)
        for place, person in enumerate(members)
    )


def _like(practice: Practice) -> Practice:
    return Practice(
        starts_at=practice.starts_at,
        place=practice.place,
        coaching_minutes=practice.coaching_minutes,
        feedback_minutes=practice.feedback_minutes,
    )
