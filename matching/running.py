"""Asking for a match run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Cohort
from buddying.nudge import nudge
from matching import engine, standing_in, tasks
from matching.execution import execute
from matching.models import MatchRun
from matching.waiting import to_be_matched

__all__ = ["CannotStart", "execute", "request_run", "why_not_start"]


class CannotStart(Exception):
    """Why no run can be started: a sentence for the lead."""


@transaction.atomic
def request_run(
    cohort: Cohort, by: Any, policy: engine.Policy | None = None, at: datetime | None = None, **choices: Any
) -> MatchRun:
    """One unfinished run a cohort: a second press returns the one under way. Raises CannotStart.

    Once the cohort's pairs are published, a run is for those who wait.
    ``choices`` are what a lead has decided by hand: based_on, pinned, forbidden, starts_empty, stand_in.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if under_way := MatchRun.objects.unfinished().filter(cohort=cohort).first():
        return under_way
    if why_not := why_not_start(cohort) or _why_not_stand_in(cohort, choices.get("stand_in")):
        raise CannotStart(why_not)
    run = MatchRun.objects.create(
        cohort=cohort,
        requested_by=by,
        requested_at=at or timezone.now(),
        round=1 + MatchRun.objects.published().filter(cohort=cohort).count(),
        policy=(policy or engine.Policy()).to_dict(),
        step="waiting",
        **choices,
    )
    standing_in.keep_place(run, run.requested_at)
    nudge(tasks.run_match, run.pk)
    return run


def _why_not_stand_in(cohort: Cohort, lead: Any) -> str:
    if lead is None or standing_in.leads_who_can_join(cohort).filter(pk=lead.pk).exists():
        return ""
    return _("%(lead)s cannot join: they take part already, or no longer lead this programme.") % {"lead": lead}


def why_not_start(cohort: Cohort) -> str:
    if to_be_matched(cohort)[:2].count() < 2:
        return _("Matching needs at least two people who have joined and are in no pairing yet.")
    return ""
