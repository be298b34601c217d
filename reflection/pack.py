"""What a pair can have on paper: the guide, the agreement, sheets for sessions and reflection, question cards.

Everything stands here in the words that the screens show. There is nothing of any person in it, but for the pair's own
agreement, which its members alone can print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Organisation, Programme
from buddying.session_guide import Guide, Phase, guide_from
from buddying.templatetags.sheets import BLANK
from equipping.lessons import lessons_of
from reflection.first_words import first_words_of, how_often
from reflection.questions import SCALES, questions_of
from reflection.sections import Section, sections

CARDS_A_PAGE = 8
LINES_A_TURN = 15
ALL = "all"


class Sheet(NamedTuple):
    slug: str
    title: str | Promise
    about: str | Promise

    @property
    def template(self) -> str:
        return f"pack/_{self.slug}.html"


SHEETS = (
    Sheet("guide", _("The buddy’s guide"), _("How it goes from the agreement to the end, a session turn by turn, and "
                                           "the short lessons.")),
    Sheet("agreement", _("The agreement"), _("The programme’s words to begin with, and room for yours and for your "
                                             "signatures.")),
    Sheet("session", _("Session sheet"), _("Two turns with their phases, times and questions, and room to write. For a "
                                           "walk without a phone.")),
    Sheet("cards", _("Question cards"), _("Eight to a page, with marks to cut along, and a few to write yourselves.")),
    Sheet("reflection", _("Reflection sheet"), _("The questions after your first sessions, for yourself alone first.")),
)  # fmt: skip
TOGETHER = Sheet(ALL, _("The whole pack"), _("Everything below in one file."))
BY_SLUG = {sheet.slug: sheet for sheet in (*SHEETS, TOGETHER)}


class Card(NamedTuple):
    """``phase`` is empty for cards of no phase, ``question`` for one to be written."""

    phase: str
    question: str


class Part(NamedTuple):
    """A phase of a turn on a sheet: its minutes within the turn, and how many lines to write on."""

    phase: Phase
    begins: int
    ends: int
    lines: int


def contents(slug: str) -> tuple[Sheet, ...]:
    return SHEETS if slug == ALL else (BY_SLUG[slug],)


def words_for(programme: Programme, cohort: Cohort | None, reader: Any) -> dict[str, Any]:
    """Without a cohort, the usual length of a session, and lines where a cohort's dates would stand."""
    rhythm, guide = cohort or Cohort(programme=programme), guide_from(programme.guide)
    organisation = Organisation.current()
    half = rhythm.session_minutes // 2
    return {
        "programme": programme,
        "cohort": cohort,
        "rhythm": rhythm,
        "every": how_often(cohort) if cohort else "",
        "guide": guide,
        "turn_minutes": half,
        "parts": parts_of(guide, half),
        "card_pages": card_pages(guide),
        "lessons": lessons_of(programme, reader),
        "contacts": programme.where_to_turn(organisation),
        "agreement": blank_agreement(programme, cohort, organisation),
        "questions": questions_of(programme),
        "scales": SCALES,
    }


def parts_of(guide: Guide, minutes: int) -> list[Part]:
    parts, begins = [], 0
    for phase in guide.of_minutes(minutes):
        lines = max(2, round(LINES_A_TURN * phase.minutes / minutes))
        parts.append(Part(phase, begins, begins + phase.minutes, lines))
        begins += phase.minutes
    return parts


def card_pages(guide: Guide) -> list[tuple[Card, ...]]:
    """Full pages: what is left of the last one is cards to write oneself."""
    cards = [Card(phase.name, question) for phase in guide.phases for question in phase.questions]
    cards += [Card("", question) for question in guide.cards]
    cards += [Card("", "")] * (-len(cards) % CARDS_A_PAGE)
    return [tuple(cards[k : k + CARDS_A_PAGE]) for k in range(0, len(cards), CARDS_A_PAGE)]


def blank_agreement(programme: Programme, cohort: Cohort | None, organisation: Organisation) -> list[Section]:
    names = [BLANK, BLANK]
    if cohort:
        return sections(first_words_of(cohort, names, organisation))
    return [*_where_cohorts_agree(programme, names, organisation)]


def _where_cohorts_agree(programme: Programme, names: Sequence[str], organisation: Organisation) -> Iterator[Section]:
    """Sections that say the same for any cohort; of the others the heading alone, to be written by hand."""
    one, other = (sections(first_words_of(c, names, organisation)) for c in _two_that_differ(programme))
    for section, elsewhere in zip(one, other, strict=True):
        yield section if section == elsewhere else Section(section.heading, "")


def _two_that_differ(programme: Programme) -> Iterable[Cohort]:
    day = timezone.localdate()
    for weeks, minutes in ((13, 60), (26, 90)):
        yield Cohort(
            programme=programme,
            starts_on=day,
            ends_on=day + timedelta(weeks=weeks),
            session_minutes=minutes,
            target_sessions=weeks,
        )
