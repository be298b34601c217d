"""A kind word from a lead: to whom, which words, and never twice in a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing, Pause
from outbox.models import Message
from outbox.posting import withdraw
from reflection import agreeing
from reflection.encouraging import BOOK, SIGN, TooSoon, encourage, in_need, needs
from reflection.encouraging_letters import encourage as letter_of
from sessions_log.models import CoachingSession

A_DAY = timedelta(days=1)


@pytest.fixture
def later(cohort: Cohort) -> datetime:
    """Four weeks into the cohort."""
    return timezone.now() + 21 * A_DAY


def sign(pairing: Pairing) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in pairing.people():
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    Message.objects.all().delete()


def kinds(cohort: Cohort, lead: Person, at: datetime) -> list[str]:
    return [need.kind for need in needs(in_need(cohort, lead, at), at)]


def test_a_pair_is_asked_to_sign_a_week_after_it_was_paired(
    cohort: Cohort, pairing: Pairing, dora: Person, later: datetime
) -> None:
    Pairing.objects.update(opened_at=later - 6 * A_DAY)
    assert kinds(cohort, dora, later) == []
    assert kinds(cohort, dora, later + 2 * A_DAY) == [SIGN]
    sign(pairing)
    assert kinds(cohort, dora, later + 2 * A_DAY) == []


def test_a_pair_that_has_signed_is_asked_to_book_after_three_weeks_of_nothing(
    cohort: Cohort, pairing: Pairing, dora: Person, later: datetime
) -> None:
    sign(pairing)
    assert kinds(cohort, dora, later) == [BOOK]
    CoachingSession.objects.create(pairing=pairing, starts_at=later + A_DAY)
    assert kinds(cohort, dora, later) == []


def test_nobody_who_pauses_nor_after_the_end_nor_in_the_leads_own_pair(
    cohort: Cohort,
    pairing: Pairing,
    dora: Person,
    later: datetime,
    participants: dict[str, Participant],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    make_pairing(take_part(dora, cohort), participants["Cleo"])
    assert [need.pairing for need in needs(in_need(cohort, dora, later), later)] == [pairing]
    assert kinds(cohort, dora, later + 100 * A_DAY) == []
    Pause.objects.create(participant=participants["Ada"], paused_at=later - A_DAY, until=later + A_DAY)
    assert kinds(cohort, dora, later) == []


def test_nobody_is_nudged_twice_in_a_week(
    cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, ben: Person, later: datetime
) -> None:
    with time_machine.travel(later, tick=False) as clock:
        assert needs(in_need(cohort, dora))[0].nudged_at is None
        encourage(pairing, dora)
        assert set(Message.objects.values_list("kind", "recipient")) == {(SIGN, ada.pk), (SIGN, ben.pk)}
        with pytest.raises(TooSoon):
            encourage(pairing, dora)
        clock.move_to(later + 6 * A_DAY)
        (need,) = needs(in_need(cohort, dora))
        assert (need.may_be_sent, need.nudged_at) == (False, later)
        with pytest.raises(TooSoon):
            encourage(pairing, dora)
        clock.move_to(later + 7 * A_DAY)
        encourage(pairing, dora)
    assert Message.objects.count() == 4


def test_what_the_product_sent_by_itself_counts_too(
    cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, later: datetime
) -> None:
    Message.objects.create(kind="nothing_booked", key="k", recipient=ada, created_at=later - 3 * A_DAY)
    with time_machine.travel(later, tick=False), pytest.raises(TooSoon):
        encourage(pairing, dora)


def test_what_was_taken_back_before_it_left_does_not_count(
    cohort: Cohort, pairing: Pairing, dora: Person, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        encourage(pairing, dora)
        withdraw(key_prefix=SIGN)
        (need,) = needs(in_need(cohort, dora))
        assert (need.may_be_sent, need.nudged_at) == (True, None)


def test_that_one_of_them_has_signed_cannot_be_read_off_when_they_were_last_reminded(
    cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        agreeing.draft_for(pairing, later)
        agreement = pairing.agreements.get()
        agreeing.sign(pairing, agreement, by=ada, read_at=agreement.written_at)
        assert [message.kind for message in Message.objects.all()] == ["agreement_waiting"]
        assert needs(in_need(cohort, dora))[0].nudged_at is None


def test_when_it_leaves_the_world_is_asked_again(
    cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, later: datetime
) -> None:
    with time_machine.travel(later, tick=False):
        encourage(pairing, dora)
        message = Message.objects.get(recipient=ada)
        letter = letter_of(message)
        assert letter is not None
        assert "Dora, who leads Buddies, asked us to write to Ben and you." in letter.text
        sign(pairing)
        assert letter_of(message) is None


def test_the_words_are_shown_first_and_one_button_sends_them(
    cohort: Cohort, pairing: Pairing, dora: Person, later: datetime, as_: Callable[[Person], Client]
) -> None:
    url = f"/cohorts/{cohort.pk}/pairings/{pairing.pk}/encouragement/"
    with time_machine.travel(later, tick=False):
        client = as_(dora)
        assert url in client.get(f"/cohorts/{cohort.pk}/").content.decode()
        page = client.get(url).content.decode()
        assert "Your agreement still waits to be signed." in page
        assert not Message.objects.exists()
        answer = client.post(url, follow=True)
        assert "On its way to Ada and Ben." in answer.content.decode()
        assert Message.objects.count() == 2
        assert url not in client.get(f"/cohorts/{cohort.pk}/").content.decode()
        client.post(url)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("more", [0, 2])
def test_a_list_of_them_asks_the_same_for_one_and_for_three(
    cohort: Cohort,
    pairing: Pairing,
    dora: Person,
    later: datetime,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
    django_assert_num_queries: Any,
    more: int,
) -> None:
    for number in range(more):
        make_pairing(*(take_part(make_person(f"P{number}{side}"), cohort) for side in "ab"))
    with django_assert_num_queries(4):
        assert len(needs(in_need(cohort, dora, later), later)) == 1 + more
