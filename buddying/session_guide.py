"""How a session goes: what to prepare, three phases of a turn, and cards with questions. A programme may have its own.

Only what differs from the usual words is kept with a programme, so that ours go on being mended with the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from outbox.words import Words


class Question(NamedTuple):
    """Answers are kept by slug, so the words may change and the answers stay."""

    slug: str
    words: Words
    help: Words


@dataclass(frozen=True)
class Phase:
    """``share``: how many parts of a turn it takes, beside the parts of the others."""

    name: str
    aim: str
    questions: tuple[str, ...]
    share: int
    minutes: int = 0


@dataclass(frozen=True)
class Guide:
    preparation: str
    phases: tuple[Phase, ...]
    cards: tuple[str, ...]

    def of_minutes(self, minutes: int) -> list[Phase]:
        """The phases of a turn of so many minutes. The longest takes what rounding leaves."""
        parts = sum(phase.share for phase in self.phases)
        lengths = [max(1, round(minutes * phase.share / parts)) for phase in self.phases]
        longest = max(range(len(lengths)), key=lambda number: self.phases[number].share)
        lengths[longest] += minutes - sum(lengths)
        return [
            Phase(phase.name, phase.aim, phase.questions, phase.share, length)
            for phase, length in zip(self.phases, lengths, strict=True)
        ]


def usual() -> Guide:
    """In the language of whoever reads: what a programme has not put in its own words."""
    return Guide(preparation="", phases=_usual_phases(), cards=_usual_cards())


def _usual_phases() -> tuple[Phase, ...]:
    return (
        Phase(
            _("Orientation"),
            _("Find out what this turn is for."),
            (_("What would you like to work on today?"), _("What would make this time worth it for you?")),
            share=1,
        ),
        Phase(
            _("Shared scrutiny"),
            _("Look at it together. Listen, ask, and leave advice for later."),
            (
                _("What have you tried, and what happened?"),
                _("What matters most to you in this?"),
                _("What else could be true?"),
            ),
            share=3,
        ),
        Phase(
            _("Moving forward"),
            _("Turn what came up into one small step."),
            (_("What will you do before we meet again?"), _("What could get in the way, and who can help?")),
            share=2,
        ),
    )


def _usual_cards() -> tuple[str, ...]:
    return (
        _("What is the real question behind this one?"),
        _("What would you do if nobody were watching?"),
        _("What have you not said yet?"),
        _("Who sees it quite differently, and what do they see?"),
        _("What are you good at that could help here?"),
        _("What would be a first step so small that you would do it today?"),
    )


def guide_from(kept: Mapping[str, Any]) -> Guide:
    """What a programme keeps, and the usual words for the rest."""
    return Guide(
        preparation=str(kept.get("preparation", "")),
        phases=tuple(_phase(row) for row in kept["phases"]) if kept.get("phases") else _usual_phases(),
        cards=tuple(kept["cards"]) if "cards" in kept else _usual_cards(),
    )


def to_keep(guide: Guide) -> dict[str, Any]:
    """Plain data for JSON, without what is as usual."""
    rows: dict[str, Any] = {}
    if guide.preparation:
        rows["preparation"] = guide.preparation
    if guide.phases != _usual_phases():
        rows["phases"] = [_row(phase) for phase in guide.phases]
    if guide.cards != _usual_cards():
        rows["cards"] = list(guide.cards)
    return rows


def in_own_words(questions: Sequence[Question], own: Mapping[str, Mapping[str, str]]) -> list[Question]:
    return [Question(q.slug, **{"words": q.words, "help": q.help} | dict(own.get(q.slug, {}))) for q in questions]


def _phase(row: Mapping[str, Any]) -> Phase:
    return Phase(row["name"], row["aim"], tuple(row["questions"]), int(row["share"]))


def _row(phase: Phase) -> dict[str, Any]:
    row = asdict(phase)
    del row["minutes"]
    return row | {"questions": list(phase.questions)}
