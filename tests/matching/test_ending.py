"""Leaving, and asking for another buddy: never in two pairings, never silently in none, and never why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying import joining
from buddying.models import Participant
from matching import ending, placing, waiting
from matching.models import MatchRun, Pairing, PairingMember
from outbox.models import Message
from sessions_log.booking import book
from tests.matching.looking import at_once, groups, letter_to, nobody_is_lost, pairing_of, told, waits

pytestmark = pytest.mark.usefixtures("quiet_broker")


def test_somebody_leaves_a_pair(published: MatchRun, cohort: Any, four: Any) -> None:
    for _ in range(2):
        joining.leave(four["Ada"])
    assert groups(cohort) == [["Cleo", "Fay"]]
    assert waits(cohort) == {"Ben": "buddy-left"}
    assert (told("cohort_left"), told("buddy_left"), told("pairing_ended")) == (["Ada"], ["Ben"], [])
    written = letter_to(four["Ben"].person, "buddy_left")
    assert written.subject == "Ada has left Spring"
    assert "We are looking for another buddy for you" in written.text
    assert letter_to(four["Ada"].person, "cohort_left").subject == "You have left Spring"
    assert nobody_is_lost(cohort)


def test_a_trio_goes_on_as_a_pair(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    pairing = placing.add(late("Gus"), pairing_of(four["Ada"]), dora)
    joining.leave(four["Ada"])
    assert groups(cohort) == [["Ben", "Gus"], ["Cleo", "Fay"]]
    assert waits(cohort) == {}
    assert told("buddy_left") == ["Ben", "Gus"]
    assert "You and Gus go on as a pair" in letter_to(four["Ben"].person, "buddy_left").text
    assert not Pairing.objects.visible_to(four["Ada"].person).filter(pk=pairing.pk).exists()
    assert nobody_is_lost(cohort)


def test_who_waits_and_leaves_waits_no_longer(late: Any, cohort: Any) -> None:
    joining.leave(late("Gus"))
    assert waits(cohort) == {}
    assert told("cohort_left") == ["Gus"]
    assert nobody_is_lost(cohort)


def test_who_comes_back_waits(published: MatchRun, cohort: Any, four: Any) -> None:
    joining.leave(four["Ada"])
    joining._join(cohort, four["Ada"].person, None)
    assert waits(cohort) == {"Ada": "late", "Ben": "buddy-left"}
    assert nobody_is_lost(cohort)


@pytest.mark.parametrize("name", ["Ada", "Ben"])
def test_nobody_learns_who_asked_for_another_buddy(published: MatchRun, cohort: Any, four: Any, name: str) -> None:
    pairing = pairing_of(four[name])
    for _ in range(2):
        ending.rematch(pairing, four[name].person)
    pairing.refresh_from_db()
    assert pairing.closed_at
    assert pairing.closed_by is None
    assert waits(cohort) == {"Ada": "ended", "Ben": "ended"}
    assert told("pairing_ended") == ["Ada", "Ben"]
    texts = {person: letter_to(four[person].person, "pairing_ended").text for person in ("Ada", "Ben")}
    assert texts["Ada"].replace("Ada", "X").replace("Ben", "X") == texts["Ben"].replace("Ada", "X").replace("Ben", "X")
    assert set(Message.objects.filter(kind="pairing_ended").values_list("params__seat", flat=True)) == set(
        PairingMember.objects.filter(pairing=pairing).values_list("pk", flat=True)
    )
    assert nobody_is_lost(cohort)


def test_a_lead_who_ends_a_pairing_is_noted(published: MatchRun, dora: Any, four: Any) -> None:
    pairing = pairing_of(four["Ada"])
    ending.rematch(pairing, dora)
    assert pairing.closed_by == dora


def test_a_trio_ends_for_all_three(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    pairing = placing.add(late("Gus"), pairing_of(four["Ada"]), dora)
    ending.rematch(pairing, four["Ben"].person)
    assert waits(cohort) == {"Ada": "ended", "Ben": "ended", "Gus": "ended"}
    assert nobody_is_lost(cohort)


def test_a_letter_that_is_not_true_any_more_is_not_sent(published: MatchRun, cohort: Any, four: Any) -> None:
    ending.rematch(pairing_of(four["Ada"]), four["Ada"].person)
    joining.leave(four["Ben"])
    assert letter_to(four["Ben"].person, "pairing_ended") is None
    joining._join(cohort, four["Ben"].person, None)
    assert letter_to(four["Ben"].person, "cohort_left") is None


@pytest.mark.django_db(transaction=True)
def test_both_leave_at_once(published: MatchRun, cohort: Any, four: Any) -> None:
    assert at_once([lambda: joining.leave(four["Ada"]), lambda: joining.leave(four["Ben"])]) == [None, None]
    assert groups(cohort) == [["Cleo", "Fay"]]
    assert waits(cohort) == {}
    assert nobody_is_lost(cohort)


@pytest.mark.django_db(transaction=True)
def test_both_ask_while_one_leaves_and_a_lead_repairs(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    at_once(
        [
            lambda: ending.rematch(Pairing.objects.get(pk=pairing.pk), four["Ada"].person),
            lambda: ending.rematch(Pairing.objects.get(pk=pairing.pk), four["Ben"].person),
            lambda: placing.repair(pairing, [[four["Ben"], gus]], dora),
            lambda: joining.leave(four["Ada"]),
        ]
    )
    assert nobody_is_lost(cohort)
    assert "Ada" not in waits(cohort)


@pytest.mark.django_db(transaction=True)
def test_somebody_leaves_while_their_pair_books(
    published: MatchRun, cohort: Any, four: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is first: no session of a pairing that has ended stands, and nobody is kept busy by it."""
    monkeypatch.setattr("sessions_log.booking.booking_conditions", [])
    pairing, at = pairing_of(four["Ada"]), timezone.now() + timedelta(days=2)
    at_once(
        [
            lambda: book(pairing, at, 60, "", by=four["Ben"].person),
            lambda: joining.leave(four["Ada"]),
        ]
    )
    assert not pairing.sessions.standing().exists()
    assert not four["Ben"].person.session_seats.filter(released_at=None).exists()
    assert nobody_is_lost(cohort)


@pytest.mark.django_db(transaction=True)
def test_a_third_joins_while_one_of_the_pair_leaves(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    at_once([lambda: placing.add(gus, pairing, dora), lambda: joining.leave(four["Ada"])])
    assert groups(cohort) in ([["Ben", "Gus"], ["Cleo", "Fay"]], [["Cleo", "Fay"]])
    assert nobody_is_lost(cohort)


def test_after_the_end_of_the_cohort_nobody_waits(published: MatchRun, cohort: Any, four: Any) -> None:
    cohort.ends_on = timezone.now().date() - timedelta(days=2)
    cohort.save()
    joining.leave(Participant.objects.get(pk=four["Ada"].pk))
    waiting.put_back_what_is_missing()
    assert waits(cohort) == {}
    assert "looking for another buddy" not in letter_to(four["Ben"].person, "buddy_left").text


def test_a_lead_has_waiting_people_as_the_next_step(published: MatchRun, as_: Any, dora: Any, four: Any) -> None:
    assert "See how Spring is getting on" in as_(dora).get("/").content.decode()
    joining.leave(four["Ada"])
    assert "1 person waits for a buddy in Spring" in as_(dora).get("/").content.decode()
