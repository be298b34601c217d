"""The administrator's view over cohorts: totals only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from buddying.models import Cohort, Participant
from matching.models import Pairing
from sessions_log.models import CoachingSession


def cohorts(at: datetime) -> QuerySet[Cohort]:
    """Every cohort with ``joined``, ``paired``, ``sessions_held`` and ``sessions_booked``."""
    sessions = CoachingSession.objects.filter(pairing__cohort=OuterRef("pk"), cancelled_at__isnull=True)
    present = Participant.objects.present().filter(cohort=OuterRef("pk"))
    return Cohort.objects.select_related("programme").annotate(
        joined=_count(present, "cohort"),
        pairs=_count(Pairing.objects.live().filter(cohort=OuterRef("pk")), "cohort"),
        sessions_held=_count(sessions.filter(held_at__isnull=False), "pairing__cohort"),
        sessions_booked=_count(sessions.filter(starts_at__gt=at), "pairing__cohort"),
    )


def _count(rows: QuerySet, group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
