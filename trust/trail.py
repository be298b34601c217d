"""Noting who looked at whose data."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from trust.models import AccessRecord

LONGEST = AccessRecord._meta.get_field("purpose").max_length
ONE_LOOK = timedelta(hours=1)  # reloading a page is not another look


def note_look(
    viewer: Any, subjects: Iterable[Any], purpose: str, at: datetime | None = None, *, cohort: Any = None
) -> None:
    """``viewer`` saw a page with data about ``subjects``; looking at one's own data is not noted.

    ``cohort``: in which it was, for its programme says how long it is kept.
    """
    at, purpose = at or timezone.now(), purpose[:LONGEST]
    others = {subject.pk for subject in subjects} - {viewer.pk}
    if not others:
        return
    noted = AccessRecord.objects.filter(viewer=viewer, subject__in=others, purpose=purpose, seen_at__gt=at - ONE_LOOK)
    fresh = others - set(noted.values_list("subject", flat=True))
    AccessRecord.objects.bulk_create(
        AccessRecord(
            viewer=viewer, subject_id=subject, purpose=purpose, cohort_id=cohort.pk if cohort else None, seen_at=at
        )
        for subject in sorted(fresh)
    )
