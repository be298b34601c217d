"""A short guide for one turn, in the three phases of a coaching conversation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    name: str
    aim: str
    questions: tuple[str, ...]
    minutes: int


PHASES = [
    (
        "Orientation",
        "Find out what this turn is for.",
        ("What would you like to work on today?", "What would make this time worth it for you?"),
    ),
    (
        "Shared scrutiny",
        "Look at it together. Listen, ask, and leave advice for later.",
        ("What have you tried, and what happened?", "What matters most to you in this?", "What else could be true?"),
    ),
    (
        "Moving forward",
        "Turn what came up into one small step.",
        ("What will you do before we meet again?", "What could get in the way, and who can help?"),
    ),
]


def phases(minutes: int) -> list[Phase]:
    """The three phases of a turn of so many minutes: a sixth, about a half, a third."""
    first, last = max(1, round(minutes / 6)), max(1, round(minutes / 3))
    lengths = (first, minutes - first - last, last)
    return [Phase(*words, length) for words, length in zip(PHASES, lengths, strict=True)]
