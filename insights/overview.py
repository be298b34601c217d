"""The administrator's view over cohorts: totals only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from buddying.models import Cohort, Participant
from insights.aggregates import FEWEST
from matching.models import Pairing, PairingMember, within_cohort
from sessions_log.models import CoachingSession


def cohorts(at: datetime) -> QuerySet[Cohort]:
    """Every cohort with ``joined``, ``pairs``, ``sessions_held`` and ``sessions_booked``.

    Sessions are None for fewer than five people in pairings: their total would be one pair's or two pairs' own.
    """
    sessions = CoachingSession.objects.filter(
        within_cohort("starts_at", "pairing__"), pairing__cohort=OuterRef("pk"), cancelled_at__isnull=True
    )
    present = Participant.objects.present().filter(cohort=OuterRef("pk"))
    seats = PairingMember.objects.filter(pairing__cohort=OuterRef("pk"))
    enough = Q(seated__gte=FEWEST)
    return Cohort.objects.select_related("programme").annotate(
        joined=_count(present, "cohort"),
        seated=_count(seats, "pairing__cohort", of="participant"),
        pairs=_count(Pairing.objects.live().filter(cohort=OuterRef("pk")), "cohort"),
        sessions_held=Case(When(enough, _count(sessions.filter(held_at__isnull=False), "pairing__cohort"))),
        sessions_booked=Case(When(enough, _count(sessions.filter(starts_at__gt=at), "pairing__cohort"))),
    )


def _count(rows: QuerySet, group: str, of: str = "pk") -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
