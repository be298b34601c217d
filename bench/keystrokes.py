"""How long a person needs for what they do at a screen, by the Keystroke-Level Model.

S. K. Card, T. P. Moran, A. Newell, "The keystroke-level model for user performance time with interactive systems",
Communications of the ACM 23 (7), 1980, pages 396-410. It is about somebody who knows the way and makes no mistake; what
a newcomer reads is added apart, at 238 words a minute (M. Brysbaert, "How many words do we read per minute?", Journal
of Memory and Language 109, 2019). Thinking of what to write is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass

KEY = 0.28  # an average typist who is no secretary, 40 words a minute
PRESS = 0.20  # the button of a mouse
POINT = 1.10
HOME = 0.40  # a hand from the mouse to the keys, or back
DECIDE = 1.35
WORDS_A_SECOND = 238 / 60

CLICK = DECIDE + POINT + PRESS


def typing(text: str) -> float:
    """Into a field that has to be chosen first."""
    return CLICK + HOME + KEY * len(text) + HOME


def reading(words: int) -> float:
    return words / WORDS_A_SECOND


@dataclass(frozen=True)
class Step:
    """One thing that somebody does; ``words`` of the page that it brought."""

    said: str
    page: str = ""
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    hands: float = 0.0
    machine: float = 0.0
    words: int = 0
