"""Noting who looked at whose data."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from trust.models import AccessRecord

LONGEST = AccessRecord._meta.get_field("sentence").max_length
LONGEST_NAME = AccessRecord._meta.get_field("cohort_name").max_length
ONE_LOOK = timedelta(hours=1)  # reloading a page is not another look


def note_look(
    viewer: Any, subjects: Iterable[Any], sentence: str, at: datetime | None = None, *, cohort: Any = None
) -> None:
    """``viewer`` saw a page with data about ``subjects``; looking at one's own data is not noted.

    ``sentence``: what for, marked with ``gettext_noop``: each subject reads it in their own language, with the
    cohort's name for ``%(cohort)s``. ``cohort``: in which it was, for its programme says how long it is kept.
    """
    at, sentence = at or timezone.now(), sentence[:LONGEST]
    where = {"cohort_id": cohort.pk, "cohort_name": str(cohort)[:LONGEST_NAME]} if cohort else {"cohort_id": None}
    others = {subject.pk for subject in subjects} - {viewer.pk}
    if not others:
        return
    same = AccessRecord.objects.filter(viewer=viewer, sentence=sentence, seen_at__gt=at - ONE_LOOK, **where)
    noted = same.filter(subject__in=others)
    fresh = others - set(noted.values_list("subject", flat=True))
    AccessRecord.objects.bulk_create(
        AccessRecord(viewer=viewer, subject_id=subject, sentence=sentence, seen_at=at, **where)
        for subject in sorted(fresh)
    )
