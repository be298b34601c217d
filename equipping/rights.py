"""What is kept of a person on this floor (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust.holdings import Fate, Holding, leave_out, register

GROUP = _("With whom you practise, and which round you are in")


def _practised(person: Any, prefix: str = "") -> Q:
    """Before they left the cohort."""
    seat = f"{prefix}seats__participant__"
    then = {f"{seat}left_at__gte": F(f"{prefix}finished_at")}
    return Q(**{f"{seat}person": person}, **then)


def register_all() -> None:
    register(
        Holding(
            "equipping.ReadMark",
            _("Which lessons you marked as read"),
            "person",
            {_("Programme"): "programme__name", _("Lesson"): "slug", _("Read"): "read_at"},
        ),
        Holding(
            "equipping.PracticeGroup",
            GROUP,
            "seats__participant__person",
            {_("Cohort"): "practice__cohort__name", _("Group"): "number", _("When"): "practice__starts_at",
             _("Where"): "practice__place", _("Practised"): "finished_at"},
            Fate.NAMELESS,
            stays=_practised,
        ),
        Holding(
            "equipping.PracticeSeat",
            GROUP,
            "participant__person",
            {_("Group"): "group__number", _("Seat"): "place"},
            Fate.NAMELESS,
            who=_("your group; leads see who is in it and whether you have practised"),
            stays=lambda person: _practised(person, "group__"),
        ),
        Holding(
            "equipping.ObserverNote",
            _("What you write down as an observer in practice"),
            "author",
            {_("Round"): "number", _("Text"): "text", _("Written"): "written_at"},
            content_of=("cohort", "group__practice__cohort"),
        ),
        Holding(
            "equipping.PracticeNote",
            _("What you keep from practice: strengths, where to grow"),
            "author",
            {_("Strengths"): "strengths", _("Where to grow"): "growth", _("Written"): "written_at"},
            content_of=("cohort", "group__practice__cohort"),
        ),
    )  # fmt: skip
    leave_out("When a group practises and which round has begun: of no one person.", "equipping.PracticeRound")
    leave_out("Words and times of a programme, in no person's own hand.", "equipping.LessonText", "equipping.Practice")
