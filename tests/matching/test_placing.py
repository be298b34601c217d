"""Pairing by hand after publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from buddying import joining
from buddying.models import Participant, Refusal
from matching import ending, engine, pausing, placing, waiting
from matching.models import MatchRun, Pairing, Waiting
from matching.placing import NotPossible
from matching.publishing import CannotPublish, publish
from matching.running import request_run
from matching.snapshot import problem_of
from reflection import agreeing
from tests.matching.looking import at_once, groups, letter_to, nobody_is_lost, pairing_of, told, waits

pytestmark = pytest.mark.usefixtures("quiet_broker")

NOT_POSSIBLE = "This pairing is not possible. Please choose somebody else."


def test_two_who_came_late_are_paired(late: Any, cohort: Any, dora: Any) -> None:
    gus, hal = late("Gus"), late("Hal")
    assert waits(cohort) == {"Gus": "late", "Hal": "late"}
    pairing = placing.pair([gus, hal], dora)
    assert groups(cohort) == [["Ada", "Ben"], ["Cleo", "Fay"], ["Gus", "Hal"]]
    assert waits(cohort) == {}
    assert pairing.why == ["You each have a similar amount of time to give."]
    assert letter_to(gus.person, "pairing_published").subject == "You are paired with Hal"
    assert agreeing.latest(pairing) is not None
    assert nobody_is_lost(cohort)


def test_a_second_press_finds_the_same_pairing(late: Any, cohort: Any, dora: Any) -> None:
    both = [late("Gus"), late("Hal")]
    assert placing.pair(both, dora) == placing.pair(both[::-1], dora)
    assert told("pairing_published").count("Gus") == 1


def test_a_late_joiner_makes_a_trio(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    for _ in range(2):
        placing.add(gus, pairing, dora)
    assert groups(cohort) == [["Ada", "Ben", "Gus"], ["Cleo", "Fay"]]
    assert told("buddy_joined") == ["Ada", "Ben"]
    assert letter_to(four["Ada"].person, "buddy_joined").subject == "Gus joins you and Ben"
    assert letter_to(gus.person, "pairing_published").subject == "You are paired with Ada and Ben"
    assert nobody_is_lost(cohort)


def test_a_trio_has_room_for_nobody_else(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    pairing = pairing_of(four["Ada"])
    placing.add(late("Gus"), pairing, dora)
    with pytest.raises(NotPossible, match="three in this pairing already"):
        placing.add(late("Hal"), pairing, dora)
    assert waits(cohort) == {"Hal": "late"}


def test_everybody_signs_again_when_somebody_joins(late: Any, dora: Any, four: Any) -> None:
    pairing, gus = pairing_of(four["Ada"]), late("Gus")
    first = agreeing.latest(pairing)
    for person in (four["Ada"].person, four["Ben"].person):
        agreeing.sign(pairing, first, person, first.written_at)
    assert agreeing.in_force(pairing)
    placing.add(gus, pairing, dora)
    second = agreeing.latest(pairing)
    assert (second.version, "We, Ada, Ben and Gus, support" in second.text) == (2, True)
    assert agreeing.in_force(pairing) is None
    for person in pairing.people():
        assert agreeing.in_force(pairing) is None
        agreeing.sign(pairing, second, person, second.written_at)
    assert agreeing.in_force(pairing) == second


def test_words_of_their_own_are_not_handed_to_somebody_who_joins(late: Any, dora: Any, four: Any) -> None:
    pairing, gus = pairing_of(four["Ada"]), late("Gus")
    agreeing.rewrite(pairing, "We walk.", by=four["Ada"].person)
    placing.add(gus, pairing, dora)
    newest = agreeing.latest(pairing)
    assert newest is not None
    assert "We, Ada, Ben and Gus, support" in newest.text
    assert "We walk." not in newest.text


def test_a_newcomer_is_told_that_what_was_shared_stays_with_the_two(late: Any, dora: Any, four: Any) -> None:
    placing.add(late("Gus"), pairing_of(four["Ada"]), dora)
    assert "Gus sees nothing of it" in letter_to(four["Ada"].person, "buddy_joined").text
    joining.leave(four["Ben"])
    assert letter_to(four["Ada"].person, "buddy_joined").subject == "Gus joins you"


@pytest.mark.parametrize("refuser", ["newcomer", "sitting"])
@pytest.mark.parametrize("name", ["Ada", "Ben"])
def test_a_refusal_in_either_direction_is_not_possible(
    late: Any, dora: Any, four: Any, refuser: str, name: str, cohort: Any
) -> None:
    gus = late("Gus")
    pair = (gus, four[name]) if refuser == "newcomer" else (four[name], gus)
    Refusal.objects.create(refuser=pair[0], refused=pair[1])
    with pytest.raises(NotPossible) as answer:
        placing.add(gus, pairing_of(four["Ada"]), dora)
    assert str(answer.value) == NOT_POSSIBLE
    assert waits(cohort) == {"Gus": "late"}


@pytest.mark.parametrize("name", ["Ada", "Ben"])
def test_one_s_own_manager_is_not_possible_in_the_same_words(late: Any, dora: Any, four: Any, name: str) -> None:
    gus = late("Gus")
    gus.person.reports.add(four[name].person)
    with pytest.raises(NotPossible) as answer:
        placing.add(gus, pairing_of(four["Ada"]), dora)
    assert str(answer.value) == NOT_POSSIBLE


def test_nobody_arranges_their_own_pairing(late: Any, cohort: Any, dora: Any, take_part: Any) -> None:
    gus, own = late("Gus"), take_part(dora, cohort)
    with pytest.raises(NotPossible, match="nobody arranges their own pairing"):
        placing.pair([gus, own], dora)


def test_who_has_a_buddy_or_left_or_pauses_is_not_paired(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, hal, ida = late("Gus"), late("Hal"), late("Ida")
    pausing.pause(hal, cohort.ends_on)
    joining.leave(ida)
    for other in (hal, ida, four["Ada"]):
        with pytest.raises(NotPossible, match=f"^{other} left, has a buddy by now, or is pausing"):
            placing.pair([gus, other], dora)


def test_an_ended_pairing_and_a_new_one_in_one_step(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    placing.repair(pairing, [[four["Ada"], gus]], dora)
    assert groups(cohort) == [["Ada", "Gus"], ["Cleo", "Fay"]]
    assert waits(cohort) == {"Ben": "ended"}
    assert (told("new_buddy"), told("pairing_ended")) == (["Ada"], ["Ben"])
    assert letter_to(four["Ada"].person, "new_buddy").subject == "You have a new buddy: Gus"
    assert "Your pairing with Ben" in letter_to(four["Ada"].person, "new_buddy").text
    assert nobody_is_lost(cohort)


def test_a_repair_that_is_not_possible_changes_nothing(late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    Refusal.objects.create(refuser=gus, refused=four["Ada"])
    with pytest.raises(NotPossible):
        placing.repair(pairing, [[four["Ada"], gus]], dora)
    assert groups(cohort) == [["Ada", "Ben"], ["Cleo", "Fay"]]
    assert waits(cohort) == {"Gus": "late"}
    assert told("pairing_ended") == []


def test_who_was_paired_is_not_paired_again_by_hand_or_by_a_run(
    published: MatchRun, cohort: Any, dora: Any, four: Any, make_draft: Any
) -> None:
    ending.rematch(pairing_of(four["Ada"]), dora)
    with pytest.raises(NotPossible, match="have been buddies in this cohort before"):
        placing.pair([four["Ada"], four["Ben"]], dora)
    ending.rematch(pairing_of(four["Cleo"]), dora)
    run = make_draft(cohort)
    assert run.round == 2
    publish(run, dora)
    assert len(groups(cohort)) == 2
    assert not {("Ada", "Ben"), ("Cleo", "Fay")} & set(map(tuple, groups(cohort)))
    assert nobody_is_lost(cohort)


def test_a_second_round_is_for_those_who_wait(late: Any, cohort: Any, dora: Any, make_draft: Any) -> None:
    late("Gus"), late("Hal")
    drafts = [make_draft(cohort), make_draft(cohort)]
    publish(drafts[0], dora)
    assert groups(cohort) == [["Ada", "Ben"], ["Cleo", "Fay"], ["Gus", "Hal"]]
    with pytest.raises(CannotPublish, match="already published another draft"):
        publish(drafts[1], dora)
    assert nobody_is_lost(cohort)


def test_wishes_are_shown_to_leads_in_no_later_round(published: MatchRun, late: Any, make_draft: Any) -> None:
    late("Gus"), late("Hal")
    assert make_draft(published.cohort).shows_wishes is False


def test_whoever_waited_comes_first(published: MatchRun, late: Any, cohort: Any, dora: Any, four: Any) -> None:
    ending.rematch(pairing_of(four["Ada"]), dora)
    late("Gus")
    people = problem_of(cohort, engine.Policy()).people
    assert {person.name: person.waiting_priority for person in people} == {"Ada": True, "Ben": True, "Gus": False}


def test_who_waited_to_the_end_of_a_cohort_comes_first_in_the_next(
    published: MatchRun, late: Any, cohort: Any, make_cohort: Any, take_part: Any, four: Any
) -> None:
    gus = late("Gus")
    following = make_cohort("Next", days_since_start=-90)
    take_part(gus.person, following), take_part(four["Ada"].person, following)
    people = problem_of(following, engine.Policy()).people
    assert {person.name: person.waiting_priority for person in people} == {"Ada": False, "Gus": True}


@pytest.mark.django_db(transaction=True)
def test_two_leads_place_the_same_person_at_once(late: Any, cohort: Any, dora: Any, olga: Any, four: Any) -> None:
    gus, hal, pairing = late("Gus"), late("Hal"), pairing_of(four["Ada"])
    answers = at_once(
        [
            lambda: placing.pair([gus, hal], dora),
            lambda: placing.add(gus, pairing, olga),
            lambda: placing.add(gus, pairing_of(four["Cleo"]), olga),
        ]
    )
    assert sum(isinstance(answer, Pairing) for answer in answers) == 1
    assert sum(isinstance(answer, NotPossible) for answer in answers) == 2
    assert nobody_is_lost(cohort)


@pytest.mark.django_db(transaction=True)
def test_a_round_is_published_while_somebody_is_placed(late: Any, cohort: Any, dora: Any, make_draft: Any) -> None:
    gus, hal = late("Gus"), late("Hal")
    draft = make_draft(cohort)
    ida = late("Ida")
    answers = at_once([lambda: publish(draft, dora), lambda: placing.pair([gus, ida], dora)])
    assert sum(isinstance(answer, CannotPublish | NotPossible) for answer in answers) == 1
    assert nobody_is_lost(cohort)
    assert (str(hal) in waits(cohort)) != (str(ida) in waits(cohort))


@pytest.mark.django_db(transaction=True)
def test_somebody_joins_while_pairs_are_published(draft: MatchRun, cohort: Any, dora: Any, eve: Any) -> None:
    listed = Participant.objects.create(cohort=cohort, person=eve)
    assert at_once([lambda: publish(draft, dora), lambda: joining.join_as_listed(listed)]) == [None, listed]
    assert waits(cohort) == {"Eve": "late"}
    assert nobody_is_lost(cohort)


def test_the_reconciler_finds_whoever_no_verb_saw(
    published: MatchRun, cohort: Any, four: Any, take_part: Any, eve: Any
) -> None:
    take_part(eve, cohort)
    Waiting.objects.create(participant=four["Ada"], reason=Waiting.LATE)
    assert not nobody_is_lost(cohort)
    waiting.put_back_what_is_missing()
    assert waits(cohort) == {"Eve": "late"}
    assert nobody_is_lost(cohort)


def test_only_one_run_a_round_is_published_even_without_verbs(published: MatchRun, cohort: Any, dora: Any) -> None:
    with pytest.raises(IntegrityError, match="one_published_run_a_round"):
        MatchRun.objects.create(cohort=cohort, finished_at=published.finished_at, published_at=published.published_at)


def test_nobody_waits_twice_even_without_verbs(late: Any) -> None:
    with pytest.raises(IntegrityError, match="one_open_wait_a_participant"):
        Waiting.objects.create(participant=late("Gus"), reason=Waiting.LATE)


def test_a_draft_of_two_who_were_a_pair_since_is_not_published(
    late: Any, cohort: Any, dora: Any, make_draft: Any
) -> None:
    gus, hal = late("Gus"), late("Hal")
    draft = make_draft(cohort)
    ending.rematch(placing.pair([gus, hal], dora), gus.person)
    with pytest.raises(CannotPublish, match="1 pairing of this draft is not possible any more"):
        publish(draft, dora)


def test_before_publishing_pairs_are_made_in_drafts(four: Any, dora: Any) -> None:
    with pytest.raises(NotPossible, match="not published yet"):
        placing.pair([four["Ada"], four["Ben"]], dora)


def test_rounds_are_counted(published: MatchRun, late: Any, cohort: Any, dora: Any) -> None:
    late("Gus"), late("Hal")
    assert request_run(cohort, dora).round == 2
