"""People who changed since a draft was made are marked in it."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Nomination, Participant, Refusal, WeeklyWindow
from matching.marks import changed_since
from matching.models import MatchRun
from tests.matching.test_pages import text


def marked(run: MatchRun, viewer: Any) -> set[str]:
    people = Participant.objects.filter(cohort=run.cohort_id).select_related("person", "cohort")
    changed = changed_since(run, people, viewer)
    return {str(participant) for participant in people if participant.pk in changed}


def level(ada: Participant, ben: Participant) -> None:
    ada.person.level = 5
    ada.person.save()


def free_time(ada: Participant, ben: Participant) -> None:
    WeeklyWindow.objects.create(person=ada.person, weekday=0, starts_at=time(9), minutes=60)


def hours(ada: Participant, ben: Participant) -> None:
    ada.hours_per_month = 1
    ada.save()


def a_topic_to_learn(ada: Participant, ben: Participant) -> None:
    ada.wants = ["Time"]
    ada.save()


def a_topic_to_help_with(ada: Participant, ben: Participant) -> None:
    ada.offers = ["Time"]
    ada.save()


def a_wish_less(ada: Participant, ben: Participant) -> None:
    Nomination.objects.filter(nominator=ada).delete()


def another_rank(ada: Participant, ben: Participant) -> None:
    Nomination.objects.filter(nominator=ada).update(rank=2)


def left(ada: Participant, ben: Participant) -> None:
    ada.left_at = timezone.now()
    ada.save()


@pytest.mark.parametrize(
    "change",
    [level, free_time, hours, a_topic_to_learn, a_topic_to_help_with, a_wish_less, another_rank, left],
)
def test_who_changed_is_marked(draft: MatchRun, four: Any, dora: Any, as_: Any, change: Any) -> None:
    assert marked(draft, dora) == set()
    change(four["Ada"], four["Ben"])
    assert marked(draft, dora) == {"Ada"}
    assert "Changed since Ada" in text(as_(dora).get(f"/runs/{draft.pk}/"))


def test_a_refusal_marks_nobody(draft: MatchRun, four: Any, dora: Any) -> None:
    Refusal.objects.create(refuser=four["Ada"], refused=four["Cleo"])
    assert marked(draft, dora) == set()


def test_a_lead_who_takes_part_is_not_told_whose_wishes_changed(
    draft: MatchRun, four: Any, ada: Any, programme: Any
) -> None:
    programme.add_lead(ada, added_by=ada)
    Nomination.objects.create(nominator=four["Fay"], nominee=four["Ada"], rank=1)
    hours(four["Cleo"], four["Ada"])
    assert marked(draft, ada) == {"Cleo"}
