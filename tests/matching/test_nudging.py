"""What a cohort is told by itself: that naming closes, and that the end is near."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from matching import reminding
from outbox.models import Message

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("recipient__name", flat=True))


# --- Naming closes


@pytest.fixture
def silent(
    nominating_cohort: Cohort, ada: Person, ben: Person, cleo: Person, eve: Person, take_part: Callable[..., Any]
) -> dict[str, Participant]:
    """Ada and Ben have named nobody, Eve has; Cleo is invited."""
    before = timezone.now() - 3 * DAY
    take_part(eve, nominating_cohort, nominated_at=before, joined_at=before)
    take_part(cleo, nominating_cohort, joined_at=None)
    return {person.name: take_part(person, nominating_cohort, joined_at=before) for person in (ada, ben)}


@pytest.fixture
def closing(nominating_cohort: Cohort) -> datetime:
    """Noon, two and a half days before naming closes."""
    return nominating_cohort.nominations_close_at - 2.5 * DAY


def test_three_days_before_who_has_named_nobody_is_told_once(silent: dict[str, Participant], closing: datetime) -> None:
    reminding.remind_before_closing(closing - DAY)
    assert told("nomination_reminder") == []
    for at in (closing, closing + HOUR, closing + DAY, closing + 2 * DAY):
        reminding.remind_before_closing(at)
    assert told("nomination_reminder") == ["Ada", "Ben"]


def test_not_on_the_day_on_which_the_lead_has_reminded_them(
    silent: dict[str, Participant], nominating_cohort: Cohort, closing: datetime
) -> None:
    assert reminding.remind(nominating_cohort, closing) == 2
    reminding.remind_before_closing(closing + HOUR)
    assert told("nomination_reminder") == ["Ada", "Ben"]
    reminding.remind_before_closing(closing + DAY)
    assert told("nomination_reminder") == ["Ada", "Ada", "Ben", "Ben"]
    assert reminding.remind(nominating_cohort, closing + DAY) == 0


def test_who_has_joined_only_just_is_left_in_peace(silent: dict[str, Participant], closing: datetime) -> None:
    Participant.objects.filter(pk=silent["Ada"].pk).update(joined_at=closing - HOUR)
    reminding.remind_before_closing(closing)
    assert told("nomination_reminder") == ["Ben"]


def test_at_night_it_waits_for_the_morning_and_after_the_last_evening_it_is_too_late(
    silent: dict[str, Participant], nominating_cohort: Cohort
) -> None:
    close_at = nominating_cohort.nominations_close_at
    reminding.remind_before_closing(close_at - HOUR)
    assert told("nomination_reminder") == []
    reminding.remind_before_closing(close_at - 3 * DAY)
    assert {message.due_at for message in Message.objects.all()} == {close_at - 3 * DAY + 8 * HOUR}
