"""Setting up a programme and its cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import translation

from buddying import registry
from buddying.models import Cohort, GroupMeeting, Programme
from buddying.models.people import organisation_zone
from buddying.programme_templates import ProgrammeTemplate, template_named
from outbox.hours import language_of

WORDS = ("purpose", "community", "ways", "roles", "rules", "outcomes")


@transaction.atomic
def start_programme(programme: Programme, template: ProgrammeTemplate, by: Any) -> Programme:
    """Save a new programme, in the language of whoever sets it up and leads it."""
    spoken = _in_words_of(by, template)
    programme.template, programme.created_by = template.key, by
    programme.guide = dict(spoken.guide)
    programme.questions = {slug: dict(words) for slug, words in spoken.questions.items()}
    programme.save()
    programme.add_lead(by, added_by=by)
    return programme


@transaction.atomic
def copy_programme(source: Programme, copy: Programme, by: Any) -> Programme:
    """``copy`` has its name and words; how sessions go, questions and what higher floors keep come along.

    Cohorts, people and leads stay where they are: whoever copies leads the copy.
    """
    copy.template, copy.created_by = source.template, by
    copy.guide, copy.questions = source.guide, source.questions
    copy.content_days, copy.trail_days = source.content_days, source.trail_days
    copy.save()
    copy.add_lead(by, added_by=by)
    for hook in registry.when_copied:
        hook(source, copy)
    return copy


def propose_cohort(programme: Programme, today: date, starts_on: date | None = None) -> dict[str, Any]:
    """Dates and numbers for a new cohort, from the programme's template and the chosen start."""
    template = template_named(programme.template)
    return template.dates(starts_on or template.next_start(today), today) | {
        "target_sessions": template.target_sessions,
        "session_minutes": template.session_minutes,
        "reflection_point": template.reflection_point,
        "new_pairs_weeks": template.new_pairs_weeks,
        "time_zone": organisation_zone(),
    }


@transaction.atomic
def start_cohort(cohort: Cohort, programme: Programme, by: Any) -> Cohort:
    """With the meetings of the whole group that the template foresees, named in the language of ``by``."""
    cohort.programme, cohort.created_by = programme, by
    cohort.save()
    GroupMeeting.objects.bulk_create(
        GroupMeeting(
            cohort=cohort, day=meeting.day(cohort.starts_on, cohort.ends_on), what=meeting.what, note=meeting.note
        )
        for meeting in _in_words_of(by, template_named(programme.template)).meetings
    )
    return cohort


def _in_words_of(person: Any, template: ProgrammeTemplate) -> ProgrammeTemplate:
    with translation.override(language_of(person)):
        return template.spoken()
