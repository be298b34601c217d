"""Asking those who have not named anybody yet, once a day at most."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from buddying.models import Cohort, Participant
from buddying.nudge import nudge
from matching import letters
from outbox import posting, tasks
from outbox.models import Message


def remind(cohort: Cohort, at: datetime | None = None) -> int:
    """How many are being reminded now. Nobody once naming is over, and nobody twice on one day."""
    at = at or timezone.now()
    silent = Participant.objects.filter(pk__in=to_remind(cohort, at)).select_related("person")
    drafts = letters.reminders(cohort, silent, _day(cohort, at))
    posting.post_many(drafts)
    nudge(tasks.drain)
    return len(drafts)


def to_remind(cohort: Cohort, at: datetime | None = None) -> set[int]:
    """Who has joined, can be reached by mail, has named nobody, and was not reminded today."""
    at = at or timezone.now()
    if not cohort.nominating(at):
        return set()
    present = Participant.objects.present().filter(cohort=cohort, nominated_at=None, person__deactivated_at=None)
    reminded = Message.objects.filter(kind=letters.REMINDER, about_id=str(cohort.pk))
    today = reminded.filter(key__endswith=f":{_day(cohort, at)}").values_list("params__participant", flat=True)
    return set(present.exclude(person__email=None).values_list("pk", flat=True)) - set(today)


def _day(cohort: Cohort, at: datetime) -> date:
    return at.astimezone(cohort.zone).date()
