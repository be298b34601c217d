"""What is kept of a person on this floor (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from trust.holdings import Fate, Holding, leave_out, register

GROUP = "With whom you practise, and which round you are in"


def _practised(person: Any, prefix: str = "") -> Q:
    """Before they left the cohort."""
    seat = f"{prefix}seats__participant__"
    then = {f"{seat}left_at__gte": F(f"{prefix}finished_at")}
    return Q(**{f"{seat}person": person}, **then)


def register_all() -> None:
    register(
        Holding(
            "equipping.ReadMark",
            "Which lessons you marked as read",
            "person",
            {"Programme": "programme__name", "Lesson": "slug", "Read": "read_at"},
        ),
        Holding(
            "equipping.PracticeGroup",
            GROUP,
            "seats__participant__person",
            {"Cohort": "practice__cohort__name", "Group": "number", "When": "practice__starts_at",
             "Where": "practice__place", "Practised": "finished_at"},
            Fate.NAMELESS,
            stays=_practised,
        ),
        Holding(
            "equipping.PracticeSeat",
            GROUP,
            "participant__person",
            {"Group": "group__number", "Place": "place"},
            Fate.NAMELESS,
            stays=lambda person: _practised(person, "group__"),
        ),
        Holding(
            "equipping.ObserverNote",
            "What you write down as an observer in practice",
            "author",
            {"Round": "number", "Text": "text", "Written": "written_at"},
            content_of=("cohort", "group__practice__cohort"),
        ),
        Holding(
            "equipping.PracticeNote",
            "What you keep from practice: strengths, where to grow",
            "author",
            {"Strengths": "strengths", "Where to grow": "growth", "Written": "written_at"},
            content_of=("cohort", "group__practice__cohort"),
        ),
    )  # fmt: skip
    leave_out("When a group practises and which round has begun: of no one person.", "equipping.PracticeRound")
    leave_out("Words and times of a programme, in no person's own hand.", "equipping.LessonText", "equipping.Practice")
