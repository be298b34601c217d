"""What a reflection asks. Answers are kept by slug, so the words may change and the answers stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from buddying.models import Programme
from buddying.session_guide import Question, in_own_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Scale(NamedTuple):
    slug: str
    words: StrOrPromise
    choices: list[tuple[int, StrOrPromise]]


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
    """In the programme's own words where it has any."""
    return in_own_words(QUESTIONS, programme.questions)


def words_of(programme: Programme) -> dict[str, StrOrPromise]:
    return {question.slug: question.words for question in questions_of(programme)}
