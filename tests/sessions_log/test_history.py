from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddying.models import Person
from matching.models import Pairing
from sessions_log import history
from sessions_log.booking import book, cancel
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession

DAY = timedelta(days=1)


@pytest.fixture
def logged(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, make_session: Callable[..., CoachingSession]
) -> Callable[[int], CoachingSession]:
    def make(days_ago: int) -> CoachingSession:
        session = make_session(pairing, now - days_ago * DAY)
        for person in (ada, ben):
            words = f"{person.name} {days_ago}"
            log(session, person, Log("held", [ada, ben], f"private {words}", f"shared {words}", [f"will {words}"]))
        return session

    return make


def words(entry: history.Entry) -> dict[str, Any]:
    return {
        "turns": [(turn.coachee.name, turn.coach.name) for turn in entry.turns],
        "logs": sorted(one.person.name for one in entry.logs),
        "shared": sorted(one.text for one in entry.shared_notes),
        "private": entry.private_note and entry.private_note.text,
        "commitments": sorted(one.text for one in entry.commitments),
    }


def test_a_member_reads_the_pairs_words_and_their_own(
    logged: Callable[[int], CoachingSession], pairing: Pairing, ada: Person, ben: Person
) -> None:
    older, newer = logged(9), logged(2)
    mine = history.history(pairing, ada)
    assert [entry.session for entry in mine] == [newer, older]
    both = {
        "turns": [("Ada", "Ben"), ("Ben", "Ada")],
        "logs": ["Ada", "Ben"],
        "shared": ["shared Ada 2", "shared Ben 2"],
        "commitments": ["will Ada 2", "will Ben 2"],
    }
    assert words(mine[0]) == both | {"private": "private Ada 2"}
    assert words(history.history(pairing, ben)[0]) == both | {"private": "private Ben 2"}


def test_others_read_nothing(
    logged: Callable[[int], CoachingSession],
    pairing: Pairing,
    cleo: Person,
    dora: Person,
    eve: Person,
    olga: Person,
    max_: Person,
) -> None:
    session = logged(2)
    for stranger in (cleo, dora, eve, olga, max_):
        assert history.history(pairing, stranger) == []
        assert history.open_commitments(pairing, stranger) == []
        assert words(history.entry(session, stranger)) == {
            "turns": [],
            "logs": [],
            "shared": [],
            "private": None,
            "commitments": [],
        }


def test_the_number_of_queries_does_not_grow(
    logged: Callable[[int], CoachingSession], pairing: Pairing, ada: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for entry in history.history(pairing, ada):
                words(entry)
        return len(captured)

    logged(9)
    queries()  # data keys are fetched once
    with_one = queries()
    logged(6), logged(3)
    assert queries() == with_one == 6


def test_cancelled_and_coming_sessions_are_no_history(
    pairing: Pairing, over: CoachingSession, session: CoachingSession, ada: Person, now: datetime
) -> None:
    assert [entry.session for entry in history.history(pairing, ada)] == [over]
    assert [entry.session for entry in history.history(pairing, ada, at=session.starts_at)] == [session, over]
    CoachingSession.objects.filter(pk=over.pk).update(cancelled_at=now)
    assert history.history(pairing, ada) == []


def test_the_next_session(pairing: Pairing, session: CoachingSession, over: CoachingSession, ada: Person) -> None:
    assert history.next_session(pairing) == session
    assert history.next_session(pairing, at=session.ends_at - timedelta(minutes=1)) == session
    assert history.next_session(pairing, at=session.ends_at) is None
    cancel(session, by=ada)
    assert history.next_session(pairing) is None


def test_the_session_to_log(
    pairing: Pairing, session: CoachingSession, over: CoachingSession, ada: Person, ben: Person
) -> None:
    assert history.session_to_log(pairing, ada) == over
    log(over, ada, Log("missed"))
    assert history.session_to_log(pairing, ada) is None
    assert history.session_to_log(pairing, ben) == over


def test_open_commitments_come_oldest_first(
    logged: Callable[[int], CoachingSession], pairing: Pairing, ada: Person
) -> None:
    logged(9), logged(2)
    found = history.open_commitments(pairing, ada)
    assert [one.text for one in found] == ["will Ada 9", "will Ben 9", "will Ada 2", "will Ben 2"]
    found[0].mark(done=True)
    assert len(history.open_commitments(pairing, ada)) == 3


def test_rhythm_is_three_facts_in_one_query(
    logged: Callable[[int], CoachingSession],
    pairing: Pairing,
    ada: Person,
    now: datetime,
    make_session: Callable[..., CoachingSession],
    django_assert_num_queries: Any,
) -> None:
    logged(9), logged(4)
    missed = make_session(pairing, now - 2 * DAY)
    log(missed, ada, Log("missed"))
    empty = Pairing.objects.create(cohort=pairing.cohort)
    with CaptureQueriesContext(connection) as captured:
        found = history.rhythm(Pairing.objects.all(), now)
    assert found == {
        pairing.pk: history.Rhythm(pairing.pk, held=2, days_since_last=4, is_booked=False),
        empty.pk: history.Rhythm(empty.pk, held=0, days_since_last=None, is_booked=False),
    }
    assert len(captured) == 1
    content = ("note", "commitment", "sessionlog", "turn")
    assert not any(table in captured[0]["sql"] for table in content)
    book(pairing, now + DAY, 60, "", by=ada, at=now)
    assert history.rhythm(Pairing.objects.all(), now)[pairing.pk].is_booked
