"""Setting up a programme and its cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from buddying.models import Cohort, Programme
from buddying.models.people import organisation_zone
from buddying.programme_templates import ProgrammeTemplate, template_named


@transaction.atomic
def start_programme(programme: Programme, template: ProgrammeTemplate, by: Any) -> Programme:
    """Save a new programme; whoever sets it up leads it."""
    programme.template, programme.created_by = template.key, by
    programme.save()
    programme.add_lead(by, added_by=by)
    return programme


def propose_cohort(programme: Programme, today: date, starts_on: date | None = None) -> dict[str, Any]:
    """Dates and numbers for a new cohort, from the programme's template and the chosen start."""
    template = template_named(programme.template)
    return template.dates(starts_on or template.next_start(today), today) | {
        "target_sessions": template.target_sessions,
        "session_minutes": template.session_minutes,
        "reflection_point": template.reflection_point,
        "time_zone": organisation_zone(),
    }


def start_cohort(cohort: Cohort, programme: Programme, by: Any) -> Cohort:
    cohort.programme, cohort.created_by = programme, by
    cohort.save()
    return cohort
