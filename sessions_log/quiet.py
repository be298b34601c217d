"""Pairings in which nothing is booked though it could be: many at once, by the rule of ``nudges.quiet_since``."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Least

from buddying.models import Cohort
from buddying.models.programmes import end_of
from matching.models import Pairing, Pause
from matching.models.pairings import PairingQuerySet
from sessions_log.models import CoachingSession
from sessions_log.nudges import GAP


def quiet(cohort: Cohort, at: datetime) -> PairingQuerySet:
    """Live ones of the cohort that have had no session for three weeks and have none booked."""
    begins = end_of(cohort.starts_on - timedelta(days=1), cohort.zone)
    live = Pairing.objects.live().filter(cohort=cohort)
    if begins > at - GAP or at >= end_of(cohort.ends_on, cohort.zone):
        return live.none()
    lately = CoachingSession.objects.standing().filter(pairing=OuterRef("pk"), ends_at__gt=at - GAP)
    return live.filter(~Exists(lately), ~paused_since(at - GAP, at), opened_at__lte=at - GAP)


def paused_since(since: datetime, at: datetime) -> Exists:
    """One of a pairing's members pauses at ``at``, or came back later than ``since``."""
    members = Q(participant__seats__pairing=OuterRef("pk"), participant__seats__left_at=None)
    pauses = Pause.objects.filter(members, paused_at__lte=at)
    return Exists(pauses.alias(ends_at=Least("until", Coalesce("ended_at", "until"))).filter(ends_at__gt=since))
