from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from buddying.models import Participant, Person
from matching.models import Pairing
from sessions_log.booking import Refused
from sessions_log.logs import Log, log, usual_order
from sessions_log.models import CoachingSession, Commitment, PrivateNote, SessionLog, SharedNote, Turn

DAY = timedelta(days=1)


def turns(session: CoachingSession) -> list[tuple[int, str, str, int]]:
    return list(session.turns.values_list("number", "coachee__name", "coach__name", "minutes"))


def commitments(session: CoachingSession, author: Person) -> list[str]:
    return [one.text for one in session.commitments.filter(author=author)]


def test_a_log_records_everything(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    log(over, ada, Log("held", [ben, ada], "for me", "for us", ["write it", "", "  send it "]), at=now)
    over.refresh_from_db()
    assert (over.held_at, over.missed_at) == (now, None)
    assert turns(over) == [(1, "Ben", "Ada", 30), (2, "Ada", "Ben", 30)]
    assert [(one.author, one.text) for one in PrivateNote.objects.all()] == [(ada, "for me")]
    assert [(one.author, one.text) for one in SharedNote.objects.all()] == [(ada, "for us")]
    assert commitments(over, ada) == ["write it", "send it"]
    assert list(over.logs.values_list("person__name", "outcome")) == [("Ada", "held")]


def test_the_second_log_completes_the_first(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    log(over, ada, Log("held", [ada, ben], "hers", "from her", ["hers"]), at=now)
    log(over, ben, Log("held", None, "his", "from him", ["his"]), at=now + DAY)
    over.refresh_from_db()
    assert over.held_at == now
    assert turns(over) == [(1, "Ada", "Ben", 30), (2, "Ben", "Ada", 30)]
    assert {one.author: one.text for one in PrivateNote.objects.all()} == {ada: "hers", ben: "his"}
    assert {one.author: one.text for one in SharedNote.objects.all()} == {ada: "from her", ben: "from him"}
    assert (commitments(over, ada), commitments(over, ben)) == (["hers"], ["his"])


def test_the_same_log_twice_is_one_log(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    entry = Log("held", [ada, ben], "for me", "for us", ["one", "two", "three"])
    log(over, ada, entry, at=now)
    before = list(Turn.objects.values_list("pk")), list(Commitment.objects.values_list("pk", "made_at"))
    log(over, ada, entry, at=now + DAY)
    assert (list(Turn.objects.values_list("pk")), list(Commitment.objects.values_list("pk", "made_at"))) == before
    assert SessionLog.objects.get().logged_at == now


@pytest.mark.django_db(transaction=True)
def test_ten_logs_at_once_are_one(over: CoachingSession, ada: Person, ben: Person, hooks: list[Any]) -> None:
    calls: list[int] = []
    hooks.append(lambda session, at: calls.append(session.pk))

    def send(number: int) -> None:
        try:
            log(over, (ada, ben)[number % 2], Log("held", [ada, ben], "note", "note", ["one"]))
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(send, range(10)))
    assert calls == [over.pk]
    assert turns(over) == [(1, "Ada", "Ben", 30), (2, "Ben", "Ada", 30)]
    counts = (SessionLog.objects.count(), PrivateNote.objects.count(), SharedNote.objects.count())
    assert counts == (2, 2, 2)
    assert Commitment.objects.count() == 2


def test_either_member_mends_the_turns(over: CoachingSession, ada: Person, ben: Person) -> None:
    log(over, ada, Log("held", [ada, ben]))
    log(over, ben, Log("held", [ben]))
    assert turns(over) == [(1, "Ben", "Ada", 30)]


def test_held_stands_against_missed(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    log(over, ada, Log("missed"), at=now)
    over.refresh_from_db()
    assert (over.held_at, over.missed_at) == (None, now)
    log(over, ben, Log("held", [ben, ada]), at=now)
    log(over, ada, Log("missed"), at=now)
    over.refresh_from_db()
    assert (over.held_at, over.missed_at) == (now, None)
    assert len(turns(over)) == 2


def test_a_slip_can_be_taken_back(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    log(over, ada, Log("held", [ada, ben]), at=now)
    log(over, ada, Log("missed"), at=now)
    over.refresh_from_db()
    assert (over.held_at, over.missed_at) == (None, now)
    assert turns(over) == []


def test_higher_floors_hear_once_that_it_was_held(
    over: CoachingSession, ada: Person, ben: Person, now: datetime, hooks: list[Any]
) -> None:
    calls: list[Any] = []
    hooks.append(lambda session, at: calls.append((session, at, session.turns.count())))
    log(over, ada, Log("missed"), at=now)
    assert calls == []
    log(over, ada, Log("held", [ada, ben]), at=now)
    log(over, ben, Log("held"), at=now + DAY)
    assert calls == [(over, now, 2)]


def test_a_hook_that_fails_takes_the_log_with_it(
    over: CoachingSession, ada: Person, ben: Person, hooks: list[Any]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    hooks.append(fail)
    with pytest.raises(RuntimeError):
        log(over, ada, Log("held", [ada, ben], "note"))
    over.refresh_from_db()
    assert over.held_at is None
    assert not PrivateNote.objects.exists()


def test_notes_and_commitments_change_and_go(over: CoachingSession, ada: Person, ben: Person) -> None:
    log(over, ada, Log("held", [ada, ben], "old", "old", ["one", "two", "three"]))
    log(over, ada, Log("held", None, "new", "", ["one", "second"]))
    assert PrivateNote.objects.get().text == "new"
    assert not SharedNote.objects.exists()
    assert commitments(over, ada) == ["one", "second"]


def test_what_was_said_is_unreadable_in_the_database(over: CoachingSession, ada: Person) -> None:
    log(over, ada, Log("missed", None, "WORDS", "WORDS", ["WORDS"]))
    with connection.cursor() as cursor:
        for table in ("privatenote", "sharednote", "commitment"):
            cursor.execute(f"SELECT text FROM sessions_log_{table}")  # noqa: S608
            ((stored,),) = cursor.fetchall()
            assert b"WORDS" not in bytes(stored)


def test_earlier_commitments_are_ticked_by_their_author(
    pairing: Pairing,
    over: CoachingSession,
    ada: Person,
    ben: Person,
    now: datetime,
    make_session: Callable[..., CoachingSession],
) -> None:
    log(over, ada, Log("held", [ada, ben], commitments=["hers"]))
    log(over, ben, Log("held", None, commitments=["his"]))
    later = make_session(pairing, now - timedelta(hours=2))
    for _ in range(2):  # the second time the new one is among them: it is for the next session to tick
        everything = list(Commitment.objects.values_list("pk", flat=True))
        log(later, ada, Log("held", [ben, ada], commitments=["new"], done=everything), at=now)
    assert {one.text: one.done_at for one in Commitment.objects.all()} == {"hers": now, "his": None, "new": None}


def test_refused(
    over: CoachingSession, session: CoachingSession, ada: Person, cleo: Person, dora: Person, now: datetime
) -> None:
    for stranger in (cleo, dora):
        with pytest.raises(Refused, match="Only the members"):
            log(over, stranger, Log("held"))
    with pytest.raises(Refused, match="not begun"):
        log(session, ada, Log("held"))
    assert log(session, ada, Log("held"), at=session.starts_at)
    CoachingSession.objects.filter(pk=over.pk).update(cancelled_at=now)
    with pytest.raises(Refused, match="was cancelled"):
        log(over, ada, Log("held"))
    over.pairing.close()
    with pytest.raises(Refused, match="has ended"):
        log(over, ada, Log("held"))


def test_the_order_alternates(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, make_session: Callable[..., CoachingSession]
) -> None:
    people = [ada, ben]
    first, second, third, fourth = (make_session(pairing, now - days * DAY) for days in (9, 6, 3, 1))
    assert usual_order(first, people) == [ada, ben]
    log(first, ada, Log("held", [ada, ben]))
    assert usual_order(second, people) == [ben, ada]
    log(second, ada, Log("missed"))
    assert usual_order(third, people) == [ben, ada]
    log(third, ada, Log("held", [ben]))
    assert usual_order(fourth, people) == [ada, ben]


def test_a_trio_rotates(
    participants: dict[str, Participant],
    ada: Person,
    ben: Person,
    cleo: Person,
    now: datetime,
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
) -> None:
    trio = make_pairing(*participants.values())
    people = [ada, ben, cleo]
    first, second = (make_session(trio, now - days * DAY) for days in (6, 3))
    log(first, ada, Log("held", usual_order(first, people)))
    assert turns(first) == [(1, "Ada", "Ben", 20), (2, "Ben", "Cleo", 20), (3, "Cleo", "Ada", 20)]
    assert usual_order(second, people) == [ben, cleo, ada]
