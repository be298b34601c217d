"""One follow-up after a week, never more."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from buddying.models import Participant, Person
from matching.models import Pairing, Pause
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import reflecting
from reflection.models import ReflectionPrompt

DAY = timedelta(days=1)


@pytest.fixture
def noon() -> datetime:
    return datetime.combine(timezone.now().date(), time(12), tzinfo=UTC)


@pytest.fixture
def prompted(pairing: Pairing, noon: datetime) -> Pairing:
    reflecting.prompt_members(pairing, noon)
    Message.objects.update(created_at=noon)
    return pairing


def told() -> list[str]:
    return sorted(Message.objects.filter(kind="reflection_followup").values_list("recipient__name", flat=True))


def test_after_a_week_whoever_has_not_answered_is_told_once(prompted: Pairing, ada: Person, noon: datetime) -> None:
    prompt = ReflectionPrompt.objects.get(person=ada)
    reflecting.answer(prompt, {"works": "The walks."}, at=noon + DAY)
    reflecting.follow_up_once(noon + 6.9 * DAY)
    assert told() == []
    for days in (7, 8, 14, 21, 27):
        reflecting.follow_up_once(noon + days * DAY)
    assert told() == ["Ben"]


def test_it_says_that_it_is_the_only_one_and_nothing_when_answered_meanwhile(
    prompted: Pairing, ben: Person, noon: datetime
) -> None:
    reflecting.follow_up_once(noon + 7 * DAY)
    message = Message.objects.get(kind="reflection_followup", recipient=ben)
    letter = kind_of("reflection_followup").compose(message)
    assert letter is not None
    assert "This is the only time that we remind you of it." in letter.text
    reflecting.answer(ReflectionPrompt.objects.get(person=ben), {"works": "All."})
    assert kind_of("reflection_followup").compose(message) is None


def test_a_week_is_counted_from_when_they_were_told(
    pairing: Pairing, ada: Person, participants: dict[str, Participant], noon: datetime
) -> None:
    """Ada paused when they were asked, and was told ten days later."""
    pause = Pause.objects.create(participant=participants["Ada"], paused_at=noon - DAY, until=noon + 10 * DAY)
    reflecting.prompt_members(pairing, noon)
    Message.objects.update(created_at=noon)
    reflecting.follow_up_once(noon + 8 * DAY)
    assert told() == ["Ben"]
    Pause.objects.filter(pk=pause.pk).update(ended_at=timezone.now())
    reflecting.tell_those_prompted(noon + 10 * DAY)
    Message.objects.filter(recipient=ada).update(created_at=noon + 10 * DAY)
    reflecting.follow_up_once(noon + 16 * DAY)
    assert told() == ["Ben"]
    reflecting.follow_up_once(noon + 17 * DAY)
    assert told() == ["Ada", "Ben"]


def test_nobody_is_told_after_the_pairing_has_ended(prompted: Pairing, noon: datetime) -> None:
    prompted.close()
    reflecting.follow_up_once(noon + 7 * DAY)
    assert told() == []
