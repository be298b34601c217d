from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.urls import reverse

from buddying.models import Person
from matching.models import Pairing
from sessions_log import busy_calendars, fetching, tasks
from sessions_log.availability import mutual_free, suits_everybody
from sessions_log.busy_calendars import EVERY, Refused, connect, disconnect, refresh
from sessions_log.free_times import Interval
from sessions_log.models import BusyCalendar, BusyTime
from tests.sessions_log.calendar_server import Server, calendar_at, running

As = Callable[[Person | None], Client]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be told to Celery, by task and row."""
    found: list[str] = []
    for module in (busy_calendars, tasks):
        monkeypatch.setattr(module, "nudge", lambda task, pk: found.append(pk))
    return found


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Server]:
    settings.LOCAL_CALENDARS = True
    with running(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        yield server


@pytest.fixture
def meeting(now: datetime) -> datetime:
    return now.replace(minute=0, second=0) + 5 * DAY


@pytest.fixture
def calendar(server: Server, ada: Person, now: datetime, meeting: datetime) -> BusyCalendar:
    """Ada's, not fetched yet; it has one meeting."""
    server.says(200, calendar_at(meeting), ETag='"1"')
    return connect(ada, server.address, now)


def periods(person: Person) -> list[tuple[datetime, datetime]]:
    return [(time.period.lower, time.period.upper) for time in BusyTime.objects.filter(calendar__person=person)]


def test_only_intervals_are_kept(calendar: BusyCalendar, ada: Person, meeting: datetime, now: datetime) -> None:
    assert refresh(str(calendar.pk), now)
    assert periods(ada) == [(meeting, meeting + HOUR)]
    assert [field.name for field in BusyTime._meta.fields] == ["id", "calendar", "period"]
    calendar.refresh_from_db()
    assert (calendar.fetched_at, calendar.problem, calendar.etag) == (now, "", '"1"')


def test_busy_times_are_no_common_time(
    calendar: BusyCalendar, pairing: Pairing, ada: Person, ben: Person, meeting: datetime, now: datetime
) -> None:
    for person in (ada, ben):
        person.time_zone = "UTC"
        person.save()
        for weekday in range(7):
            person.windows.create(weekday=weekday, starts_at="00:00", minutes=1440)
    there = Interval(meeting - HOUR, meeting + 2 * HOUR)
    assert mutual_free([ada, ben], there) == [there]
    refresh(str(calendar.pk), now)
    assert mutual_free([ada, ben], there) == [
        Interval(meeting - HOUR, meeting),
        Interval(meeting + HOUR, meeting + 2 * HOUR),
    ]
    assert not suits_everybody([ada, ben], Interval(meeting, meeting + HOUR))


def test_the_address_is_a_secret(calendar: BusyCalendar, ada: Person, ben: Person, as_: As) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM sessions_log_busycalendar")
        assert b"token" not in bytes(cursor.fetchone()[0])
    page = as_(ada).get(reverse("sessions_log:dates")).content.decode()
    assert "Saved, and not shown again" in page
    assert "token=abc" not in page
    assert "127.0.0.1" not in page
    assert not BusyCalendar.objects.visible_to(ben).exists()
    assert "Saved, and not shown again" not in as_(ben).get(reverse("sessions_log:dates")).content.decode()


def test_one_address_after_another_is_not_knocked_at_at_once(ada: Person, now: datetime) -> None:
    connect(ada, "https://one.example/", now)
    disconnect(ada, now)
    again = connect(ada, "https://two.example/", now)
    assert again.next_fetch_at == now + MINUTE
    assert not refresh(str(again.pk), now)


def test_it_is_fetched_at_once_and_then_every_twenty_minutes(
    calendar: BusyCalendar, server: Server, now: datetime, enqueued: list[str]
) -> None:
    assert enqueued == [str(calendar.pk)]
    assert refresh(str(calendar.pk), now)
    for minutes in (0, 5, 19):
        assert not refresh(str(calendar.pk), now + minutes * MINUTE)
    assert len(server.asked) == 1
    assert list(BusyCalendar.objects.due(now + 19 * MINUTE)) == []
    assert list(BusyCalendar.objects.due(now + EVERY)) == [calendar]


def test_who_is_deactivated_is_left_alone(calendar: BusyCalendar, server: Server, ada: Person, now: datetime) -> None:
    ada.deactivated_at = now
    ada.save()
    assert not refresh(str(calendar.pk), now)
    assert server.asked == []


def test_beat_only_says_go(calendar: BusyCalendar, now: datetime, enqueued: list[str]) -> None:
    enqueued.clear()
    tasks.refresh_calendars()
    assert enqueued == [str(calendar.pk)]
    tasks.refresh_calendar(str(calendar.pk))
    enqueued.clear()
    tasks.refresh_calendars()
    assert enqueued == []


def test_nothing_new_keeps_what_is_known(
    calendar: BusyCalendar, server: Server, ada: Person, meeting: datetime, now: datetime
) -> None:
    refresh(str(calendar.pk), now)
    server.says(304)
    assert refresh(str(calendar.pk), now + EVERY)
    assert server.asked[1][1]["If-None-Match"] == '"1"'
    assert periods(ada) == [(meeting, meeting + HOUR)]
    calendar.refresh_from_db()
    assert calendar.fetched_at == now + EVERY


def test_what_changed_takes_the_place_of_what_was(
    calendar: BusyCalendar, server: Server, ada: Person, meeting: datetime, now: datetime
) -> None:
    refresh(str(calendar.pk), now)
    server.says(200, calendar_at(meeting + DAY))
    refresh(str(calendar.pk), now + EVERY)
    assert periods(ada) == [(meeting + DAY, meeting + DAY + HOUR)]


def test_a_failure_is_said_frees_nobody_and_is_tried_less_and_less(
    calendar: BusyCalendar, server: Server, ada: Person, meeting: datetime, now: datetime, as_: As
) -> None:
    refresh(str(calendar.pk), now)
    server.says(200, b"<!doctype html><title>Log in</title>")
    at, rests = now + EVERY, []
    for _ in range(8):
        assert refresh(str(calendar.pk), at)
        calendar.refresh_from_db()
        rests.append((calendar.next_fetch_at - at) // MINUTE)
        at = calendar.next_fetch_at
    assert rests == [20, 40, 80, 160, 320, 640, 720, 720]
    assert periods(ada) == [(meeting, meeting + HOUR)]
    page = as_(ada).get(reverse("sessions_log:dates")).content.decode()
    assert "That address answered with a page, not a calendar." in page
    server.says(200, calendar_at(meeting))
    refresh(str(calendar.pk), at)
    calendar.refresh_from_db()
    assert (calendar.problem, calendar.failures, calendar.next_fetch_at) == ("", 0, at + EVERY)


def test_every_problem_has_its_words() -> None:
    said = {
        *fetching.STATUS.values(),
        "refused",
        "unreachable",
        "insecure",
        "slow",
        "moved",
        "failed",
        "large",
        "page",
        "unreadable",
    }
    assert said == set(BusyCalendar.PROBLEMS)


def test_stopping_erases(calendar: BusyCalendar, ada: Person, now: datetime, as_: As) -> None:
    refresh(str(calendar.pk), now)
    as_(ada).post(reverse("sessions_log:disconnect_calendar"))
    assert not BusyCalendar.objects.exists()
    assert not BusyTime.objects.exists()
    disconnect(ada)
    assert not refresh(str(calendar.pk), now + DAY)


def test_another_address_erases_what_was_read_from_the_first(
    calendar: BusyCalendar, server: Server, ada: Person, now: datetime, enqueued: list[str]
) -> None:
    refresh(str(calendar.pk), now)
    enqueued.clear()
    assert connect(ada, server.address, now).fetched_at == now  # the same address: nothing changes
    assert enqueued == []
    other = connect(ada, server.address + "d", now + 10 * timedelta(seconds=1))
    assert (periods(ada), other.etag, other.fetched_at) == ([], "", None)
    assert not refresh(str(other.pk), now + timedelta(seconds=10))
    assert refresh(str(other.pk), now + MINUTE)
    assert BusyCalendar.objects.count() == 1


def test_an_address_changed_while_it_was_fetched_gets_nothing_of_the_old(
    calendar: BusyCalendar, ada: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch_while_it_changes(*args: str) -> fetching.Answer:
        BusyCalendar.objects.filter(pk=calendar.pk).update(added_at=now + MINUTE)
        return fetching.fetch(*args)

    monkeypatch.setattr(busy_calendars, "fetch", fetch_while_it_changes)
    refresh(str(calendar.pk), now)
    assert periods(ada) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_fetch_once(calendar: BusyCalendar, server: Server, now: datetime) -> None:
    def work(_: int) -> bool:
        try:
            return refresh(str(calendar.pk), now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [False, False, False, True]
    assert len(server.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_address_sent_twice_at_once_is_kept_once(ada: Person, enqueued: list[str]) -> None:
    both_are_ready = Barrier(2)

    def attempt() -> BusyCalendar:
        try:
            both_are_ready.wait(timeout=20)
            return connect(ada, "https://calendar.example.org/secret.ics")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        kept = {one.result() for one in [pool.submit(attempt), pool.submit(attempt)]}
    assert kept == {BusyCalendar.objects.get()}
    assert len(enqueued) == 1


def test_an_address_that_cannot_be_is_refused_at_once(ada: Person, as_: As) -> None:
    with pytest.raises(Refused, match="has to begin with https://"):
        connect(ada, "http://example.org/a.ics")
    sent = {"calendar-address": "http://example.org/typed.ics"}
    answer = as_(ada).post(reverse("sessions_log:connect_calendar"), sent)
    assert answer.status_code == 422
    assert "has to begin with https://" in answer.content.decode()
    assert "typed.ics" in answer.content.decode()
    assert not BusyCalendar.objects.exists()


def test_production_is_checked(settings: Any) -> None:
    def found() -> list[str | None]:
        return [message.id for message in run_checks() if message.id == "buddying.E005"]

    settings.PRODUCTION, settings.LOCAL_CALENDARS = True, True
    assert found() == ["buddying.E005"]
    settings.LOCAL_CALENDARS = False
    assert found() == []
