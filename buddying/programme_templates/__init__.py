"""Programmes that have worked elsewhere, to begin from. Every word and number can be changed afterwards."""

from __future__ import annotations

from buddying.programme_templates.leadership_pilot import LEADERSHIP_PILOT
from buddying.programme_templates.learning_group import LEARNING_GROUP
from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.short_start import SHORT_START
from buddying.programme_templates.three_episodes import THREE_EPISODES
from buddying.programme_templates.three_months import THREE_MONTHS
from buddying.programme_templates.year_of_conversations import YEAR_OF_CONVERSATIONS

__all__ = ["TEMPLATES", "Meeting", "ProgrammeTemplate", "template_named"]

TEMPLATES = {
    template.key: template
    for template in (
        THREE_MONTHS,
        YEAR_OF_CONVERSATIONS,
        THREE_EPISODES,
        LEADERSHIP_PILOT,
        LEARNING_GROUP,
        SHORT_START,
    )
}


def template_named(key: str) -> ProgrammeTemplate:
    """The template with this key; the first one for a key that is not known (any more)."""
    return TEMPLATES.get(key, THREE_MONTHS)
