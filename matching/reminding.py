"""Asking those who have not named anybody yet: when their lead says so, and by itself shortly before it is over.

Nobody is asked twice on one day, and by itself nobody twice at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from buddying.models import Cohort, Participant
from buddying.nudge import nudge
from matching import letters
from outbox import posting, tasks
from outbox.hours import in_daytime
from outbox.models import Message

BEFORE_CLOSING = timedelta(days=3)
SETTLE_IN = timedelta(days=1)  # who has joined only just is not nudged at once


def remind(cohort: Cohort, at: datetime | None = None) -> int:
    """How many are being reminded now. Nobody once naming is over, and nobody twice on one day."""
    at = at or timezone.now()
    silent = Participant.objects.filter(pk__in=to_remind(cohort, at)).select_related("person")
    drafts = letters.reminders(cohort, silent, str(_midnight(cohort, at).date()), at)
    posting.post_many(drafts)
    nudge(tasks.drain)
    return len(drafts)


def remind_before_closing(at: datetime | None = None) -> None:
    """For the reconciler: once, three days before nominations close, by day where the person is."""
    at = at or timezone.now()
    about_now = ((at - BEFORE_CLOSING).date(), (at + 2 * BEFORE_CLOSING).date())
    for cohort in Cohort.objects.filter(nominations_close_on__range=about_now):
        if cohort.nominations_close_at - BEFORE_CLOSING <= at < cohort.nominations_close_at and cohort.signing_up(at):
            settled = Participant.objects.filter(pk__in=to_remind(cohort, at), joined_at__lt=at - SETTLE_IN)
            drafts = letters.reminders(cohort, settled.select_related("person"), "closing", at)
            posting.post_missing(replace(draft, due_at=in_daytime(draft.to, at)) for draft in drafts)


def to_remind(cohort: Cohort, at: datetime | None = None) -> set[int]:
    """Who has joined, can be reached by mail, has named nobody, and was not reminded today."""
    at = at or timezone.now()
    if not cohort.nominating(at):
        return set()
    present = Participant.objects.present().filter(cohort=cohort, nominated_at=None, person__deactivated_at=None)
    reminded = Message.objects.filter(kind=letters.REMINDER, about_id=str(cohort.pk), due_at__gte=_midnight(cohort, at))
    today = reminded.values_list("params__participant", flat=True)
    return set(present.exclude(person__email=None).values_list("pk", flat=True)) - set(today)


def _midnight(cohort: Cohort, at: datetime) -> datetime:
    """The beginning of the day in the cohort's zone."""
    return datetime.combine(at.astimezone(cohort.zone).date(), time.min, tzinfo=cohort.zone)
