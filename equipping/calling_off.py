"""A published practice does not take place after all. Groups that have practised already keep what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from equipping import letters
from equipping.models import Practice


@transaction.atomic
def call_off(practice: Practice, by: Any, at: datetime | None = None) -> bool:
    """Everybody in a group that has not practised is told. Idempotent; a proposal is thrown away instead.

    Says whether it is called off: once its time has come, nobody is spared a way there.
    """
    at = at or timezone.now()
    practice = Practice.objects.select_for_update().get(pk=practice.pk)
    if practice.called_off_at:
        return True
    if practice.published_at is None or not practice.is_ahead(at):
        return False
    practice.called_off_at, practice.called_off_by = at, by
    practice.save(update_fields=["called_off_at", "called_off_by"])
    letters.post_called_off(practice)
    return True
