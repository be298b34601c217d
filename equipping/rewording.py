"""A lead's own words for a lesson, and marks that only the reader sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from buddying.models import Programme
from equipping.lessons import is_original
from equipping.models import LessonText, ReadMark


def reword(programme: Programme, slug: str, title: str, text: str, by: Any, at: datetime | None = None) -> None:
    """Our own words, saved unchanged, stay ours: they go on being mended with the product."""
    title, text = title.strip(), "\n".join(text.splitlines()).strip()
    if is_original(slug, title, text):
        return back_to_original(programme, slug)
    LessonText.objects.update_or_create(
        programme=programme,
        slug=slug,
        defaults={"title": title, "text": text, "written_by": by, "written_at": at or timezone.now()},
    )
    return None


def back_to_original(programme: Programme, slug: str) -> None:
    """Idempotent."""
    LessonText.objects.filter(programme=programme, slug=slug).delete()


def mark_read(programme: Programme, slug: str, reader: Any, read: bool, at: datetime | None = None) -> None:
    """Idempotent."""
    if read:
        rows = [ReadMark(programme=programme, slug=slug, person=reader, read_at=at or timezone.now())]
        ReadMark.objects.bulk_create(rows, ignore_conflicts=True)
    else:
        ReadMark.objects.filter(programme=programme, slug=slug, person=reader).delete()


@transaction.atomic
def copy_words(source: Programme, copy: Programme) -> None:
    """Called when a programme is copied."""
    LessonText.objects.bulk_create(
        LessonText(programme=copy, slug=own.slug, title=own.title, text=own.text, written_by=copy.created_by)
        for own in source.lesson_texts.all()
    )
