"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trust.holdings import Fate, Holding, register

AGREEMENT = _("Your agreement")
GOALS = _("Your goals, and where you see yourself")
REFLECTION = _("Your reflection")
CONVERSATION = _("What you write to a lead in confidence, and that you wrote")


def _signed_or_wrote(person: Any) -> Q:
    return Q(signatures__person=person) | Q(written_by=person)


def register_all() -> None:
    _agreement_and_goals()
    _reflection()
    _ending_and_help()


def _agreement_and_goals() -> None:
    register(
        Holding(
            "reflection.Agreement",
            AGREEMENT,
            "pairing__members__participant__person",
            {_("Version"): "version", _("Text"): "text", _("Written"): "written_at"},
            Fate.WITH_THE_OTHERS,
            stays=_signed_or_wrote,
        ),
        Holding(
            "reflection.Signature",
            AGREEMENT,
            "person",
            {_("Version"): "agreement__version", _("Signed"): "signed_at"},
            Fate.WITH_THE_OTHERS,
            stays="person",
        ),
        Holding(
            "reflection.Goals",
            GOALS,
            "author",
            {_("What I work on"): "focus", _("Written"): "written_at", _("Skipped"): "skipped_at"},
            content_of=("participant", "participant"),
        ),
        Holding(
            "reflection.GoalOutcome",
            GOALS,
            "author",
            {_("What would be different"): "text", _("At the start"): "at_start", _("Half-way"): "at_middle",
             _("At the end"): "at_end"},
            content_of=("participant", "goals__participant"),
        ),
        Holding(
            "reflection.OutcomeRating",
            _("How true the programme's hoped-for outcomes are for you"),
            "participant__person",
            {_("Outcome"): "outcome", _("When asked"): "moment", _("From 1 to 5"): "value", _("Given"): "given_at"},
            Fate.NAMELESS,
        ),
    )  # fmt: skip


def _reflection() -> None:
    register(
        Holding(
            "reflection.FitCheck",
            _("Whether you find it a good fit"),
            "person",
            {_("Round"): "round", _("Answer"): "answer", _("Answered"): "answered_at"},
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.ReflectionPrompt",
            _("That you were asked to reflect, and whether you have"),
            "person",
            {
                pgettext_lazy("a question", "Asked"): "prompted_at",
                _("Answered"): "answered_at",
                _("Looked at together"): "seen_at",
            },
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.ReflectionAnswer",
            REFLECTION,
            "author",
            {_("Question"): "question", _("Text"): "text", _("Written"): "written_at"},
            content_of=("pairing", "prompt__pairing"),
        ),
        Holding(
            "reflection.ReflectionScale",
            _("What you choose on the scales of a reflection"),
            "author",
            {_("Question"): "question", _("From 1 to 5"): "value"},
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.SharedAnswer",
            _("What you choose to share of it"),
            "author",
            {_("Question"): "question", _("Text"): "text", _("Shared"): "shared_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
    )


def _ending_and_help() -> None:
    register(
        Holding(
            "reflection.Thanks",
            _("A line of thanks"),
            "author",
            {_("Text"): "text", _("Written"): "written_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "reflection.EndingWish",
            _("Whether you would like to go on"),
            "person",
            {_("Wish"): "choice", _("Chosen"): "chosen_at"},
            content_of=("pairing", "pairing"),
        ),
        Holding(
            "reflection.HelpThread",
            CONVERSATION,
            "writer",
            {_("With"): "lead__name", _("Begun"): "opened_at", _("Closed"): "closed_at"},
        ),
        Holding(
            "reflection.HelpMessage",
            CONVERSATION,
            "author",
            {_("Text"): "text", _("Written"): "written_at"},
        ),
    )
