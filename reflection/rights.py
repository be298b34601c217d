"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from trust.holdings import Fate, Holding, register

AGREEMENT = "Your agreement"
GOALS = "Your goals, and where you see yourself"
REFLECTION = "Your reflection"
CONVERSATION = "What you write to a lead in confidence, and that you wrote"


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
            {"Version": "version", "Text": "text", "Written": "written_at"},
            Fate.WITH_THE_OTHERS,
            stays=_signed_or_wrote,
        ),
        Holding(
            "reflection.Signature",
            AGREEMENT,
            "person",
            {"Version": "agreement__version", "Signed": "signed_at"},
            Fate.WITH_THE_OTHERS,
            stays="person",
        ),
        Holding(
            "reflection.Goals",
            GOALS,
            "author",
            {"What I work on": "focus", "Written": "written_at", "Skipped": "skipped_at"},
            content_of=("participant", "participant"),
        ),
        Holding(
            "reflection.GoalOutcome",
            GOALS,
            "author",
            {"What would be different": "text", "At the start": "at_start", "Half-way": "at_middle",
             "At the end": "at_end"},
            content_of=("participant", "goals__participant"),
        ),
        Holding(
            "reflection.OutcomeRating",
            "How true the programme's hoped-for outcomes are for you",
            "participant__person",
            {"Outcome": "outcome", "When asked": "moment", "From 1 to 5": "value", "Given": "given_at"},
            Fate.NAMELESS,
        ),
    )  # fmt: skip


def _reflection() -> None:
    register(
        Holding(
            "reflection.FitCheck",
            "Whether you find it a good fit",
            "person",
            {"Round": "round", "Answer": "answer", "Answered": "answered_at"},
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.ReflectionPrompt",
            "That you were asked to reflect, and whether you have",
            "person",
            {"Asked": "prompted_at", "Answered": "answered_at", "Looked at together": "seen_at"},
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.ReflectionAnswer",
            REFLECTION,
            "author",
            {"Question": "question", "Text": "text", "Written": "written_at"},
            content_of=("pairing", "prompt__pairing"),
        ),
        Holding(
            "reflection.ReflectionScale",
            "What you choose on the scales of a reflection",
            "author",
            {"Question": "question", "From 1 to 5": "value"},
            Fate.NAMELESS,
        ),
        Holding(
            "reflection.SharedAnswer",
            "What you choose to share of it",
            "author",
            {"Question": "question", "Text": "text", "Shared": "shared_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
    )


def _ending_and_help() -> None:
    register(
        Holding(
            "reflection.Thanks",
            "A line of thanks",
            "author",
            {"Text": "text", "Written": "written_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "reflection.EndingWish",
            "Whether you would like to go on",
            "person",
            {"Wish": "choice", "Chosen": "chosen_at"},
            content_of=("pairing", "pairing"),
        ),
        Holding(
            "reflection.HelpThread",
            CONVERSATION,
            "writer",
            {"With": "lead__name", "Begun": "opened_at", "Closed": "closed_at"},
        ),
        Holding(
            "reflection.HelpMessage",
            CONVERSATION,
            "author",
            {"Text": "text", "Written": "written_at"},
        ),
    )
