"""Noting who looked at whose data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation

from outbox.hours import language_of
from trust.models import AccessRecord

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = AccessRecord._meta.get_field("purpose").max_length
ONE_LOOK = timedelta(hours=1)  # reloading a page is not another look


def note_look(
    viewer: Any, subjects: Iterable[Any], purpose: StrOrPromise, at: datetime | None = None, *, cohort: Any = None
) -> None:
    """``viewer`` saw a page with data about ``subjects``; looking at one's own data is not noted.

    ``purpose``: lazy, so that it is noted in the words of whoever it is for. ``cohort``: in which it was, for its
    programme says how long it is kept.
    """
    at = at or timezone.now()
    readers = {subject.pk: language_of(subject) for subject in subjects if subject.pk != viewer.pk}
    if not readers:
        return
    said = {language: _in_words(purpose, language) for language in set(readers.values())}
    noted = AccessRecord.objects.filter(
        viewer=viewer, subject__in=readers, purpose__in=said.values(), seen_at__gt=at - ONE_LOOK
    )
    fresh = readers.keys() - set(noted.values_list("subject", flat=True))
    AccessRecord.objects.bulk_create(
        AccessRecord(
            viewer=viewer,
            subject_id=subject,
            purpose=said[readers[subject]],
            cohort_id=cohort.pk if cohort else None,
            seen_at=at,
        )
        for subject in sorted(fresh)
    )


def _in_words(purpose: StrOrPromise, language: str) -> str:
    with translation.override(language):
        return str(purpose)[:LONGEST]
