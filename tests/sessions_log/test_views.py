from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing, PairingMember
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession, Commitment, PrivateNote, SharedNote
from tests.folds import folds

As = Callable[[Person | None], Client]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def url(name: str, pk: Any) -> str:
    return reverse(f"sessions_log:{name}", args=[pk])


@pytest.fixture
def slot(now: datetime) -> datetime:
    """A Wednesday at ten, one to two weeks ahead."""
    day = now.date() + timedelta(days=7 + (2 - now.weekday()) % 7)
    return datetime.combine(day, time(10), tzinfo=UTC)


@pytest.fixture
def form(slot: datetime) -> dict[str, Any]:
    return {"starts_at": slot.isoformat(), "minutes": 60, "place": "Room 4"}


# --- who gets in


@pytest.fixture
def commitment(over: CoachingSession, ada: Person, ben: Person) -> Commitment:
    log(over, ada, Log("held", [ada, ben], "PRIVATE-WORDS", "SHARED-WORDS", ["PROMISED-WORDS"]))
    return Commitment.objects.get()


@pytest.fixture
def pages(pairing: Pairing, session: CoachingSession, over: CoachingSession, commitment: Commitment) -> list[str]:
    of_session = ("session", "move", "cancel", "log", "calendar")
    return [
        url("book", pairing.pk),
        *(url(name, one.pk) for name in of_session for one in (session, over)),
    ]


def test_strangers_leads_and_administrators_find_nothing(
    pages: list[str],
    commitment: Commitment,
    as_: As,
    cleo: Person,
    dora: Person,
    eve: Person,
    olga: Person,
    max_: Person,
) -> None:
    for stranger in (cleo, dora, eve, olga, max_):
        browser = as_(stranger)
        for page in pages:
            assert browser.get(page).status_code == 404, (stranger, page)
            assert browser.post(page).status_code in (404, 405), (stranger, page)
        assert browser.post(url("commitment", commitment.pk)).status_code == 404


def test_visitors_are_asked_to_log_in(pages: list[str], commitment: Commitment, as_: As) -> None:
    for page in [*pages, url("commitment", commitment.pk)]:
        answer = as_(None).get(page)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_request_login_code"))


def test_members_get_in(pages: list[str], as_: As, ada: Person, ben: Person) -> None:
    for member in (ada, ben):
        for page in pages:
            assert as_(member).get(page).status_code in (200, 302), (member, page)


def test_a_lead_who_is_a_member_is_a_member(
    dora: Person, participants: dict[str, Participant], cohort: Cohort, take_part: Any, make_pairing: Any, as_: As
) -> None:
    pairing = make_pairing(take_part(dora, cohort), participants["Cleo"])
    assert as_(dora).get(url("book", pairing.pk)).status_code == 200


def test_who_left_a_trio_no_longer_gets_in(
    participants: dict[str, Participant], cleo: Person, now: datetime, make_pairing: Any, make_session: Any, as_: As
) -> None:
    trio = make_pairing(*participants.values())
    session = make_session(trio, now + DAY)
    assert as_(cleo).get(url("session", session.pk)).status_code == 200
    PairingMember.objects.filter(participant=participants["Cleo"]).update(left_at=now)
    assert as_(cleo).get(url("session", session.pk)).status_code == 404


def test_in_a_closed_pairing_members_read_and_write_nothing(
    pairing: Pairing,
    session: CoachingSession,
    over: CoachingSession,
    commitment: Commitment,
    as_: As,
    ada: Person,
    form: dict,
) -> None:
    pairing.close()
    browser = as_(ada)
    for one in (session, over):
        assert browser.get(url("session", one.pk)).status_code == 200
    assert b"SHARED-WORDS" in browser.get(url("session", over.pk)).content
    before = list(CoachingSession.objects.values().order_by("pk"))
    assert "has ended" in browser.get(url("book", pairing.pk)).content.decode()
    browser.post(url("book", pairing.pk), form)
    browser.post(url("move", session.pk), form)
    browser.post(url("cancel", session.pk))
    browser.post(url("log", over.pk), {"outcome": "missed", "private_note": "new"})
    assert browser.post(url("commitment", commitment.pk)).status_code == 404
    assert list(CoachingSession.objects.values().order_by("pk")) == before
    assert PrivateNote.objects.get().text == "PRIVATE-WORDS"


def test_private_words_reach_only_their_author(
    over: CoachingSession, commitment: Commitment, as_: As, ada: Person, ben: Person
) -> None:
    for page in (url("session", over.pk), url("log", over.pk)):
        mine, theirs = (as_(person).get(page).content.decode() for person in (ada, ben))
        assert "PRIVATE-WORDS" in mine
        assert "PRIVATE-WORDS" not in theirs
    for person in (ada, ben):
        page = as_(person).get(url("session", over.pk)).content.decode()
        assert "SHARED-WORDS" in page
        assert "PROMISED-WORDS" in page


# --- booking


def test_home_to_booked_is_one_post(pairing: Pairing, ada: Person, ben: Person, as_: As, office_hours: Any) -> None:
    """Home links here; the first good time is chosen already; its button books it."""
    office_hours(ada, ben)
    browser = as_(ada)
    page = browser.get(url("book", pairing.pk))
    times = page.context["times"]
    assert page.context["chosen"] == times.good[:1]
    assert f'value="{times.good[0].value}" checked' in page.content.decode()
    answer = browser.post(
        url("book", pairing.pk), {"starts_at": times.good[0].value, "minutes": 60, "place": ""}, follow=True
    )
    session = CoachingSession.objects.get()
    assert session.starts_at == times.good[0].starts_at
    assert answer.redirect_chain == [(url("session", session.pk), 302)]
    assert "The invitation goes to Ben and to you by mail." in answer.content.decode()


def test_a_taken_time_is_said_and_what_was_typed_stays(
    pairing: Pairing,
    ada: Person,
    ben: Person,
    as_: As,
    office_hours: Any,
    form: dict,
    slot: datetime,
    make_session: Any,
) -> None:
    office_hours(ada, ben)
    make_session(pairing, slot - HOUR / 2)
    answer = as_(ada).post(url("book", pairing.pk), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That time has just been taken" in page
    assert 'value="Room 4"' in page
    assert form["starts_at"] not in {chosen.value for chosen in answer.context["times"].all()}
    assert CoachingSession.objects.count() == 1


def test_nothing_chosen_is_said(pairing: Pairing, ada: Person, as_: As) -> None:
    for sent in ({}, {"starts_at": "nonsense"}, {"starts_at": "2026-12-01T10:00"}):
        answer = as_(ada).post(url("book", pairing.pk), sent | {"minutes": 60, "place": ""})
        assert answer.status_code == 422
    assert not CoachingSession.objects.exists()


def test_a_time_of_ones_own_is_read_in_ones_own_zone(
    pairing: Pairing, ada: Person, ben: Person, as_: As, office_hours: Any, slot: datetime
) -> None:
    office_hours(ada, ben)
    ada.time_zone = "America/New_York"
    ada.save()
    wall = slot.replace(tzinfo=ada.zone)
    sent = {"own": "yes", "starts_at": f"{wall:%Y-%m-%dT%H:%M}", "minutes": "90", "place": "Park"}
    answer = as_(ada).post(url("book", pairing.pk), sent, follow=True)
    session = CoachingSession.objects.get()
    assert (session.starts_at, session.minutes, session.place) == (wall, 90, "Park")
    assert "by mail" in answer.content.decode()


def test_outside_the_weekly_hours_is_warned_and_not_refused(
    pairing: Pairing, ada: Person, ben: Person, as_: As, office_hours: Any, slot: datetime
) -> None:
    office_hours(ada, ben)
    night = slot.replace(hour=3)
    sent = {"own": "yes", "starts_at": f"{night:%Y-%m-%dT%H:%M}", "minutes": "60", "place": ""}
    answer = as_(ada).post(url("book", pairing.pk), sent, follow=True)
    assert CoachingSession.objects.count() == 1
    assert "make sure that it suits Ben" in answer.content.decode()


@pytest.mark.parametrize("starts_at", ["", "nonsense", "2020-01-01T10:00"])
def test_a_refused_time_of_ones_own_stays_typed(pairing: Pairing, ada: Person, as_: As, starts_at: str) -> None:
    sent = {"own": "yes", "starts_at": starts_at, "minutes": "90", "place": "Under the oak"}
    answer = as_(ada).post(url("book", pairing.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Under the oak" in page
    assert f'value="{starts_at}"' in page or not starts_at
    assert '<option value="90" selected>' in page
    assert not CoachingSession.objects.exists()


def test_an_hour_that_the_clock_skips(pairing: Pairing, ada: Person, as_: As) -> None:
    sent = {"own": "yes", "starts_at": "2027-03-28T01:30", "minutes": "60", "place": ""}
    answer = as_(ada).post(url("book", pairing.pk), sent)
    assert "The clock in Europe/London skips this time" in answer.content.decode()


def test_no_hours_in_common_says_what_to_do(pairing: Pairing, ada: Person, as_: As, office_hours: Any) -> None:
    page = as_(ada).get(url("book", pairing.pk)).content.decode()
    hours = reverse("buddying:profile_hours", args=[pairing.cohort_id])
    assert "When can you usually meet?" in page
    assert f'href="{hours}"' in page
    office_hours(ada)
    page = as_(ada).get(url("book", pairing.pk)).content.decode()
    assert "No time in common yet" in page
    assert f'href="{hours}"' in page


def test_a_condition_shows_its_sentence_and_no_form(
    pairing: Pairing, ada: Person, as_: As, conditions: list[Any]
) -> None:
    conditions.append(lambda _: "Sign your agreement first.")
    page = as_(ada).get(url("book", pairing.pk)).content.decode()
    assert "Sign your agreement first." in page
    assert 'name="starts_at"' not in page


def test_another_week_by_htmx_is_only_the_week(
    pairing: Pairing, ada: Person, ben: Person, as_: As, office_hours: Any, slot: datetime
) -> None:
    office_hours(ada, ben)
    later = slot.date() + 7 * DAY
    page = f"{url('book', pairing.pk)}?week={later}"
    whole, part = as_(ada).get(page), as_(ada).get(page, headers={"HX-Request": "true"})
    assert whole.context["times"].monday == later - timedelta(days=later.weekday())
    assert part.content.decode().lstrip().startswith("<section")
    assert part.content.decode().strip() in whole.content.decode()


@pytest.mark.parametrize(
    "query", ["week=nonsense", "week=9999-99-99", "minutes=0", "minutes=x", "week=1900-01-01", "week=9999-12-31"]
)
def test_a_strange_query_breaks_nothing(
    pairing: Pairing, ada: Person, ben: Person, as_: As, office_hours: Any, query: str
) -> None:
    office_hours(ada, ben)
    assert as_(ada).get(f"{url('book', pairing.pk)}?{query}").status_code == 200


# --- moving, cancelling, downloading


def test_moving(session: CoachingSession, ben: Person, as_: As, form: dict, slot: datetime) -> None:
    as_(ben).post(url("move", session.pk), form)
    session.refresh_from_db()
    assert (session.starts_at, session.sequence) == (slot, 1)


def test_what_is_over_is_not_moved(over: CoachingSession, ada: Person, as_: As, form: dict) -> None:
    for answer in (as_(ada).get(url("move", over.pk)), as_(ada).post(url("move", over.pk), form)):
        assert (answer.status_code, answer["Location"]) == (302, url("session", over.pk))
    over.refresh_from_db()
    assert over.sequence == 0


def test_cancelling_asks_first(session: CoachingSession, ada: Person, as_: As) -> None:
    page = as_(ada).get(url("cancel", session.pk))
    assert "Cancel the session on " in page.content.decode()
    session.refresh_from_db()
    assert session.is_standing
    assert as_(ada).post(url("cancel", session.pk))["Location"] == url("session", session.pk)
    session.refresh_from_db()
    assert session.cancelled_by == ada
    assert "Find another time" in as_(ada).get(url("session", session.pk)).content.decode()


def test_the_file_for_the_calendar(session: CoachingSession, ada: Person, as_: As) -> None:
    answer = as_(ada).get(url("calendar", session.pk))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["uid"], event.start) == (str(session.uid), session.starts_at)


# --- logging


def as_shown(form: Any) -> dict[str, Any]:
    """What a browser sends when nothing is touched."""
    return {bound.html_name: bound.value() for bound in form if bound.value()}


def test_logging(over: CoachingSession, ada: Person, ben: Person, as_: As) -> None:
    sent = {
        "outcome": "held",
        "turn_1": ben.pk,
        "turn_2": ada.pk,
        "private_note": "mine",
        "shared_note": "ours",
        "commitment_1": "write it",
        "commitment_2": "",
        "commitment_3": "send it",
    }
    for _ in range(2):
        answer = as_(ada).post(url("log", over.pk), sent)
        assert (answer.status_code, answer["Location"]) == (302, url("session", over.pk))
    over.refresh_from_db()
    assert over.held_at
    assert list(over.turns.values_list("coachee__name", flat=True)) == ["Ben", "Ada"]
    assert (PrivateNote.objects.get().text, SharedNote.objects.get().text) == ("mine", "ours")
    assert sorted(one.text for one in Commitment.objects.all()) == ["send it", "write it"]


def test_a_minute_is_enough(over: CoachingSession, ada: Person, as_: As) -> None:
    """The form as it opens can be sent as it is."""
    form = as_(ada).get(url("log", over.pk)).context["form"]
    as_(ada).post(url("log", over.pk), as_shown(form))
    over.refresh_from_db()
    assert over.held_at
    assert list(over.turns.values_list("coachee__name", flat=True)) == ["Ada", "Ben"]


def test_a_page_left_open_does_not_undo_what_the_buddy_mended(
    over: CoachingSession, ada: Person, ben: Person, as_: As
) -> None:
    log(over, ada, Log("held", [ada, ben]))
    form = as_(ada).get(url("log", over.pk)).context["form"]
    shown = as_shown(form)
    initial = {bound.html_initial_name: bound.value() or "" for bound in form.turns()}
    log(over, ben, Log("held", [ben, ada]))
    as_(ada).post(url("log", over.pk), shown | initial | {"private_note": "a note"})
    assert list(over.turns.values_list("coachee__name", flat=True)) == ["Ben", "Ada"]
    changed = shown | initial | {"turn_1": ada.pk, "turn_2": "", "private_note": "a note"}
    as_(ada).post(url("log", over.pk), changed)
    assert list(over.turns.values_list("coachee__name", flat=True)) == ["Ada"]


LEFT_FOLDED = {
    "Share a note": False,
    "More to do": False,
    "Coached in turn: You, Ben": False,
    "How useful it was": False,
}


def test_what_a_log_may_say_besides_is_folded_until_it_is_said(over: CoachingSession, ada: Person, as_: As) -> None:
    client = as_(ada)
    assert folds(client.get(url("log", over.pk)).content.decode()) == LEFT_FOLDED
    sent = {"outcome": "held", "turn_1": ada.pk, "turn_2": "", "shared_note": "ours", "commitment_2": "b", "useful": 4}
    client.post(url("log", over.pk), sent)
    said = {"Share a note": True, "More to do": False, "Coached in turn: You": False, "How useful it was": True}
    assert folds(client.get(url("log", over.pk)).content.decode()) == said
    client.post(url("log", over.pk), sent | {"commitment_1": "a"})
    assert folds(client.get(url("log", over.pk)).content.decode()) == said | {"More to do": True}


def test_a_refused_log_unfolds_what_is_wrong_and_what_was_typed(
    over: CoachingSession, ada: Person, ben: Person, as_: As
) -> None:
    twice = {"outcome": "held", "turn_1": ben.pk, "turn_2": ben.pk, "commitment_3": "c"}
    page = as_(ada).post(url("log", over.pk), twice).content.decode()
    assert folds(page) == {"Share a note": False, "More to do": True} | {
        "Coached in turn: Ben, Ben": True,
        "How useful it was": False,
    }
    page = as_(ada).post(url("log", over.pk), {"outcome": "held", "shared_note": "x" * 8001, "useful": 7})
    assert folds(page.content.decode()) == {"Share a note": True, "More to do": False} | {
        "Coached in turn: Nobody, time ran out": False,
        "How useful it was": True,
    }


def test_a_refused_log_keeps_what_was_typed(over: CoachingSession, ada: Person, as_: As) -> None:
    sent = {
        "outcome": "held",
        "turn_1": ada.pk,
        "turn_2": ada.pk,
        "private_note": "typed in private",
        "shared_note": "typed to share",
        "commitment_1": "typed promise",
    }
    answer = as_(ada).post(url("log", over.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Each of you is coached once" in page
    for words in ("typed in private", "typed to share", "typed promise"):
        assert words in page
    over.refresh_from_db()
    assert not over.is_logged()


def test_what_did_not_begin_is_not_logged(session: CoachingSession, ada: Person, as_: As) -> None:
    for answer in (as_(ada).get(url("log", session.pk)), as_(ada).post(url("log", session.pk), {"outcome": "held"})):
        assert (answer.status_code, answer["Location"]) == (302, url("session", session.pk))
    session.refresh_from_db()
    assert not session.is_logged()


def test_commitments_come_back_at_the_next_session(
    pairing: Pairing, commitment: Commitment, ada: Person, ben: Person, now: datetime, make_session: Any, as_: As
) -> None:
    following = make_session(pairing, now - HOUR)
    assert as_(ada).post(url("log", following.pk), {"outcome": "held", "done": ["nonsense"]}).status_code == 422
    for page in ("session", "log"):
        for person in (ada, ben):
            assert "PROMISED-WORDS" in as_(person).get(url(page, following.pk)).content.decode()
    form = as_(ada).get(url("log", following.pk)).context["form"]
    assert [label for _, label in form.fields["done"].choices] == ["PROMISED-WORDS"]
    assert as_(ben).get(url("log", following.pk)).context["form"].fields["done"].choices == []
    for _ in range(2):
        answer = as_(ada).post(url("log", following.pk), {"outcome": "held", "done": [commitment.pk]})
        assert answer.status_code == 302
    commitment.refresh_from_db()
    assert commitment.done_at


def test_after_the_log_comes_the_next_session(
    pairing: Pairing, over: CoachingSession, ada: Person, ben: Person, now: datetime, make_session: Any, as_: As
) -> None:
    book, page = url("book", pairing.pk), url("session", over.pk)
    assert book not in as_(ada).get(page).content.decode()
    log(over, ada, Log("held", [ada, ben]))
    assert book in as_(ada).get(page).content.decode()
    theirs = as_(ben).get(page).content.decode()
    assert book not in theirs
    assert "Log this session" in theirs
    following = make_session(pairing, now + DAY)
    mine = as_(ada).get(page).content.decode()
    assert book not in mine
    assert f'You meet again on <a href="{url("session", following.pk)}">' in mine


def test_later_commitments_do_not_come_back_earlier(
    pairing: Pairing,
    over: CoachingSession,
    commitment: Commitment,
    ada: Person,
    now: datetime,
    make_session: Any,
    as_: As,
) -> None:
    before = make_session(pairing, now - 5 * DAY)
    for page in ("session", "log"):
        assert "PROMISED-WORDS" not in as_(ada).get(url(page, before.pk)).content.decode()


def test_ticking_a_commitment(commitment: Commitment, ada: Person, ben: Person, as_: As) -> None:
    address = url("commitment", commitment.pk)
    assert as_(ben).post(address).status_code == 404
    assert as_(ada).get(address).status_code == 405
    assert as_(ada).post(address, {"back": "/somewhere/"})["Location"] == "/somewhere/"
    commitment.refresh_from_db()
    assert commitment.done_at
    answer = as_(ada).post(address, {"done": "no", "back": "https://elsewhere.example/"})
    assert answer["Location"] == url("session", commitment.session_id)
    commitment.refresh_from_db()
    assert commitment.done_at is None


# --- how much is asked of the database


@pytest.mark.parametrize("page", ["session", "log"])
def test_queries_do_not_grow(
    page: str,
    pairing: Pairing,
    over: CoachingSession,
    ada: Person,
    ben: Person,
    now: datetime,
    make_session: Any,
    as_: As,
    django_assert_max_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_(ada)
    counts = []
    for days in (3, 2, 1.5):
        earlier = make_session(pairing, now - timedelta(days=days * 2))
        for person in (ada, ben):
            log(earlier, person, Log("held", [ada, ben], "x", "y", ["one", "two", "three"]))
        browser.get(url(page, over.pk))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url(page, over.pk)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]
