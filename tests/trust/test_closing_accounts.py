"""Closing an account takes its person out of what goes on, in the product's own way; opening it brings nobody back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from buddying.deactivating import deactivate, leave_what_goes_on, reactivate
from buddying.models import Cohort, Participant, Person
from matching.models import MatchRun, Pairing, Waiting
from outbox import delivery
from outbox.models import Message
from sessions_log.booking import book
from sessions_log.models import CoachingSession, PrivateNote
from tests.trust.everything import World, mark


@pytest.fixture
def paired(world: World) -> CoachingSession:
    """Their cohort's pairs are published, and they have booked a session, in their calendars since."""
    MatchRun.objects.create(cohort=world.cohort, published_at=world.at, finished_at=world.at)
    return book(world.pairing, world.at + timedelta(days=3), 60, "Room 4", by=world.ben)


def test_the_buddy_is_told_kindly_waits_first_and_entries_go_from_both_calendars(
    world: World, paired: CoachingSession, sink: Any
) -> None:
    delivery.drain()
    sink.taken.clear()
    deactivate(world.ada)
    delivery.drain()
    paired.refresh_from_db()
    world.pairing.refresh_from_db()
    assert (bool(paired.cancelled_at), bool(world.pairing.closed_at)) == (True, True)
    assert [wait.participant.person for wait in Waiting.objects.open()] == [world.ben]
    mails = [(mail.to[0], mail.mail["Subject"].strip().partition(":")[0], mail.mail) for mail in sink.taken]
    assert sorted(mail[:2] for mail in mails) == [
        ("ada@example.org", "Cancelled"),
        ("ben@example.org", "Ada has left Spring"),
        ("ben@example.org", "Cancelled"),
    ]
    parts = [part for *_, mail in mails for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [b"METHOD:CANCEL" in part.get_payload(decode=True) for part in parts] == [True, True]
    assert not Message.objects.waiting().filter(recipient=world.ada).exists()


def test_a_trio_goes_on_as_a_pair(world: World) -> None:
    world.pairing.members.create(participant=world.participant(world.cleo), joined_at=world.pairing.opened_at)
    deactivate(world.ada)
    world.pairing.refresh_from_db()
    assert world.pairing.closed_at is None
    assert world.pairing.people() == [world.ben, world.cleo]
    assert not Waiting.objects.open().exists()


def test_who_is_only_on_the_list_or_waits_leaves_too(
    world: World, nominating_cohort: Cohort, eve: Person, take_part: Callable[..., Participant]
) -> None:
    on_the_list = take_part(eve, nominating_cohort, joined_at=None)
    waiting = take_part(eve, world.cohort)
    Waiting.objects.create(participant=waiting, reason=Waiting.LATE)
    deactivate(eve)
    for one in (on_the_list, waiting):
        one.refresh_from_db()
        assert (bool(one.left_at), one.removed_by) == (True, None)
    assert not Waiting.objects.open().exists()


def test_a_pairing_that_goes_on_privately_ends_and_its_other_half_is_told(world: World) -> None:
    Pairing.objects.update(continues_at=world.at - timedelta(days=1))
    deactivate(world.ada)
    world.pairing.refresh_from_db()
    assert world.pairing.closed_at
    assert list(Message.objects.filter(kind="buddy_left").values_list("recipient", flat=True)) == [world.ben.pk]


def test_a_cohort_that_has_ended_keeps_its_numbers_and_its_pairs(world: World) -> None:
    days = {"sign_up_opens_on": 130, "nominations_close_on": 120, "pairs_published_on": 110, "starts_on": 100}
    dates = {name: world.at.date() - timedelta(days=ago) for name, ago in (days | {"ends_on": 10}).items()}
    Cohort.objects.filter(pk=world.cohort.pk).update(**dates)
    deactivate(world.ada)
    leave_what_goes_on()
    assert world.participant(world.ada).is_present
    assert Pairing.objects.live().get() == world.pairing
    assert not Message.objects.filter(recipient=world.ben).exists()


def test_opened_again_what_was_written_is_there_and_nobody_is_a_buddy(
    world: World, paired: CoachingSession, as_: Callable[[Person | None], Client]
) -> None:
    for _ in range(2):
        deactivate(world.ada)
    reactivate(world.ada)
    assert PrivateNote.objects.visible_to(world.ada).get().text == mark(PrivateNote, "text")
    assert not Participant.objects.of(world.ada).exists()
    assert not Participant.objects.removed().exists()
    assert Pairing.objects.visible_to(world.ada).live().count() == 0
    assert as_(world.ada).get("/").status_code == 200


def test_whose_account_was_closed_past_the_verb_leaves_within_minutes(world: World, paired: CoachingSession) -> None:
    """In an earlier release, say, or put on a list at the same moment."""
    Person.objects.filter(pk=world.ada.pk).update(deactivated_at=timezone.now())
    for _ in range(2):
        leave_what_goes_on()
    assert world.participant(world.ada).left_at
    assert [wait.participant.person for wait in Waiting.objects.open()] == [world.ben]
    assert Message.objects.filter(kind="buddy_left").count() == 1
