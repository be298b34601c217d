"""Publishing a large draft behind the page: the lead waits for it and nobody for the lead's browser.

That it is to be published is a row; what publishing is, ``publishing`` says.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort
from buddying.nudge import nudge
from matching import tasks
from matching.models import MatchRun
from matching.publishing import CannotPublish, publish
from outbox.errors import place
from outbox.hours import language_of

logger = logging.getLogger(__name__)

AT_ONCE = 1000  # so many people are published while the lead's browser waits
FAILED = _(
    "Something went wrong while publishing. Nothing has changed for anybody and nobody was told, and you can publish "
    "again. If it happens once more, please tell whoever looks after Buddying, and name draft %(run)s: %(place)s."
)


def ask_to_publish(run: MatchRun, by: Any, at: datetime | None = None) -> None:
    """At once, or, for many people, in a moment: then the run ``is_being_published``. Idempotent.

    Raises CannotPublish for what is published at once; for what is published later, ``not_published`` says why not.
    """
    if run.figures.get("paired", 0) <= AT_ONCE:
        publish(run, by, at)
        return
    with transaction.atomic():
        Cohort.objects.select_for_update().get(match_runs=run)
        drafts = MatchRun.objects.drafts().filter(pk=run.pk, publishing_at=None)
        drafts.update(publishing_at=at or timezone.now(), publishing_by=by, not_published="")
    nudge(tasks.publish_run, run.pk)


def publish_asked(run_id: int, at: datetime | None = None) -> None:
    """What a worker does. Does nothing when another worker is at it, or it is done."""
    at = at or timezone.now()
    if not MatchRun.objects.to_be_published(at).filter(pk=run_id).update(publishing_claimed_at=at):
        return
    run = MatchRun.objects.defer("snapshot", "plan").select_related("publishing_by").get(pk=run_id)
    with translation.override(language_of(run.publishing_by)):  # why not, if so, is written down for them
        _publish(run, at)


def _publish(run: MatchRun, at: datetime) -> None:
    try:
        publish(run, run.publishing_by, at)
    except CannotPublish as why:
        _give_up(run.pk, str(why))
    except Exception as error:
        logger.error("Publishing run %s failed: %s", run.pk, place(error))
        _give_up(run.pk, FAILED % {"run": run.pk, "place": place(error)})


def _give_up(run_id: int, why: str) -> None:
    waiting = MatchRun.objects.filter(pk=run_id, published_at=None)
    waiting.update(publishing_at=None, publishing_by=None, publishing_claimed_at=None, not_published=why)
