"""Asking those who have not named anybody yet, once a day at most."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from buddying.models import Cohort, Participant
from buddying.nudge import nudge
from matching import letters
from outbox import posting, tasks
from outbox.models import Message


def remind(cohort: Cohort, at: datetime | None = None) -> int:
    """How many are being reminded now. Nobody once naming is over, and nobody twice on one day."""
    at = at or timezone.now()
    fresh = to_remind(cohort, at)
    posting.post_many(fresh)
    nudge(tasks.drain)
    return len(fresh)


def to_remind(cohort: Cohort, at: datetime | None = None) -> list[posting.Draft]:
    at = at or timezone.now()
    if not cohort.nominating(at):
        return []
    present = Participant.objects.present().filter(cohort=cohort, nominated_at=None, person__deactivated_at=None)
    silent = present.exclude(person__email=None).select_related("person")
    drafts = letters.reminders(cohort, silent, at.astimezone(cohort.zone).date())
    reminded = Message.objects.filter(kind=letters.REMINDER, about_id=str(cohort.pk))
    keys = set(reminded.values_list("key", flat=True))
    return [draft for draft in drafts if draft.key not in keys]
