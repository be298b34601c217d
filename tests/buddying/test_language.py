"""A person reads in their language, on pages and in mail; a visitor in the browser's until they choose."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from buddying.models import Person

As = Callable[[Person], Client]
LANGUAGE, LOG_IN = reverse("buddying:language"), reverse("account_request_login_code")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("browser", "shown"),
    [("de-AT,de;q=0.9", "de"), ("en-US", "en-gb"), ("cy", "en-gb"), ("", "en-gb"), ("x" * 600, "en-gb")],
)
def test_a_visitor_reads_in_the_browsers_language(client: Client, browser: str, shown: str) -> None:
    page = client.get(LOG_IN, headers={"Accept-Language": browser})
    assert f'<html lang="{shown}"' in page.content.decode()
    assert page.headers["Content-Language"] == shown
    assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize(("shown", "offered"), [("en-gb", "Deutsch"), ("de", "English")])
def test_each_language_is_offered_in_its_own_words(client: Client, shown: str, offered: str) -> None:
    page = client.get(LOG_IN, headers={"Accept-Language": shown}).content.decode()
    assert re.findall(r'name="language" value="[^"]*" lang="[^"]*">([^<]*)<', page) == [offered]


@pytest.mark.django_db
def test_a_visitors_choice_is_kept_in_the_browser(client: Client) -> None:
    answer = client.post(LANGUAGE, {"language": "de", "next": LOG_IN})
    assert answer.headers["Location"] == LOG_IN
    kept = answer.cookies["buddying_language"]
    assert (kept["samesite"], kept["httponly"], kept["path"], kept["domain"]) == ("Lax", True, "/", "")
    assert client.get(LOG_IN, headers={"Accept-Language": "en"}).headers["Content-Language"] == "de"


def test_a_persons_choice_is_theirs_in_every_browser(ada: Person, as_: As) -> None:
    as_(ada).post(LANGUAGE, {"language": "de", "next": "/me/"})
    ada.refresh_from_db()
    assert ada.language == "de"
    assert as_(ada).get("/me/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "xx", "cy", "de\0", "../de"])
def test_no_other_language_is_taken(client: Client, language: str) -> None:
    assert "buddying_language" not in client.post(LANGUAGE, {"language": language}).cookies


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_way_back_leads_nowhere_else(client: Client, page: str) -> None:
    assert client.post(LANGUAGE, {"language": "de", "next": page}).headers["Location"] == "/"


def test_a_page_that_answers_a_form_offers_no_way_to_lose_what_was_typed(ada: Person, as_: As) -> None:
    """The way back is a link: some of these addresses take forms only, and none would know what was typed."""
    dates, leave = reverse("sessions_log:dates"), reverse("sessions_log:add_leave")
    shown = as_(ada).get(dates).content.decode()
    refused = as_(ada).post(leave, {"leave-first_day": "tomorrow"})
    assert (refused.status_code, "tomorrow" in refused.content.decode()) == (422, True)
    assert ['name="language"' in page for page in (shown, refused.content.decode())] == [True, False]
