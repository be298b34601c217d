"""Keeping what is typed until it is sent, so that nothing is lost with a page, a log-in or a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from buddying.models import Person, UnsentText
from trust.acting import Purpose, acting_as_system

KEPT_FOR = timedelta(days=30)
LONGEST = 100_000  # characters, far beyond what any form takes
MOST = 100  # forms a person

Fields = Sequence[tuple[str, str]]


class TooLong(Exception):
    """No form of ours takes so much."""


def keep(author: Person, form: str, number: int, fields: Fields, at: datetime | None = None) -> UnsentText:
    """In place of what was kept of this form. Raises TooLong."""
    written = json.dumps([[name, value] for name, value in fields])
    if len(written) > LONGEST:
        raise TooLong
    with transaction.atomic():
        kept, _ = UnsentText.objects.update_or_create(
            author=author, form=form, number=number, defaults={"typed": written, "written_at": at or timezone.now()}
        )
        _no_more_than(author, MOST)
    return kept


def _no_more_than(author: Person, most: int) -> None:
    newest = UnsentText.objects.filter(author=author).order_by("-written_at")[:most]
    UnsentText.objects.filter(author=author).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()


def fields_of(kept: UnsentText) -> list[list[str]]:
    return list(json.loads(kept.typed))


def forget(author: Person, form: str, number: int) -> None:
    """It was sent, or thrown away. Idempotent."""
    UnsentText.objects.filter(author=author, form=form, number=number).delete()


def forget_old(at: datetime | None = None) -> None:
    """For the reconciler."""
    with acting_as_system(Purpose.SWEEPING):
        UnsentText.objects.filter(written_at__lte=(at or timezone.now()) - KEPT_FOR).delete()
