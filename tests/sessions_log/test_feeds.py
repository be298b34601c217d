"""The personal feed, its secret address, and what sessions are called in somebody's calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing
from outbox import delivery
from outbox.models import Message
from sessions_log import feeds
from sessions_log.booking import book, cancel, move
from sessions_log.models import CoachingSession, OwnCalendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE, NEW, REMOVAL = "/me/calendar/", "/me/calendar/address/", "/me/calendar/address/removal/"


@pytest.fixture
def url(ada: Person) -> str:
    """Of Ada's feed."""
    return f"/calendar/{OwnCalendar(person=ada).make_address()}.ics"


def events(url: str) -> list[tuple[str, datetime, int]]:
    answer = Client().get(url)
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [(str(event["summary"]), event.start, event["sequence"]) for event in found]


def test_all_my_sessions_of_the_past_month_and_to_come(
    url: str,
    pairing: Pairing,
    participants: dict[str, Participant],
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
    make_cohort: Callable[..., Cohort],
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    now: datetime,
) -> None:
    earlier = make_cohort("Autumn", days_since_start=60)
    ada, ben, cleo = (take_part(one.person, earlier) for one in participants.values())
    third = make_pairing(ada, cleo)
    others = make_pairing(ben, take_part(make_person("Finn"), earlier))
    for ahead in (-31, -29, 3, 80):
        make_session(pairing, now + ahead * DAY)
    make_session(third, now - 5 * DAY)
    make_session(others, now - 6 * DAY)
    third.close()
    make_session(pairing, now + 4 * DAY, cancelled_at=now)
    expected = [now + ahead * DAY for ahead in (-29, -5, 3, 80)]
    assert events(url) == [("Buddying session", starts_at, 0) for starts_at in expected]


def test_it_is_one_calendar_that_every_reader_understands(url: str, session: CoachingSession) -> None:
    answer = Client().get(url)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    lines = answer.content.decode().split("\r\n")
    for line in ("METHOD:PUBLISH", "NAME:Buddying", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", f"UID:{session.uid}"):
        assert lines.count(line) == 1
    assert b"ATTENDEE" not in answer.content


def test_it_is_kept_nowhere_and_found_by_no_search(url: str) -> None:
    headers = Client().get(url).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_what_has_not_changed_is_not_sent_again(url: str, session: CoachingSession, ada: Person, now: datetime) -> None:
    first = Client().get(url)
    for known in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = Client().get(url, headers=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    with time_machine.travel(now + 2 * HOUR, tick=False):
        move(session, session.starts_at + DAY, 60, "", by=ada)
        for known in (
            {"If-None-Match": first.headers["ETag"]},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        ):
            assert Client().get(url, headers=known).status_code == 200


@pytest.mark.parametrize("change", ["cancel", "release", "titles"])
def test_whatever_changes_the_feed_makes_it_new(
    url: str, session: CoachingSession, ada: Person, now: datetime, change: str
) -> None:
    first = Client().get(url)
    later = now + 2 * HOUR
    if change == "cancel":
        cancel(session, by=ada, at=later)
    elif change == "release":
        session.seats.filter(person=ada).update(released_at=later)
    else:
        OwnCalendar.objects.of(ada).choose_titles(OwnCalendar.NAMES, at=later)
    second = Client().get(url)
    assert second.content != first.content
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.headers["Last-Modified"] == later.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_the_same_sessions_are_the_same_bytes(session: CoachingSession, ada: Person, now: datetime) -> None:
    own = OwnCalendar(person=ada)
    assert feeds.feed_of(own, now).content == feeds.feed_of(own, now + DAY).content


# --- Its address


def shown(page: Any) -> str:
    return str(page.content.decode().split('readonly value="')[1].split('"')[0])


def test_an_address_is_shown_once_and_kept_as_a_hash(
    as_: Callable[[Person], Client], ada: Person, session: CoachingSession
) -> None:
    client = as_(ada)
    address = shown(client.post(NEW))
    assert address.startswith("http://localhost:8000/calendar/")
    secret = address.removeprefix("http://localhost:8000/calendar/").removesuffix(".ics")
    assert len(secret) == 43
    assert len(events(f"/calendar/{secret}.ics")) == 1
    assert secret not in client.get(PAGE).content.decode()
    assert secret not in str(list(OwnCalendar.objects.values())) + str(dict(client.session))


def test_a_new_address_ends_the_old_one_at_once_and_asks_first(
    as_: Callable[[Person], Client], ada: Person, url: str
) -> None:
    client = as_(ada)
    assert "Make a new address?" in client.post(NEW).content.decode()
    assert "Make a new address?" in client.get(NEW).content.decode()
    assert Client().get(url).status_code == 200
    address = shown(client.post(NEW, {"confirmed": "yes"}))
    assert Client().get(url).status_code == 404
    assert Client().get(address.removeprefix("http://localhost:8000")).status_code == 200
    assert OwnCalendar.objects.count() == 1


def test_the_first_address_asked_for_twice_at_once_is_one(ada: Person, db: None) -> None:
    """Both have looked before either has a row."""
    first, second = OwnCalendar.objects.of(ada), OwnCalendar.objects.of(ada)
    first.make_address()
    secret = second.make_address()
    assert OwnCalendar.objects.at_address(secret) == OwnCalendar.objects.get() == second


def test_a_feed_is_removed_after_a_question(as_: Callable[[Person], Client], ada: Person, url: str) -> None:
    client = as_(ada)
    assert "Remove your feed?" in client.post(REMOVAL).content.decode()
    assert Client().get(url).status_code == 200
    client.post(REMOVAL, {"confirmed": "yes"})
    assert Client().get(url).status_code == 404
    assert "Make an address" in client.get(PAGE).content.decode()
    client.post(REMOVAL, {"confirmed": "yes"})
    assert client.get(PAGE).status_code == 200


def test_who_may_not_come_in_has_no_feed(url: str, ada: Person, now: datetime) -> None:
    Person.objects.filter(pk=ada.pk).update(deactivated_at=now)
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, "é", "..", "%00"])
def test_any_other_address_is_nobodys(url: str, ben: Person, secret: str) -> None:
    OwnCalendar(person=ben).choose_titles(OwnCalendar.NAMES)  # a row without an address
    assert Client().get(f"/calendar/{secret}.ics").status_code in (400, 404)


def test_who_asks_too_often_waits(url: str, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as clock:
        statuses = [Client().get(url).status_code for _ in range(21)]
        assert statuses == [200] * 20 + [429]
        clock.shift(timedelta(minutes=1))
        assert Client().get(url).status_code == 200


def test_it_is_only_read(url: str) -> None:
    assert [Client().post(url).status_code, Client().head(url).status_code] == [405, 200]


@pytest.mark.parametrize("fields", [{"secret_digest": "x"}, {"made_at": timezone.now()}, {"titles": "everything"}])
def test_a_row_makes_sense(ada: Person, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        OwnCalendar.objects.create(person=ada, **fields)


# --- Titles


def test_titles_are_neutral_until_somebody_chooses_otherwise(
    as_: Callable[[Person], Client], ada: Person, ben: Person, session: CoachingSession
) -> None:
    urls = [f"/calendar/{OwnCalendar.objects.of(person).make_address()}.ics" for person in (ada, ben)]
    answer = as_(ada).post(PAGE, {"titles": "names"})
    assert answer.headers["Location"] == PAGE
    assert [events(url)[0][0] for url in urls] == ["Buddying with Ben", "Buddying session"]
    assert b"SUMMARY:Buddying with Ben\r\n" in as_(ada).get(f"/sessions/{session.pk}/calendar.ics").content
    assert b"SUMMARY:Buddying session\r\n" in as_(ben).get(f"/sessions/{session.pk}/calendar.ics").content


def test_a_title_that_is_none_is_refused(as_: Callable[[Person], Client], ada: Person) -> None:
    assert as_(ada).post(PAGE, {"titles": "everything"}).status_code == 422
    assert OwnCalendar.objects.count() == 0


def test_of_three_both_others_are_named(
    participants: dict[str, Participant],
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
    ada: Person,
    now: datetime,
) -> None:
    make_session(make_pairing(*participants.values()), now + DAY)
    OwnCalendar(person=ada).choose_titles(OwnCalendar.NAMES)
    address = OwnCalendar.objects.of(ada).make_address()
    assert events(f"/calendar/{address}.ics")[0][0] == "Buddying with Ben and Cleo"


def test_the_choice_holds_for_mails_to_me_and_for_nobody_elses(
    pairing: Pairing, ada: Person, ben: Person, now: datetime
) -> None:
    OwnCalendar(person=ada).choose_titles(OwnCalendar.NAMES)
    book(pairing, now + 3 * DAY, 60, "", by=ada, at=now)
    assert [summary_of(person, now) for person in (ada, ben)] == ["Buddying with Ben", "Buddying session"]


def summary_of(person: Person, at: datetime) -> str:
    written = delivery.write(Message.objects.get(kind="session_booked", recipient=person), at)
    assert isinstance(written, bytes)
    *_, file = message_from_bytes(written, policy=policy.default).walk()
    return str(Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")[0]["summary"])  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_session_as_for_three(
    pairing: Pairing,
    participants: dict[str, Participant],
    make_pairing: Callable[..., Pairing],
    make_session: Callable[..., CoachingSession],
    ada: Person,
    now: datetime,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for day in range(count):
        make_session(pairing, now + (day + 1) * DAY)
    own = OwnCalendar(person=ada, titles=OwnCalendar.NAMES)
    with django_assert_num_queries(4):
        feeds.feed_of(own)


def test_stamps_are_those_of_the_last_change(session: CoachingSession, ada: Person) -> None:
    CoachingSession.objects.update(arranged_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC))
    assert b"DTSTAMP:20260304T050607Z\r\n" in feeds.feed_of(OwnCalendar(person=ada)).content
