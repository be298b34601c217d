"""A rhythm, proposals, words, what did not take place and what nobody had booked, as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddying.models import Cohort, Leave, Participant, Person
from matching.models import Pairing
from outbox.models import Message
from sessions_log.booking import Refused
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession, Proposal, Seat, Word
from sessions_log.proposals import propose
from sessions_log.recording import record
from sessions_log.series import book_series
from tests.folds import folds

As = Callable[[Person | None], Client]
DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)


def url(name: str, pk: Any) -> str:
    return reverse(f"sessions_log:{name}", args=[pk])


@pytest.fixture
def first(now: datetime) -> datetime:
    """A Tuesday at ten, one to two weeks ahead, in London's winter."""
    day = now.date() + timedelta(days=7 + (1 - now.weekday()) % 7)
    return datetime.combine(day, time(10), tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_utc(ada: Person, ben: Person, office_hours: Any) -> None:
    """Ada and Ben have office hours."""
    for person in (ada, ben):
        person.time_zone = "UTC"
        person.save()
    office_hours(ada, ben)


@pytest.fixture
def of_ben_and_cleo(
    ben: Person,
    cleo: Person,
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
) -> Pairing:
    autumn = make_cohort("Autumn")
    return make_pairing(take_part(ben, autumn), take_part(cleo, autumn))


# --- a rhythm


def rhythm(first: datetime, **more: Any) -> dict[str, Any]:
    return {"starts_at": first.isoformat(), "minutes": 60, "weeks": 2, "times": 4} | more


def as_shown(form: Any) -> dict[str, Any]:
    """What a browser sends when nothing is touched."""
    return {bound.html_name: bound.value() for bound in form if bound.value() is not None}


def test_a_rhythm_is_two_pages_and_one_post(pairing: Pairing, ada: Person, as_: As) -> None:
    browser, address = as_(ada), url("series", pairing.pk)
    times = browser.get(address).context["times"]
    dates = browser.get(address, rhythm(times.good[0].starts_at))
    assert "Every date suits" in dates.content.decode()
    assert not CoachingSession.objects.exists()
    sent = as_shown(dates.context["form"])
    query = dates.wsgi_request.META["QUERY_STRING"]
    for _ in range(2):  # a double click
        answer = browser.post(f"{address}?{query}", sent)
        sessions = CoachingSession.objects.order_by("starts_at")
        assert answer["Location"] == url("session", sessions[0].pk)
        assert [one.starts_at for one in sessions] == [times.good[0].starts_at + n * 2 * WEEK for n in range(4)]
    page = browser.get(url("session", sessions[0].pk)).content.decode()
    assert "4 sessions are booked" in page
    assert "Later in the series" in page


def test_a_clash_is_neutral_and_comes_with_the_nearest_time(
    pairing: Pairing, ada: Person, ben: Person, first: datetime, as_: As
) -> None:
    day = (first + 2 * WEEK).date()
    Leave.objects.create(person=ben, first_day=day, last_day=day)
    page = as_(ada).get(url("series", pairing.pk), rhythm(first))
    words = page.content.decode()
    assert "One date does not suit" in words
    assert "outside the hours you have in common" in words
    assert "away" not in words.lower()
    form = page.context["form"]
    assert [form[name].value() for name in form.names] == [
        (first + shift).isoformat() for shift in (0 * DAY, 2 * WEEK - DAY, 4 * WEEK, 6 * WEEK)
    ]


def test_a_lost_race_names_the_date_and_shows_the_dates_anew(
    pairing: Pairing, of_ben_and_cleo: Pairing, ada: Person, first: datetime, make_session: Any, as_: As
) -> None:
    browser, address = as_(ada), url("series", pairing.pk)
    dates = browser.get(address, rhythm(first))
    sent = as_shown(dates.context["form"]) | {"word": "TYPED-WORDS"}
    make_session(of_ben_and_cleo, first + 2 * WEEK)
    answer = browser.post(f"{address}?{dates.wsgi_request.META['QUERY_STRING']}", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{first + 2 * WEEK:%A} {(first + 2 * WEEK).day}" in page
    assert "Nothing is booked yet" in page
    assert "One of you has another session then" in page
    assert "TYPED-WORDS" in page
    assert not CoachingSession.objects.filter(pairing=pairing).exists()


def test_who_may_not_book_sees_why_and_no_dates(
    pairing: Pairing, ada: Person, first: datetime, as_: As, conditions: list[Any]
) -> None:
    conditions.append(lambda _: "Sign your agreement first.")
    for way in ("series", "propose", "book"):
        page = as_(ada).get(url(way, pairing.pk), rhythm(first)).content.decode()
        assert "Sign your agreement first." in page
        assert "Book these sessions" not in page


def test_dates_may_be_left_out(pairing: Pairing, ada: Person, first: datetime, as_: As) -> None:
    address = url("series", pairing.pk)
    dates = as_(ada).get(address, rhythm(first))
    query = dates.wsgi_request.META["QUERY_STRING"]
    sent = as_shown(dates.context["form"]) | {"date_1": "", "date_3": ""}
    as_(ada).post(f"{address}?{query}", sent)
    assert {one.starts_at for one in CoachingSession.objects.all()} == {first, first + 4 * WEEK}
    nothing = dict.fromkeys(dates.context["form"].names, "")
    answer = as_(ada).post(f"{address}?{query}", nothing)
    assert answer.status_code == 422
    assert "nothing to book" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "weeks=2",
        "weeks=9&starts_at=x",
        "weeks=2&starts_at=nonsense",
        "weeks=2&times=-1",
        "weeks=2&own=x",
        "weeks=4&own=9999-12-31T23:00",
        "weeks=2&starts_at=9999-12-31T23:00:00%2B00:00",
        "weeks=2&starts_at=0001-01-01T00:00:00%2B00:00",
    ],
)
def test_a_strange_rhythm_breaks_nothing(pairing: Pairing, ada: Person, as_: As, query: str) -> None:
    for method in ("get", "post"):
        assert getattr(as_(ada), method)(f"{url('series', pairing.pk)}?{query}").status_code in (200, 422)
    assert not CoachingSession.objects.exists()


def test_cancelling_all_later_ones(pairing: Pairing, ada: Person, ben: Person, first: datetime, as_: As) -> None:
    booked = book_series(pairing, [first + n * WEEK for n in range(3)], 60, "", 1, by=ada)
    page = as_(ben).get(url("cancel", booked[1].pk)).content.decode()
    assert "This one and the one after it" in page
    as_(ben).post(url("cancel", booked[1].pk), {"which": "later", "word": "SORRY-WORDS"})
    assert list(CoachingSession.objects.standing()) == [booked[0]]
    assert "SORRY-WORDS" in as_(ada).get(url("session", booked[1].pk)).content.decode()


def test_without_saying_so_only_one_is_cancelled(
    pairing: Pairing, ada: Person, ben: Person, first: datetime, as_: As
) -> None:
    booked = book_series(pairing, [first + n * WEEK for n in range(3)], 60, "", 1, by=ada)
    as_(ben).post(url("cancel", booked[0].pk))
    assert set(CoachingSession.objects.standing()) == set(booked[1:])


# --- words


def test_a_word_is_read_on_the_page_and_in_no_mail(
    pairing: Pairing, ada: Person, ben: Person, cleo: Person, first: datetime, as_: As
) -> None:
    sent = {"starts_at": first.isoformat(), "minutes": 60, "how": "walk", "place": "Park", "word": "BOOKED-WORDS"}
    as_(ada).post(url("book", pairing.pk), sent)
    session = CoachingSession.objects.get()
    moved = {
        "own": "y",
        "starts_at": f"{first + DAY:%Y-%m-%dT%H:%M}",
        "minutes": "60",
        "how": "walk",
        "word": "MOVED-WORDS",
    }
    as_(ben).post(url("move", session.pk), moved)
    as_(ben).post(url("cancel", session.pk), {"word": "CANCELLED-WORDS"})
    page = as_(ada).get(url("session", session.pk)).content.decode()
    for words in ("BOOKED-WORDS", "MOVED-WORDS", "CANCELLED-WORDS"):
        assert words in page
        assert not Message.objects.filter(params__icontains=words).exists()
    assert set(Word.objects.visible_to(ben)) == set(Word.objects.all())
    assert not Word.objects.visible_to(cleo).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sessions_log_word")
        assert all(b"WORDS" not in bytes(row[0]) for row in cursor.fetchall())


def test_how_they_met_the_last_time_is_offered_again(
    pairing: Pairing, ada: Person, first: datetime, as_: As, make_session: Any
) -> None:
    make_session(pairing, first, how="walk", place="Park gate")
    form = as_(ada).get(url("book", pairing.pk)).context["slot_form"]
    assert (form["how"].value(), form["place"].value()) == ("walk", "Park gate")


# --- proposals


def test_proposing_and_choosing(pairing: Pairing, ada: Person, ben: Person, as_: As) -> None:
    page = as_(ben).get(url("propose", pairing.pk))
    good = page.context["times"].good
    assert page.context["chosen"] == good
    own = f"{good[0].starts_at + 3 * WEEK:%Y-%m-%dT%H:%M}"
    sent = {"starts_at": [slot.value for slot in good], "minutes": 60, "own_0": own, "word": "NOTE-WORDS"}
    answer = as_(ben).post(url("propose", pairing.pk), sent)
    proposal = Proposal.objects.get()
    assert answer["Location"] == url("proposal", proposal.pk)
    assert proposal.times.count() == 4
    page = as_(ada).get(url("proposal", proposal.pk)).content.decode()
    assert page.count("Book this time") == 4
    assert "NOTE-WORDS" in page
    assert "Book this time" not in as_(ben).get(url("proposal", proposal.pk)).content.decode()
    answer = as_(ada).post(url("choice", proposal.pk), {"starts_at": good[1].value})
    session = CoachingSession.objects.get()
    assert (answer["Location"], session.starts_at) == (url("session", session.pk), good[1].starts_at)
    assert "NOTE-WORDS" in as_(ada).get(url("session", session.pk)).content.decode()
    assert "One of them is chosen" in as_(ben).get(url("proposal", proposal.pk)).content.decode()


def test_a_taken_time_is_marked(
    pairing: Pairing, of_ben_and_cleo: Pairing, ada: Person, ben: Person, first: datetime, make_session: Any, as_: As
) -> None:
    proposal = propose(pairing, [first, first + DAY], 60, "", by=ben)
    make_session(of_ben_and_cleo, first)
    page = as_(ada).get(url("proposal", proposal.pk)).content.decode()
    assert (page.count("Taken meanwhile"), page.count("Book this time")) == (1, 1)
    answer = as_(ada).post(url("choice", proposal.pk), {"starts_at": first.isoformat()})
    assert answer.status_code == 422
    assert "has just been taken" in answer.content.decode()
    assert as_(ada).post(url("choice", proposal.pk), {"starts_at": "nonsense"}).status_code == 422


def test_what_was_ticked_in_another_week_stays(pairing: Pairing, ada: Person, first: datetime, as_: As) -> None:
    address = f"{url('propose', pairing.pk)}?week={(first + 2 * WEEK).date()}"
    part = as_(ada).get(
        address, {"week": (first + 2 * WEEK).date(), "starts_at": [first.isoformat()]}, headers={"HX-Request": "true"}
    )
    page = part.content.decode()
    assert "Chosen in other weeks" in page
    assert f'value="{first.isoformat()}" checked' in page


def test_the_weeks_are_folded_until_they_are_asked_for(pairing: Pairing, ada: Person, first: datetime, as_: As) -> None:
    client, once = as_(ada), url("book", pairing.pk)
    week = f"?week={(first + 2 * WEEK).date()}"
    refused = client.post(once + week, {"starts_at": (first + 2 * WEEK).isoformat(), "minutes": 60, "how": "nowhere"})
    pages = [client.get(once), client.get(once + week), refused, client.get(url("propose", pairing.pk))]
    assert [folds(page.content.decode())["More times, week by week"] for page in pages] == [False, True, True, True]


def test_nothing_or_too_much_ticked_is_said(pairing: Pairing, ada: Person, first: datetime, as_: As) -> None:
    for count in (0, 6):
        ticked = [(first + n * HOUR / 2).isoformat() for n in range(count)]
        answer = as_(ada).post(url("propose", pairing.pk), {"starts_at": ticked, "minutes": 60, "word": "TYPED-WORDS"})
        assert answer.status_code == 422
        assert "between one and 5 times" in answer.content.decode()
        assert "TYPED-WORDS" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_withdrawing(pairing: Pairing, ada: Person, ben: Person, first: datetime, as_: As) -> None:
    proposal = propose(pairing, [first], 60, "", by=ben)
    as_(ada).post(url("withdrawal", proposal.pk))
    assert Proposal.objects.open().exists()
    as_(ben).post(url("withdrawal", proposal.pk))
    assert not Proposal.objects.open().exists()
    assert "no longer on offer" in as_(ada).get(url("proposal", proposal.pk)).content.decode()


def test_a_proposal_costs_as_many_queries_with_five_times_as_with_one(
    pairing: Pairing, ada: Person, ben: Person, first: datetime, as_: As
) -> None:
    counts = []
    for number in (1, 3, 5):
        proposal = propose(pairing, [first + n * DAY for n in range(number)], 60, "", by=ben)
        browser = as_(ada)
        browser.get(url("proposal", proposal.pk))
        with CaptureQueriesContext(connection) as captured:
            browser.get(url("proposal", proposal.pk))
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]


# --- it did not take place


def test_either_side_says_that_it_did_not_take_place(over: CoachingSession, ada: Person, ben: Person, as_: As) -> None:
    page = as_(ben).get(url("session", over.pk)).content.decode()
    assert "It did not take place" in page
    answer = as_(ben).post(url("not_held", over.pk), follow=True)
    assert answer.redirect_chain == [(url("book", over.pairing_id), 302)]
    assert "Noted. That happens. Here are the next times that suit you." in answer.content.decode()
    over.refresh_from_db()
    assert (over.missed_at is not None, over.held_at) == (True, None)
    as_(ada).post(url("not_held", over.pk))
    assert over.logs.count() == 2


def test_held_stands_against_missed(over: CoachingSession, ada: Person, ben: Person, as_: As) -> None:
    log(over, ada, Log("held", [ada, ben], "PRIVATE-WORDS"))
    as_(ben).post(url("not_held", over.pk))
    over.refresh_from_db()
    assert over.held_at
    as_(ada).post(url("not_held", over.pk))  # from a page left open: her log and note stay
    assert over.logs.get(person=ada).outcome == "held"
    assert over.private_notes.get().text == "PRIVATE-WORDS"


def test_before_it_begins_nothing_is_said(session: CoachingSession, ada: Person, as_: As) -> None:
    as_(ada).post(url("not_held", session.pk))
    session.refresh_from_db()
    assert not session.is_logged()


# --- nobody had booked it


def test_adding_a_past_session(pairing: Pairing, ada: Person, ben: Person, now: datetime, as_: As) -> None:
    began = (now - 3 * DAY).replace(second=0)
    sent = {"starts_at": f"{began:%Y-%m-%dT%H:%M}", "minutes": "60", "how": "link", "place": ""}
    for _ in range(2):
        answer = as_(ada).post(url("record", pairing.pk), sent)
        session = CoachingSession.objects.get()
        assert answer["Location"] == url("log", session.pk)
    assert (session.starts_at, session.where, session.held_at) == (began, "By video or phone", None)
    assert not Message.objects.exists()
    assert f"/sessions/{session.pk}/" in as_(ben).get(reverse("insights:pairing", args=[pairing.pk])).content.decode()
    log(session, ada, Log("held", [ada, ben]))
    session.refresh_from_db()
    assert session.held_at


def test_nobody_is_reminded_of_it_later(pairing: Pairing, ada: Person, now: datetime) -> None:
    from sessions_log.notices import put_back_what_is_missing

    record(pairing, now - 2 * HOUR, 60, "", ada, now)
    put_back_what_is_missing(now + HOUR)
    assert not Message.objects.exists()


def test_what_cannot_have_been_is_refused(
    pairing: Pairing, ada: Person, cleo: Person, now: datetime, conditions: list[Any]
) -> None:
    for starts_at, words in (
        (now - HOUR / 2, "not over yet"),
        (now + DAY, "not over yet"),
        (now - 61 * DAY, "not in this pairing together then"),
    ):
        with pytest.raises(Refused, match=words):
            record(pairing, starts_at, 60, "", ada, now)
    with pytest.raises(Refused, match="Only the members"):
        record(pairing, now - DAY, 60, "", cleo, now)
    conditions.append(lambda _: "Sign your agreement first.")
    with pytest.raises(Refused, match="Sign your agreement first"):
        record(pairing, now - DAY, 60, "", ada, now)
    assert not CoachingSession.objects.exists()


def test_who_joined_later_was_not_there(
    participants: dict[str, Participant], ada: Person, ben: Person, cleo: Person, now: datetime, make_pairing: Any
) -> None:
    trio = make_pairing(*participants.values())
    trio.members.filter(participant__person=cleo).update(joined_at=now - DAY)
    session = record(trio, now - 3 * DAY, 60, "", ada, now)
    assert {seat.person for seat in session.seats.all()} == {ada, ben}
    with pytest.raises(Refused, match="not in this pairing together then"):
        record(trio, now - 2 * DAY, 60, "", cleo, now)


def test_an_overlap_with_what_is_known_is_said(
    over: CoachingSession, pairing: Pairing, ada: Person, now: datetime, as_: As
) -> None:
    with pytest.raises(Refused, match="another session at that time"):
        record(pairing, over.starts_at + HOUR / 2, 60, "", ada, now)
    sent = {"starts_at": f"{over.starts_at + HOUR / 2:%Y-%m-%dT%H:%M}", "minutes": "60", "place": "Under the oak"}
    answer = as_(ada).post(url("record", pairing.pk), sent)
    assert answer.status_code == 422
    assert "Under the oak" in answer.content.decode()
    assert Seat.objects.count() == 2


# --- changed again and again


def test_a_session_is_changed_a_few_times_an_hour(
    pairing: Pairing, ada: Person, ben: Person, now: datetime, as_: As, make_session: Callable[..., CoachingSession]
) -> None:
    session = make_session(pairing, now.replace(minute=0, second=0) + 3 * DAY, booked_by=ada, place="Room 1")
    start = session.starts_at.isoformat()

    def change(place: str, by: Person = ada) -> Any:
        sent = {"starts_at": start, "minutes": "60", "how": "place", "place": place, "word": "Sorry for this"}
        return as_(by).post(url("move", session.pk), sent)

    assert [change("Room 1").status_code for _ in range(6)] == [302] * 6  # nothing is changed, nobody is mailed
    statuses = [change(f"Room {number}", by=(ada, ben)[number % 2]).status_code for number in range(2, 8)]
    assert statuses == [302] * 5 + [422]
    session.refresh_from_db()
    assert session.place == "Room 6"
    page = change("Room 7").content.decode()
    assert "You can change it again in an hour at the latest" in page
    assert "each time Ben got a mail" in page
    assert "Room 7" in page
    assert "Sorry for this" in page
    other = make_session(pairing, now.replace(minute=0, second=0) + 5 * DAY, booked_by=ada, place="Room 1")
    session, start = other, other.starts_at.isoformat()
    assert change("Room 2").status_code == 302
