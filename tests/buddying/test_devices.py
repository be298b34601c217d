from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client

from buddying.devices import describe
from buddying.models import BrowserSession, Person
from buddying.sessions import kept_as

As = Callable[[Person | None], Client]
Code = Callable[[str], str]
LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture
def logs_in(code_sent_to: Code) -> Callable[..., Client]:
    def log_in(person: Person, browser: str = FIREFOX) -> Client:
        client = Client(headers={"User-Agent": browser})
        client.post(LOGIN, {"email": person.email})
        client.post(CONFIRM, {"code": code_sent_to(person.email or "")})
        assert "_auth_user_id" in client.session
        return client

    return log_in


def listed(client: Client) -> list[tuple[str, bool]]:
    return [(each.browser, each.is_this_one) for each in client.get("/me/devices/").context["devices"]]


def test_each_browser_is_listed_and_this_one_first(logs_in: Callable[..., Client], ada: Person, ben: Person) -> None:
    desk, phone = logs_in(ada), logs_in(ada, PHONE)
    logs_in(ben)
    assert listed(desk) == [("Firefox on Windows", True), ("Safari on an iPhone", False)]
    assert listed(phone) == [("Safari on an iPhone", True), ("Firefox on Windows", False)]


def test_one_is_ended_and_only_ones_own(logs_in: Callable[..., Client], ada: Person, ben: Person) -> None:
    desk, phone, bens = logs_in(ada), logs_in(ada, PHONE), logs_in(ben)
    key = BrowserSession.objects.get(browser="Safari on an iPhone").session_key
    assert bens.post(f"/me/devices/{key}/ending/").status_code == 404
    assert desk.get(f"/me/devices/{key}/ending/").status_code == 405
    assert desk.post(f"/me/devices/{key}/ending/")["Location"] == "/me/devices/"
    assert [each.get("/me/").status_code for each in (desk, phone, bens)] == [200, 302, 200]


def test_all_others_are_ended(logs_in: Callable[..., Client], ada: Person, ben: Person) -> None:
    desk, phone, bens = logs_in(ada), logs_in(ada, PHONE), logs_in(ben)
    desk.post("/me/devices/others/ending/")
    assert [each.get("/me/").status_code for each in (desk, phone, bens)] == [200, 302, 200]


def test_it_takes_as_many_queries_for_three_as_for_one(
    logs_in: Callable[..., Client], ada: Person, django_assert_max_num_queries: Any
) -> None:
    desk = logs_in(ada)
    desk.get("/me/devices/")
    with django_assert_max_num_queries(8):
        desk.get("/me/devices/")
    logs_in(ada, PHONE)
    logs_in(ada, PHONE)
    with django_assert_max_num_queries(8):
        assert len(desk.get("/me/devices/").context["devices"]) == 3


def test_logging_out_ends_it(logs_in: Callable[..., Client], ada: Person) -> None:
    client = logs_in(ada)
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert stolen.get("/me/").status_code == 200
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert stolen.get("/me/").status_code == 302
    assert not BrowserSession.objects.filter(person=ada).exists()


def test_logging_in_makes_a_new_key(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    planted = client.cookies["buddying_session"].value
    client.post(CONFIRM, {"code": code_sent_to("ada@example.org")})
    assert client.cookies["buddying_session"].value != planted
    assert not BrowserSession.objects.filter(session_key=kept_as(planted)).exists()


def test_a_copy_of_the_database_opens_no_session(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    code = code_sent_to("ada@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data FROM buddying_browsersession")
        [(key, data)] = cursor.fetchall()
    assert client.cookies["buddying_session"].value not in (key, data)
    assert "ada@example.org" not in data and code not in data
    client.post(CONFIRM, {"code": code})
    thief = Client()
    thief.cookies["buddying_session"] = BrowserSession.objects.get(person=ada).session_key
    assert thief.get("/me/").status_code == 302


def test_the_contents_of_one_session_do_not_open_in_another(
    logs_in: Callable[..., Client], ada: Person, ben: Person
) -> None:
    adas, bens = logs_in(ada), logs_in(ben)
    BrowserSession.objects.filter(person=ben).update(session_data=BrowserSession.objects.get(person=ada).session_data)
    assert (adas.get("/me/").status_code, bens.get("/me/").status_code) == (200, 302)


def test_without_its_key_a_session_is_over(logs_in: Callable[..., Client], ada: Person, settings: Any) -> None:
    client = logs_in(ada)
    settings.CONTENT_KEYS = {"k2": b"another key, of thirty-two bytes"}
    assert client.get("/me/").status_code == 302


def test_a_log_in_ends_without_a_visit_and_at_last_with_them(logs_in: Callable[..., Client], ada: Person) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        idle, busy = logs_in(ada), logs_in(ada)
        for day in range(20, 90, 20):
            clock.move_to(start + timedelta(days=day))
            assert busy.get("/me/").status_code == 200
        assert idle.get("/me/").status_code == 302
        clock.move_to(start + timedelta(days=90))
        assert busy.get("/me/").status_code == 302


def test_a_visit_is_noted_every_quarter_of_an_hour(logs_in: Callable[..., Client], ada: Person) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    seen = []
    with time_machine.travel(start, tick=False) as clock:
        client = logs_in(ada)
        for minutes in (14, 16, 29):
            clock.move_to(start + timedelta(minutes=minutes))
            client.get("/me/")
            seen.append(BrowserSession.objects.get(person=ada).seen_at)
    assert [moment - start for moment in seen] == [timedelta(minutes=each) for each in (0, 16, 16)]


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_what_a_browser_is_called(agent: str, called: str) -> None:
    assert describe(agent) == called
