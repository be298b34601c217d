from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from buddying.models import Participant, Person
from buddying.session_guide import usual
from matching.models import Pairing
from sessions_log import meeting
from sessions_log.booking import Refused
from sessions_log.logs import Log, log
from sessions_log.models import (
    CoachingSession,
    Commitment,
    Meeting,
    PrivateNote,
    RunningTurn,
    SharedNote,
    Usefulness,
)

As = Callable[[Person | None], Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(pairing: Pairing, now: datetime, make_session: Callable[..., CoachingSession]) -> CoachingSession:
    """Ada and Ben, an hour, begun five minutes ago."""
    return make_session(pairing, now - 5 * MINUTE)


@pytest.fixture
def trio(
    participants: dict[str, Participant],
    now: datetime,
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
) -> CoachingSession:
    return make_session(make_pairing(*participants.values()), now - 5 * MINUTE)


def url(name: str, *args: object) -> str:
    return reverse(f"sessions_log:{name}", args=args)


def turns(session: CoachingSession) -> list[tuple[int, str]]:
    return list(RunningTurn.objects.filter(meeting__session=session).values_list("number", "coachee__name"))


def order(session: CoachingSession) -> list[str]:
    return [turn.coachee.name for turn in meeting.stand(session, usual()).turns]


def test_turns_begin_in_order_and_once(running: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    meeting.begin(running, 2, ada, now)
    assert turns(running) == []
    meeting.begin(running, 1, ada, now)
    meeting.begin(running, 1, ben, now + MINUTE)
    assert turns(running) == [(1, "Ada")]
    assert RunningTurn.objects.get().started_at == now
    meeting.begin(running, 2, ben, now + 30 * MINUTE)
    meeting.begin(running, 3, ben, now + 40 * MINUTE)
    assert turns(running) == [(1, "Ada"), (2, "Ben")]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_begin_one_turn(running: CoachingSession, ada: Person, ben: Person) -> None:
    def press(who: Person) -> None:
        try:
            meeting.begin(CoachingSession.objects.get(pk=running.pk), 1, who)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, [ada, ben, ada, ben]))
    assert turns(running) == [(1, "Ada")]


def test_a_turn_begun_too_early_is_taken_back(running: CoachingSession, ada: Person, now: datetime) -> None:
    meeting.begin(running, 1, ada, now)
    meeting.begin(running, 2, ada, now)
    meeting.take_back(running, 1, ada)
    assert turns(running) == [(1, "Ada"), (2, "Ben")]
    meeting.take_back(running, 2, ada)
    meeting.take_back(running, 2, ada)
    assert turns(running) == [(1, "Ada")]


def test_the_end_ends_once_and_can_be_taken_back(running: CoachingSession, ada: Person, now: datetime) -> None:
    meeting.end(running, ada, now)
    assert Meeting.objects.get().ended_at is None
    meeting.begin(running, 1, ada, now)
    meeting.end(running, ada, now + MINUTE)
    meeting.end(running, ada, now + 2 * MINUTE)
    assert Meeting.objects.get().ended_at == now + MINUTE
    meeting.begin(running, 2, ada, now + 3 * MINUTE)
    meeting.take_back(running, 1, ada)
    assert turns(running) == [(1, "Ada")]
    meeting.go_on(running, ada)
    meeting.begin(running, 2, ada, now + 3 * MINUTE)
    assert turns(running) == [(1, "Ada"), (2, "Ben")]


def test_who_is_first_can_be_chosen_until_it_begins(
    running: CoachingSession, ada: Person, ben: Person, eve: Person, now: datetime
) -> None:
    assert order(running) == ["Ada", "Ben"]
    meeting.begin_with(running, eve, ada)
    assert order(running) == ["Ada", "Ben"]
    meeting.begin_with(running, ben, ada)
    meeting.begin_with(running, ben, ben)
    assert order(running) == ["Ben", "Ada"]
    meeting.begin(running, 1, ada, now)
    meeting.begin_with(running, ada, ada)
    assert order(running) == ["Ben", "Ada"]
    assert turns(running) == [(1, "Ben")]


def test_a_trio_has_three_turns(
    trio: CoachingSession, ada: Person, ben: Person, cleo: Person, as_: As, now: datetime
) -> None:
    meeting.begin_with(trio, cleo, ada)
    assert order(trio) == ["Cleo", "Ada", "Ben"]
    for number in (1, 2, 3, 4):
        meeting.begin(trio, number, ben, now + number * 20 * MINUTE)
    assert turns(trio) == [(1, "Cleo"), (2, "Ada"), (3, "Ben")]
    stand = meeting.stand(trio, usual())
    assert [(one.coachee, one.coach, one.others, one.minutes) for one in stand.turns] == [
        (cleo, ada, [ben], 20),
        (ada, ben, [cleo], 20),
        (ben, cleo, [ada], 20),
    ]
    assert stand.following is None
    page = as_(ada).get(url("meet", trio.pk)).content.decode()
    assert "Turn 3 of 3" in page
    assert "You listen along" in page


def test_phases_follow_each_other_through_the_turn(running: CoachingSession, ada: Person, now: datetime) -> None:
    meeting.begin(running, 1, ada, now)
    turn = meeting.stand(running, usual()).current
    assert turn is not None
    assert [(one.phase.name, (one.ends_at - now) / MINUTE) for one in turn.phases] == [
        ("Orientation", 5),
        ("Shared scrutiny", 20),
        ("Moving forward", 30),
    ]
    assert turn.phases[-1].ends_at == turn.ends_at
    later = now + 5 * MINUTE
    assert [one.phase.name for one in turn.phases if one.starts_at <= later < one.ends_at] == ["Shared scrutiny"]


def test_it_begins_at_most_half_an_hour_early_and_is_then_logged(
    session: CoachingSession, ada: Person, ben: Person
) -> None:
    with pytest.raises(Refused, match="half an hour before"):
        meeting.begin(session, 1, ada, session.starts_at - 31 * MINUTE)
    meeting.begin(session, 1, ada, session.starts_at - 20 * MINUTE)
    log(session, ada, Log("held"), at=session.starts_at - MINUTE)
    session.refresh_from_db()
    assert session.held_at
    with pytest.raises(Refused, match="is over"):
        meeting.begin(session, 2, ada, session.ends_at + meeting.AFTER)


def test_no_clock_for_what_is_cancelled_ended_or_anothers(running: CoachingSession, ada: Person, eve: Person) -> None:
    with pytest.raises(Refused, match="Only the members"):
        meeting.begin(running, 1, eve)
    running.pairing.close()
    with pytest.raises(Refused, match="has ended"):
        meeting.begin(running, 1, ada)
    with pytest.raises(Refused, match="has ended"):
        meeting.keep_notes(running, ada, "a", "b")
    assert not RunningTurn.objects.exists()


def test_what_ran_becomes_the_turns_of_the_log(running: CoachingSession, ada: Person, ben: Person, as_: As) -> None:
    meeting.begin_with(running, ben, ada)
    with time_machine.travel(running.starts_at, tick=False) as clock:
        meeting.begin(running, 1, ada)
        clock.shift(26 * MINUTE)
        meeting.begin(running, 2, ada)
        clock.shift(31 * MINUTE)
        page = as_(ada).get(url("meet", running.pk))
        sent = {"outcome": "held", "turn_1": ben.pk, "turn_2": ada.pk, "commitment_1": "Ask Mira", "useful": "4"}
        assert [bound.initial for bound in page.context["form"].turns()] == [ben.pk, ada.pk]
        for _ in range(2):
            as_(ada).post(url("meet", running.pk), sent)
    assert list(running.turns.values_list("coachee__name", "coach__name", "minutes")) == [
        ("Ben", "Ada", 26),
        ("Ada", "Ben", 31),
    ]
    assert [one.text for one in Commitment.objects.all()] == ["Ask Mira"]
    assert Meeting.objects.get().ended_at is not None
    assert list(Usefulness.objects.values_list("person__name", "value")) == [("Ada", 4)]


def test_a_turn_that_did_not_run_is_not_logged(running: CoachingSession, ada: Person, as_: As, now: datetime) -> None:
    meeting.begin(running, 1, ada, now)
    form = as_(ada).get(url("meet", running.pk)).context["form"]
    assert [bound.initial for bound in form.turns()] == [ada.pk, ""]


def test_a_page_opened_in_the_first_turn_logs_the_second_too(
    running: CoachingSession, ada: Person, as_: As, now: datetime
) -> None:
    meeting.begin(running, 1, ada, now)
    form = as_(ada).get(url("meet", running.pk)).context["form"]
    shown = {bound.name: bound.value() or "" for bound in form.turns()}
    shown |= {bound.html_initial_name: bound.value() or "" for bound in form.turns()}
    meeting.begin(running, 2, ada, now + 30 * MINUTE)
    as_(ada).post(url("meet", running.pk), shown | {"outcome": "held"})
    assert list(running.turns.values_list("coachee__name", flat=True)) == ["Ada", "Ben"]


def test_a_clock_that_was_forgotten_counts_as_planned(running: CoachingSession, ada: Person, now: datetime) -> None:
    meeting.begin(running, 1, ada, now)
    meeting.end(running, ada, now + timedelta(hours=6))
    assert Meeting.objects.get().ran() == [(ada.pk, 30)]


def test_each_closes_for_themselves(running: CoachingSession, ada: Person, ben: Person, as_: As) -> None:
    sent = {"outcome": "held", "turn_1": ada.pk, "turn_2": ben.pk}
    as_(ada).post(url("meet", running.pk), sent | {"private_note": "hers", "commitment_1": "a", "useful": "2"})
    as_(ben).post(url("meet", running.pk), sent | {"private_note": "his", "commitment_1": "b", "useful": "5"})
    running.refresh_from_db()
    assert running.logs.count() == 2
    assert {one.author: one.text for one in PrivateNote.objects.all()} == {ada: "hers", ben: "his"}
    assert {one.author: one.text for one in Commitment.objects.all()} == {ada: "a", ben: "b"}


def test_how_useful_is_said_once_and_only_of_what_was_held(over: CoachingSession, ada: Person, ben: Person) -> None:
    log(over, ben, Log("missed", useful=1))
    log(over, ada, Log("held", useful=4))
    log(over, ada, Log("held", useful=1))
    assert list(Usefulness.objects.values_list("person__name", "value")) == [("Ada", 4)]
    assert list(Usefulness.objects.visible_to(ada)) == [Usefulness.objects.get()]
    assert not Usefulness.objects.visible_to(ben).exists()


# -- the page -----------------------------------------------------------------------------------------


def test_the_pair_alone_sees_the_page(
    running: CoachingSession, as_: As, ada: Person, ben: Person, dora: Person, eve: Person, olga: Person
) -> None:
    for name in ("meet", "pads", "their_pads"):
        statuses = [as_(who).get(url(name, running.pk)).status_code for who in (dora, eve, olga)]
        assert statuses == [404, 404, 404]
    assert [as_(who).get(url("meet", running.pk)).status_code for who in (ada, ben)] == [200, 200]


def test_a_device_that_asks_again_gets_an_answer_only_when_something_has_changed(
    running: CoachingSession, as_: As, ada: Person
) -> None:
    browser, page = as_(ada), url("meet", running.pk)
    seen = browser.get(page).context["version"]
    asked = {"query_params": {"seen": seen}, "headers": {"HX-Request": "true"}}
    quiet = browser.get(page, **asked)
    assert quiet.status_code == 204
    assert float(quiet["Server-Now"]) > 0
    meeting.begin(running, 1, ada)
    answer = browser.get(page, **asked).content.decode()
    assert ("<html" in answer, answer.count('id="meeting"')) == (False, 1)
    assert f'data-clock-until="{RunningTurn.objects.get().ends_at.timestamp():.3f}"' in answer


def test_without_a_script_the_page_says_the_times_and_takes_the_presses(
    running: CoachingSession, as_: As, ada: Person
) -> None:
    browser = as_(ada)
    assert browser.post(url("beginning", running.pk, 1))["Location"] == url("meet", running.pk)
    page = browser.get(url("meet", running.pk)).content.decode()
    turn = meeting.stand(running, usual()).current
    assert turn is not None
    for phase in turn.phases:
        assert f"until {phase.ends_at.astimezone(ada.zone):%H:%M}" in page
    assert "Look again" in page
    browser.post(url("pads", running.pk), {"private_note": "mine", "shared_note": "ours"})
    assert (PrivateNote.objects.get().text, SharedNote.objects.get().text) == ("mine", "ours")


def test_private_words_are_on_nobody_elses_page(running: CoachingSession, as_: As, ada: Person, ben: Person) -> None:
    as_(ada).post(url("pads", running.pk), {"private_note": "only-hers", "shared_note": "for-both"})
    mine = as_(ada).get(url("meet", running.pk)).content.decode()
    theirs = as_(ben).get(url("meet", running.pk)).content.decode()
    assert ("only-hers" in mine, "for-both" in mine) == (True, True)
    assert ("only-hers" in theirs, "for-both" in theirs) == (False, True)
    for name in ("their_pads", "session", "log"):
        assert "only-hers" not in as_(ben).get(url(name, running.pk)).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sessions_log_privatenote")
        assert b"hers" not in bytes(cursor.fetchone()[0])


def test_the_others_pad_is_sent_only_when_it_has_changed(
    running: CoachingSession, as_: As, ada: Person, ben: Person
) -> None:
    page, browser = url("their_pads", running.pk), as_(ben)
    read = browser.get(page).context["read"]
    assert browser.get(page, {"read": read}).status_code == 204
    meeting.keep_notes(running, ada, "", "We begin with Mira.")
    assert "We begin with Mira." in browser.get(page, {"read": read}).content.decode()
    meeting.keep_notes(running, ben, "", "Mine does not change his view.")
    again = browser.get(page).context["read"]
    assert browser.get(page, {"read": again}).status_code == 204


def test_what_ada_wrote_is_not_saved_for_ben(running: CoachingSession, as_: As, ada: Person, ben: Person) -> None:
    """Ben has logged in at the same browser, in another tab."""
    sent = {"writer": ada.pk, "private_note": "only-hers", "outcome": "held", "commitment_1": "hers"}
    answer = as_(ben).post(url("pads", running.pk), sent, headers={"HX-Request": "true"})
    assert "Somebody else is logged in" in answer.content.decode()
    assert as_(ben).post(url("meet", running.pk), sent).status_code == 422
    assert as_(ben).post(url("log", running.pk), sent).status_code == 422
    assert not PrivateNote.objects.exists()
    assert not Commitment.objects.exists()


def test_an_older_page_does_not_replace_what_was_written_since(
    running: CoachingSession, as_: As, ada: Person, ben: Person
) -> None:
    phone, laptop = as_(ada), as_(ada)
    seen = laptop.get(url("meet", running.pk)).context["form"].seen()
    phone.post(url("pads", running.pk), {"private_note": "from the phone"})
    sent = {"notes_seen": seen, "private_note": "older", "writer": ada.pk}
    answer = laptop.post(url("pads", running.pk), sent, headers={"HX-Request": "true"}).content.decode()
    assert "load the page anew" in answer
    assert f'value="{seen}"' in answer
    assert PrivateNote.objects.get().text == "from the phone"
    closing = sent | {"outcome": "held", "turn_1": ada.pk, "turn_2": ben.pk}
    refused = laptop.post(url("meet", running.pk), closing)
    assert refused.status_code == 422
    assert "older" in refused.content.decode()
    again = refused.context["form"]["notes_seen"].value()
    assert laptop.post(url("meet", running.pk), closing | {"notes_seen": again}).status_code == 302
    assert PrivateNote.objects.get().text == "older"


def test_a_script_whose_login_has_expired_is_told_so(running: CoachingSession, as_: As) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    assert as_(None).get(url("meet", running.pk), **asked).status_code == 401
    assert as_(None).post(url("pads", running.pk), **asked).status_code == 401
    assert as_(None).get(url("meet", running.pk)).status_code == 302


def test_a_word_that_it_was_missed_keeps_the_pad(over: CoachingSession, as_: As, ada: Person) -> None:
    meeting.keep_notes(over, ada, "what I prepared", "")
    as_(ada).post(url("not_held", over.pk))
    assert PrivateNote.objects.get().text == "what I prepared"
