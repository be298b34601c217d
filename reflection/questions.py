"""What a reflection asks. Answers are kept by slug, so the words may change and the answers stay."""

from typing import NamedTuple

from buddying.models import Programme
from buddying.session_guide import Question, in_own_words


class Scale(NamedTuple):
    slug: str
    words: str
    choices: list[tuple[int, str]]


QUESTIONS = (
    Question("works", "What works well between you?", "What would you miss if it stopped?"),
    Question("does-not-work", "What does not work so well?", "Time, place, balance of turns, trust, focus."),
    Question("change", "What would you like to change?", "One small thing is enough."),
)
WORDS = {question.slug: question.words for question in QUESTIONS}

SCALES = (
    Scale(
        "balance",
        "How balanced are your turns?",
        [
            (1, "I get much less than my share"),
            (2, "I get a little less"),
            (3, "They are balanced"),
            (4, "I get a little more"),
            (5, "I get much more than my share"),
        ],
    ),
    Scale(
        "rhythm",
        "Is the rhythm right?",
        [(1, "I would like to meet more often"), (2, "It is right"), (3, "I would like to meet less often")],
    ),
)


def questions_of(programme: Programme) -> list[Question]:
    """In the programme's own words where it has any."""
    return in_own_words(QUESTIONS, programme.questions)


def words_of(programme: Programme) -> dict[str, str]:
    return {question.slug: question.words for question in questions_of(programme)}
