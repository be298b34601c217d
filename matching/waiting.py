"""Who waits for a buddy. From a cohort's first published pairs on, everybody present is in a pairing or waits.

Verbs that open or close pairings, and joining and leaving, lock the cohort first and then its pairings, so that
nobody falls between two of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from buddying.models import Cohort, Participant
from buddying.models.participation import ParticipantQuerySet
from matching.models import MatchRun, PairingMember, Pause, Waiting


def without_buddy(cohort: Cohort) -> ParticipantQuerySet:
    """Who is present in the cohort, can still log in, and is in no pairing of it."""
    return _unpaired().filter(cohort=cohort)


def to_be_matched(cohort: Cohort, at: datetime | None = None) -> ParticipantQuerySet:
    """Of those without a buddy, who is not pausing."""
    return without_buddy(cohort).exclude(pk__in=Pause.objects.in_force(at).values("participant"))


def waiting_by_cohort(cohorts: Iterable[Cohort], at: datetime | None = None) -> dict[int, int]:
    """How many are to be matched in each that has any."""
    free = _unpaired().filter(cohort__in=list(cohorts)).exclude(pk__in=Pause.objects.in_force(at).values("participant"))
    return dict(free.order_by().values_list("cohort").annotate(n=Count("pk")))


def is_published(cohort: Cohort) -> bool:
    return MatchRun.objects.published().filter(cohort=cohort).exists()


def begin(participants: Iterable[Participant], reason: str, at: datetime) -> None:
    """Who waits already goes on waiting, since then and for that reason. In a cohort that has ended nobody waits."""
    rows = [
        Waiting(participant=participant, since=at, reason=reason)
        for participant in participants
        if not participant.cohort.has_ended(at)
    ]
    Waiting.objects.bulk_create(rows, ignore_conflicts=True)


def end(participants: Iterable[Participant], at: datetime) -> None:
    Waiting.objects.open().filter(participant__in=list(participants)).update(ended_at=at)


def begin_after_publishing(run: MatchRun, at: datetime) -> None:
    """Everybody whom this round has left without a buddy."""
    left_over = {row["participant"] for row in run.unplaced}
    pausing = set(Pause.objects.in_force(at).values_list("participant", flat=True))
    without = list(without_buddy(run.cohort).select_related("cohort"))
    begin([one for one in without if one.pk in pausing], Waiting.PAUSED, at)
    begin([one for one in without if one.pk in left_over], Waiting.LEFT_OVER, at)
    begin(without, Waiting.LATE, at)


@transaction.atomic
def begin_when_late(participant: Participant, at: datetime) -> None:
    """Called when somebody joins: too late for the pairs that are published."""
    cohort = locked(participant.cohort_id)
    if is_published(cohort):
        begin([participant], Waiting.LATE, at)


def put_back_what_is_missing(at: datetime | None = None) -> None:
    """For the reconciler: nobody is without both a buddy and a place among those who wait, and nobody has both."""
    at = at or timezone.now()
    published = MatchRun.objects.published().filter(cohort__ends_on__gte=at.date() - timedelta(days=1)).values("cohort")
    lost = _unpaired().filter(cohort__in=published).exclude(pk__in=Waiting.objects.open().values("participant"))
    for participant in lost.select_related("cohort"):
        begin([participant], _reason_of(participant), at)
    here = Participant.objects.filter(pk=OuterRef("participant"), left_at=None)
    paired = PairingMember.objects.filter(participant=OuterRef("participant"), left_at=None)
    Waiting.objects.open().filter(~Exists(here) | Exists(paired)).update(ended_at=at)


def _reason_of(participant: Participant) -> str:
    """From the rows alone, for somebody whom no verb saw: imported as joined, say."""
    before = MatchRun.objects.published().filter(cohort=participant.cohort, published_at__gt=participant.joined_at)
    return Waiting.LEFT_OVER if before.exists() else Waiting.LATE


def with_priority(cohort: Cohort) -> QuerySet[Participant]:
    """Who waits here for another reason than joining late, or waited in an earlier cohort until its end."""
    here = Q(participant__cohort=cohort) & ~Q(reason=Waiting.LATE)
    earlier = Q(participant__cohort__programme=cohort.programme_id, participant__cohort__starts_on__lt=cohort.starts_on)
    waits = Waiting.objects.open().filter(here | earlier)
    return cohort.participants.filter(person__in=waits.values("participant__person"))


def locked(cohort_id: int) -> Cohort:
    """The cohort, held against every other verb that pairs or parts its people."""
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)


def _unpaired() -> ParticipantQuerySet:
    paired = PairingMember.objects.filter(left_at=None, participant=OuterRef("pk"))
    present = Participant.objects.present().filter(person__deactivated_at=None)
    return present.filter(~Exists(paired))
