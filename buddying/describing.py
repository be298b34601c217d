"""What somebody who takes part, or thinks about it, reads of a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from buddying.models import Cohort
from buddying.session_guide import guide_from

TURNS = 2


@dataclass(frozen=True)
class Day:
    day: date
    what: str
    note: str = ""


def about(cohort: Cohort) -> dict[str, Any]:
    guide = guide_from(cohort.programme.guide)
    return {
        "days": days_of(cohort),
        "guide": guide,
        "phases": guide.of_minutes(cohort.session_minutes // TURNS),
        "turn_minutes": cohort.session_minutes // TURNS,
    }


def days_of(cohort: Cohort) -> list[Day]:
    """In order: what the cohort has agreed on, and when the whole group meets."""
    days = [
        Day(cohort.nominations_close_on, _("Last day to join and to name buddies")),
        Day(cohort.pairs_published_on, _("Pairs are published")),
        Day(cohort.starts_on, _("Start")),
        *(Day(meeting.day, meeting.what, meeting.note) for meeting in cohort.meetings.all()),
        *(Day(day, _("New pairs")) for day in cohort.new_pairs_days()),
        Day(cohort.ends_on, _("End")),
    ]
    return sorted(days, key=lambda one: one.day)
