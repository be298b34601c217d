"""What becomes of an answer: it stands beside the date that it was given to, for the pair, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights.home import home_for
from insights.steps import in_pairing
from matching.models import Pairing
from outbox import incoming
from outbox.models import Message
from reflection import agreeing
from sessions_log import answers
from sessions_log.booking import cancel, move
from sessions_log.models import CoachingSession, Seat
from sessions_log.replies import Reply
from tests.sessions_log.replying import calendar_of, reply

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stands(session: CoachingSession) -> dict[str, str]:
    return dict(session.seats.values_list("person__name", "answer"))


def note(session: CoachingSession, person: Person, answer: str = "accepted", **fields: Any) -> bool:
    given = {"sequence": session.sequence, "said_at": None, "address": person.email} | fields
    return answers.note(Reply(session.uid, answer=answer, **given), at=fields.pop("at", None))


def test_a_mail_becomes_an_answer_and_its_words_are_kept_nowhere(session: CoachingSession, ben: Person) -> None:
    mail = reply(calendar_of(session.uid, "ben@example.org", "TENTATIVE"), "Ben <ben@example.org>")
    assert incoming.take(mail.as_bytes()) is True
    assert stands(session) == {"Ada": "", "Ben": "tentative"}
    assert "nobody keeps" not in str(list(Seat.objects.values())) + str(list(Message.objects.values()))


def test_a_mail_about_nothing_of_ours_is_somebody_elses(session: CoachingSession, ben: Person) -> None:
    other = "5b0a4a53-7d1e-4a5c-9c57-1f3a4f8e2a11"
    assert incoming.take(reply(calendar_of(other, "ben@example.org"), "ben@example.org").as_bytes()) is False


def test_the_later_word_counts_whichever_comes_first(session: CoachingSession, ben: Person, now: datetime) -> None:
    note(session, ben, "declined", said_at=now - HOUR)
    note(session, ben, "accepted", said_at=now - 2 * HOUR)
    assert stands(session)["Ben"] == "declined"
    note(session, ben, "accepted", said_at=now)
    assert stands(session)["Ben"] == "accepted"


def test_a_clock_that_is_ahead_does_not_silence_what_comes_after(session: CoachingSession, ben: Person) -> None:
    at = timezone.now()
    answers.note(Reply(session.uid, "ben@example.org", "declined", 0, at + 365 * DAY), at=at)
    answers.note(Reply(session.uid, "ben@example.org", "accepted", 0, at + HOUR), at=at + HOUR)
    seat = session.seats.get(person=ben)
    assert (seat.answer, seat.answered_at) == ("accepted", at + HOUR)


def test_an_answer_to_an_earlier_date_is_none(session: CoachingSession, ada: Person, ben: Person) -> None:
    note(session, ben, "accepted")
    move(session, session.starts_at + DAY, 60, "Room 4", by=ada)
    assert stands(session) == {"Ada": "", "Ben": ""}
    assert note(session, ben, "accepted", sequence=0) is True
    assert stands(session)["Ben"] == ""
    note(session, ben, "declined", sequence=1)
    assert stands(session)["Ben"] == "declined"


def test_a_session_that_stays_where_it_is_keeps_its_answers(session: CoachingSession, ada: Person, ben: Person) -> None:
    note(session, ben)
    move(session, session.starts_at, session.minutes, session.place, by=ada)
    assert stands(session)["Ben"] == "accepted"
    move(session, session.starts_at, session.minutes, "Room 5", by=ada)
    assert stands(session)["Ben"] == ""


def test_nobody_answers_who_is_not_asked(
    session: CoachingSession, ada: Person, ben: Person, cleo: Person, eve: Person, dora: Person, now: datetime
) -> None:
    for person in (cleo, eve, dora):
        assert note(session, person) is True
    Seat.objects.filter(session=session, person=ben).update(released_at=now)
    note(session, ben)
    Person.objects.filter(pk=ada.pk).update(deactivated_at=now)
    note(session, ada)
    assert stands(session) == {"Ada": "", "Ben": ""}


def test_what_is_cancelled_or_over_takes_no_answer(
    session: CoachingSession, over: CoachingSession, ben: Person
) -> None:
    note(over, ben)
    cancel(session, by=ben)
    note(session, ben)
    assert (stands(over)["Ben"], stands(session)["Ben"]) == ("", "")


@pytest.mark.parametrize("address", ["BEN@example.org", "ben+calendar@example.org"])
def test_an_address_may_be_written_otherwise(session: CoachingSession, ben: Person, address: str) -> None:
    note(session, ben, address=address)
    assert stands(session) == {"Ada": "", "Ben": "accepted"}


def test_a_tag_that_tells_two_people_apart_does_so(session: CoachingSession, ada: Person, ben: Person) -> None:
    Person.objects.filter(pk=ada.pk).update(email="team+ada@example.org")
    Person.objects.filter(pk=ben.pk).update(email="team+ben@example.org")
    note(session, ben, address="team@example.org")
    note(session, ben, address="Team+ben@example.org")
    assert stands(session) == {"Ada": "", "Ben": "accepted"}


def test_an_answer_does_nothing_but_stand_there(session: CoachingSession, ben: Person) -> None:
    before = CoachingSession.objects.values().get(pk=session.pk)
    note(session, ben, "declined")
    assert CoachingSession.objects.values().get(pk=session.pk) == before
    assert Message.objects.count() == 0


@pytest.mark.parametrize("fields", [{"answer": "accepted"}, {"answered_at": timezone.now()}, {"answer": "perhaps"}])
def test_an_answer_has_its_time(session: CoachingSession, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="an_answer_has_its_time"):
        session.seats.update(**fields)


# --- Who sees it


def see(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.fixture
def signed(pairing: Pairing, ada: Person, ben: Person) -> Pairing:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in (ada, ben):
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)
    return pairing


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_both_see_it_where_the_session_stands(
    signed: Pairing,
    session: CoachingSession,
    ada: Person,
    ben: Person,
    as_: Callable[[Person], Client],
    answer: str,
) -> None:
    note(session, ben, answer)
    for url in ("/", f"/sessions/{session.pk}/", f"/pairings/{signed.pk}/"):
        assert see(as_(ada), url).count(f"Ben: {answer}") == 1
        assert see(as_(ben), url).count(f"You: {answer}") == 1


def test_no_lead_sees_it(
    signed: Pairing,
    session: CoachingSession,
    cohort: Cohort,
    ben: Person,
    dora: Person,
    olga: Person,
    as_: Callable[[Person], Client],
) -> None:
    note(session, ben, "declined")
    page = see(as_(dora), f"/cohorts/{cohort.pk}/")
    assert ("Ben" in page, "declined" in page) == (True, False)
    assert list(Seat.objects.visible_to(dora)) == list(Seat.objects.visible_to(olga)) == []


def test_whoever_declined_cancelled_nothing_and_both_are_offered_another_time(
    signed: Pairing, session: CoachingSession, ada: Person, ben: Person, as_: Callable[[Person], Client]
) -> None:
    note(session, ben, "declined")
    for person in (ada, ben):
        page = see(as_(person), f"/sessions/{session.pk}/")
        assert "Find another time" in page
        assert "The session stands until one of you moves or cancels it." in page
    first, second = (home_for(person, timezone.now()).next_step for person in (ada, ben))
    assert first and second
    assert first.title.startswith("Ben cannot make it on ")
    assert second.title.startswith("You cannot make it on ")
    assert (first.url, first.action) == (f"/sessions/{session.pk}/move/", "Find another time")


def test_it_comes_before_a_log_and_goes_with_the_move(
    signed: Pairing, over: CoachingSession, session: CoachingSession, ada: Person, ben: Person
) -> None:
    note(session, ben, "declined")
    titles = [step.title.split(" on ")[0] for step in in_pairing(signed, ada, timezone.now())[:2]]
    assert titles == ["Ben cannot make it", "How was your session with Ben?"]
    move(session, session.starts_at + DAY, 60, "", by=ada)
    titles = [step.title.split(" on ")[0] for step in in_pairing(signed, ada, timezone.now())[:2]]
    assert titles == ["How was your session with Ben?", "You meet Ben"]


def test_a_later_session_that_is_declined_is_not_hidden_by_an_earlier_one(
    signed: Pairing,
    session: CoachingSession,
    make_session: Callable[..., CoachingSession],
    ada: Person,
    ben: Person,
) -> None:
    later = make_session(signed, session.starts_at + DAY)
    note(later, ben, "declined")
    step = home_for(ada, timezone.now()).next_step
    assert step and step.url == f"/sessions/{later.pk}/move/"


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_session_as_for_three(
    pairing: Pairing,
    make_session: Callable[..., CoachingSession],
    ada: Person,
    ben: Person,
    now: datetime,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    sessions = [make_session(pairing, now + day * DAY) for day in range(1, count + 1)]
    for session in sessions:
        note(session, ben)
    with django_assert_num_queries(1):
        answers.show(sessions, ada)
        assert [[seat.person.name for seat in one.answers] for one in sessions] == [["Ben"]] * count  # type: ignore[attr-defined]


def test_somebody_who_joined_later_sees_no_answers_of_before(
    participants: dict[str, Participant], pairing: Pairing, over: CoachingSession, cleo: Person, ben: Person
) -> None:
    Seat.objects.filter(session=over, person=ben).update(answer="accepted", answered_at=timezone.now())
    pairing.members.create(participant=participants["Cleo"], joined_at=timezone.now())
    assert list(Seat.objects.visible_to(cleo)) == []
