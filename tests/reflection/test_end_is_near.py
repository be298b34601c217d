"""Two weeks before a cohort ends, those in pairs are asked to look back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from buddying.models import Cohort
from matching.models import Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import going_on
from reflection.goal_setting import LOOK_BACK

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def near(pairing: Pairing) -> datetime:
    return going_on.ends_at(pairing) - LOOK_BACK


def told() -> list[str]:
    return sorted(Message.objects.filter(kind=going_on.LOOK_BACK_MAIL).values_list("recipient__name", flat=True))


def test_two_weeks_before_the_end_those_in_pairs_are_told_once(near: datetime) -> None:
    going_on.call_to_look_back(near - HOUR)
    assert told() == []
    for at in (near, near + HOUR, near + 5 * DAY):
        going_on.call_to_look_back(at)
    assert told() == ["Ada", "Ben"]


def test_after_the_end_nobody_is_told(near: datetime) -> None:
    going_on.call_to_look_back(near + LOOK_BACK)
    assert told() == []


def test_an_end_that_is_moved_is_another_end(cohort: Cohort, near: datetime) -> None:
    going_on.call_to_look_back(near)
    first = Message.objects.filter(recipient__name="Ada").get()
    compose = kind_of(going_on.LOOK_BACK_MAIL).compose
    assert compose(first) is not None
    cohort.ends_on += 28 * DAY
    cohort.save()
    assert compose(first) is None
    going_on.call_to_look_back(near + 28 * DAY)
    assert told() == ["Ada", "Ada", "Ben", "Ben"]
