"""What a reflection asks. Answers are kept by slug, so the words may change and the answers stay."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from buddying.models import Programme
from buddying.session_guide import Question, in_own_words
from outbox.words import Words


class Scale(NamedTuple):
    slug: str
    words: Words
    choices: list[tuple[int, Words]]


QUESTIONS = (
    Question("works", _("What works well between you?"), _("What would you miss if it stopped?")),
    Question("does-not-work", _("What does not work so well?"), _("Time, place, balance of turns, trust, focus.")),
    Question("change", _("What would you like to change?"), _("One small thing is enough.")),
)
WORDS = {question.slug: question.words for question in QUESTIONS}

SCALES = (
    Scale(
        "balance",
        _("How balanced are your turns?"),
        [
            (1, _("I get much less than my share")),
            (2, _("I get a little less")),
            (3, _("They are balanced")),
            (4, _("I get a little more")),
            (5, _("I get much more than my share")),
        ],
    ),
    Scale(
        "rhythm",
        _("Is the rhythm right?"),
        [(1, _("I would like to meet more often")), (2, _("It is right")), (3, _("I would like to meet less often"))],
    ),
)


def questions_of(programme: Programme) -> list[Question]:
    """In the programme's own words where it has any, else in the reader's language."""
    asked = in_own_words(QUESTIONS, programme.questions)
    return [Question(one.slug, str(one.words), str(one.help)) for one in asked]


def words_of(programme: Programme) -> dict[str, str]:
    return {question.slug: str(question.words) for question in questions_of(programme)}
