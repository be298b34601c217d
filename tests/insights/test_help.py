"""The help of each role: whose it is, what is found, and that every way and every anchor leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from buddying.models import Cohort, Participant, Person
from insights.guidance.anchors import ANCHORS
from insights.guidance.entries import Entry
from insights.guidance.pages import PAGES
from insights.guidance.places import Places
from insights.guidance.visitor import GETTING_IN
from matching.models import Pairing
from tests.test_urlconf import routes

As = Callable[[Person | None], Client]
ENTRIES: list[Entry] = [entry for page in PAGES.values() for entry in page.entries()]


def roles_on(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/help/(taking-part|leading|administering)/", page)))


def test_each_question_has_a_place_of_its_own() -> None:
    slugs = [entry.slug for entry in ENTRIES] + [chapter.slug for page in PAGES.values() for chapter in page.chapters]
    assert sorted(slugs) == sorted(set(slugs))


def test_every_page_that_has_help_exists_and_so_does_its_question() -> None:
    assert set(ANCHORS) - set(routes(get_resolver().url_patterns)) == set()
    assert set(ANCHORS.values()) - {entry.slug for entry in ENTRIES} == set()


def test_people_see_the_help_of_the_roles_they_hold(
    as_: As, participants: dict[str, Participant], ada: Person, dora: Person, eve: Person, olga: Person
) -> None:
    seen = {person.name: roles_on(as_(person).get("/help/").content.decode()) for person in (ada, dora, eve, olga)}
    assert seen == {
        "Ada": ["taking-part"],
        "Dora": ["leading"],
        "Eve": ["taking-part"],
        "Olga": ["leading", "administering"],
    }
    assert as_(ada).get("/help/leading/").status_code == 404
    assert as_(dora).get("/help/leading/").status_code == 200


def test_a_visitor_reads_how_to_get_in_and_nothing_else(as_: As, cohort: Cohort) -> None:
    answer = as_(None).get("/help/?q=draft")
    assert [one.entry for one in answer.context["getting_in"]] == list(GETTING_IN.entries)
    assert (answer.context["pages"], answer.context["found"]) == ([], [])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_every_way_is_open_to_whoever_is_shown_it(
    entry: Entry, as_: As, pairing: Pairing, ada: Person, dora: Person, olga: Person
) -> None:
    shown = 0
    for person in (ada, dora, olga):
        client = as_(person)
        urls = [url for way in entry.ways if (url := Places(person).url(way.place)) and not url.startswith("/help/#")]
        assert [(url, status) for url in urls if (status := client.get(url, follow=True).status_code) != 200] == []
        shown += len(urls)
    assert shown or not entry.ways or {way.place for way in entry.ways} <= {"contacts", "confidence", "next-session"}


def test_a_person_without_a_pairing_is_led_to_none(participants: dict[str, Participant], cleo: Person) -> None:
    places = Places(cleo)
    assert [places.url(name) for name in ("book", "another-buddy", "led-cohort", "overview")] == [""] * 4
    assert places.url("nominations") == f"/cohorts/{participants['Cleo'].cohort_id}/nominations/"


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("book", "book"),
        ("does not ANSWER", "no-answer"),
        ("outlook", "calendar"),
        ("boss", "lead-sees"),
        ("agreement pangolin", None),
    ],
)
def test_questions_are_found_by_their_words(
    asked: str, first: str | None, as_: As, pairing: Pairing, ada: Person
) -> None:
    found = as_(ada).get("/help/", {"q": asked}).context["found"]
    assert next((one.entry.slug for one in found), None) == first


def test_what_is_found_comes_alone_to_htmx(as_: As, pairing: Pairing, ada: Person) -> None:
    page = as_(ada).get("/help/", {"q": "book"}, headers={"HX-Request": "true", "HX-Target": "answers"})
    assert page.content.decode().lstrip().startswith('<div id="answers"')
    assert reverse("sessions_log:book", args=[pairing.pk]) in page.content.decode()


def test_what_is_typed_is_shown_as_typed(as_: As, ada: Person) -> None:
    page = as_(ada).get("/help/", {"q": "<b>" + "x" * 500}).content.decode()
    assert ("<b>x" in page, f"&lt;b&gt;{'x' * 97}”" in page) == (False, True)


def test_a_page_of_the_product_leads_to_its_question(
    as_: As, pairing: Pairing, ada: Person, dora: Person, django_assert_num_queries: Any
) -> None:
    page = as_(ada).get(f"/pairings/{pairing.pk}/sessions/new/").content.decode()
    assert 'href="/help/with/book/"' in page
    assert as_(ada).get("/help/with/book/").headers["Location"] == "/help/taking-part/#book"
    assert as_(dora).get("/help/with/draft/").headers["Location"] == "/help/leading/#draft"
    assert as_(dora).get("/help/with/book/").headers["Location"] == "/help/#book"
    assert "/help/with/" not in as_(ada).get("/help/").content.decode()


def test_a_long_page_of_help_asks_for_each_row_once(
    as_: As, pairing: Pairing, ada: Person, django_assert_max_num_queries: Any
) -> None:
    client = as_(ada)
    client.get("/help/taking-part/")
    with django_assert_max_num_queries(16):
        client.get("/help/taking-part/")
