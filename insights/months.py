"""What a month was in numbers, cohort by cohort: written down with the month's snapshot, read as trends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from buddying.models import Cohort
from insights.models import CohortMonth, Snapshot
from insights.progress import Progress, progress_of
from matching.models import within_cohort
from sessions_log.models import CoachingSession

AFTERWARDS = timedelta(days=62)  # a cohort that ended longer ago has no more months
AT_ONCE = 500
SHOWN = 24  # months


def write(snapshot: Snapshot, until: datetime) -> None:
    running = Cohort.objects.filter(
        sign_up_opens_on__lt=until.date(), ends_on__gt=until.date() - AFTERWARDS
    ).select_related("programme")
    cohorts = list(running.order_by("pk"))
    for begin in range(0, len(cohorts), AT_ONCE):
        _write(snapshot, cohorts[begin : begin + AT_ONCE], until)


def _write(snapshot: Snapshot, cohorts: list[Cohort], until: datetime) -> None:
    found = progress_of(cohorts, until)
    sessions = _sessions(found, snapshot, until)
    CohortMonth.objects.bulk_create(
        CohortMonth(snapshot=snapshot, cohort_id=pk, **_columns(one, *sessions.get(pk, (0, 0))))
        for pk, one in found.items()
    )


def _columns(one: Progress, booked: int, held: int) -> dict[str, int | None]:
    columns = asdict(one) | {"ended": one.ended or 0}
    del columns["seated"]
    return columns | ({"booked": booked, "held": held} if one.has_enough else {})


def _sessions(ids: Iterable[int], snapshot: Snapshot, until: datetime) -> dict[int, tuple[int, int]]:
    """Not cancelled, and held, of those that began in the month."""
    begun = CoachingSession.objects.standing().filter(
        within_cohort("starts_at", "pairing__"),
        pairing__cohort__in=list(ids),
        starts_at__date__gte=snapshot.month,
        starts_at__lt=until,
    )
    rows = begun.order_by().values("pairing__cohort").annotate(booked=Count("pk"), held=Count("held_at"))
    return {row["pairing__cohort"]: (row["booked"], row["held"]) for row in rows}


@dataclass(frozen=True)
class Month:
    """Sums over cohorts. Sessions are those of cohorts with five people or more in pairings."""

    month: date
    joined: int
    paired: int
    booked: int
    held: int


def trend(cohorts: Q | None = None) -> list[Month]:
    """The last two years, the earliest first. ``joined`` and ``paired``: who had, at the end of the month."""
    rows = CohortMonth.objects.filter(cohorts or Q()).order_by().values("snapshot__month")
    sums = rows.annotate(*(Sum(name, default=0) for name in ("joined", "paired", "booked", "held")))
    latest: Any = sums.order_by("-snapshot__month")[:SHOWN]
    return [
        Month(row["snapshot__month"], *(row[f"{name}__sum"] for name in ("joined", "paired", "booked", "held")))
        for row in reversed(latest)
    ]
