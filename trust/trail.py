"""Noting who looked at whose data."""

from collections.abc import Iterable
from typing import Any

from trust.models import AccessRecord


def note_look(viewer: Any, subjects: Iterable[Any], purpose: str) -> None:
    """``viewer`` saw a page with data about ``subjects``; looking at one's own data is not noted."""
    AccessRecord.objects.bulk_create(
        AccessRecord(viewer=viewer, subject=subject, purpose=purpose)
        for subject in subjects
        if subject != viewer
    )
