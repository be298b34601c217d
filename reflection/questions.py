"""What a reflection asks. Answers are kept by slug, so the words may change and the answers stay."""

from typing import NamedTuple


class Question(NamedTuple):
    slug: str
    words: str
    help: str


QUESTIONS = (
    Question("works", "What works well between you?", "What would you miss if it stopped?"),
    Question("does-not-work", "What does not work so well?", "Time, place, balance of turns, trust, focus."),
    Question("change", "What would you like to change?", "One small thing is enough."),
)
WORDS = {question.slug: question.words for question in QUESTIONS}
