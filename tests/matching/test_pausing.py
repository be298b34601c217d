"""A pause: matched to nobody, reminded of nothing, and over by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from matching import pausing, waiting
from matching.models import MatchRun, Pause
from matching.publishing import CannotPublish, publish
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import agreeing, reflecting
from tests.matching.looking import at_once, groups, letter_to, nobody_is_lost, pairing_of, told, waits

pytestmark = pytest.mark.usefixtures("quiet_broker")


@pytest.fixture
def day(today: date) -> date:
    return today + timedelta(days=10)


def test_who_pauses_is_not_matched_and_not_lost(four: Any, cohort: Any, dora: Any, day: date, make_draft: Any) -> None:
    pausing.pause(four["Ada"], day)
    publish(make_draft(cohort), dora)
    assert groups(cohort) == [["Ben", "Cleo", "Fay"]]
    assert waits(cohort) == {"Ada": "paused"}
    assert told("waiting_for_buddy") == []
    assert nobody_is_lost(cohort)


def test_it_is_over_by_itself_on_the_day(four: Any, cohort: Any, day: date) -> None:
    pause = pausing.pause(four["Ada"], day)
    assert pause.day == day
    before, after = pause.until - timedelta(seconds=1), pause.until
    assert four["Ada"] not in waiting.to_be_matched(cohort, before)
    assert four["Ada"] in waiting.to_be_matched(cohort, after)
    assert four["Ada"] in waiting.without_buddy(cohort)


def test_the_day_begins_in_the_cohort_s_zone(four: Any, cohort: Any, day: date) -> None:
    cohort.time_zone = "Australia/Lord_Howe"
    cohort.save()
    assert pausing.pause(four["Ada"], day).until == datetime(day.year, day.month, day.day, tzinfo=cohort.zone)


def test_the_day_can_be_changed_and_the_pause_ended(published: MatchRun, four: Any, day: date) -> None:
    for _ in range(2):
        pausing.pause(four["Ada"], day)
    assert told("buddy_pauses") == ["Ben"]
    later = pausing.pause(four["Ada"], day + timedelta(days=1))
    assert list(Pause.objects.in_force()) == [later]
    pausing.resume(four["Ada"])
    pausing.resume(four["Ada"])
    assert not Pause.objects.in_force().exists()


def test_the_buddy_is_told_until_when(published: MatchRun, four: Any, cohort: Any, day: date) -> None:
    pausing.pause(four["Ada"], day)
    written = letter_to(four["Ben"].person, "buddy_pauses")
    assert written.subject == f"Ada pauses until {day:%-d %B}"
    assert "You stay buddies." in written.text
    assert groups(cohort) == [["Ada", "Ben"], ["Cleo", "Fay"]]
    pausing.resume(four["Ada"])
    assert letter_to(four["Ben"].person, "buddy_pauses") is None


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Choose a day to come"), (-3, "Choose a day to come"), (400, "ends on")]
)
def test_days_that_make_no_pause(four: Any, today: date, days: int, words: str) -> None:
    with pytest.raises(pausing.CannotPause, match=words):
        pausing.pause(four["Ada"], today + timedelta(days=days))
    assert not Pause.objects.exists()


def test_a_draft_with_somebody_who_pauses_by_now_is_not_published(
    draft: MatchRun, four: Any, dora: Any, day: date
) -> None:
    pausing.pause(four["Ada"], day)
    with pytest.raises(CannotPublish, match="began to pause"):
        publish(draft, dora)


def test_reminders_rest_and_come_back(published: MatchRun, four: Any, day: date) -> None:
    pairing = pairing_of(four["Ada"])
    newest = agreeing.latest(pairing)
    agreeing.sign(pairing, newest, four["Ben"].person, newest.written_at)
    message = Message.objects.get(kind="agreement_waiting", recipient=four["Ada"].person)
    assert kind_of("agreement_waiting").compose(message)
    pausing.pause(four["Ada"], day)
    assert kind_of("agreement_waiting").compose(message) is None
    reflecting.prompt_members(pairing, timezone.now())
    assert told("reflection_prompt") == ["Ben"]
    pausing.resume(four["Ada"])
    reflecting.tell_those_prompted()
    assert told("reflection_prompt") == ["Ada", "Ben"]


def test_one_open_pause_even_without_verbs(four: Any) -> None:
    until = timezone.now() + timedelta(days=3)
    Pause.objects.create(participant=four["Ada"], until=until)
    with pytest.raises(IntegrityError, match="one_open_pause_a_participant"):
        Pause.objects.create(participant=four["Ada"], until=until)


@pytest.mark.django_db(transaction=True)
def test_somebody_pauses_while_pairs_are_published(
    draft: MatchRun, four: Any, cohort: Any, dora: Any, day: date
) -> None:
    answers = at_once([lambda: publish(draft, dora), lambda: pausing.pause(four["Ada"], day)])
    draft.refresh_from_db()
    assert isinstance(answers[1], Pause)
    assert (answers[0] is None) == bool(draft.published_at)
    assert nobody_is_lost(cohort) or not draft.published_at
