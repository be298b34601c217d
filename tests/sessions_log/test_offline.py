"""What the worker keeps: a page with the guide of the next session, and nothing of anybody's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from buddying.models import Organisation, Person
from buddying.session_guide import usual
from matching.models import Pairing
from sessions_log import booking

SHARED = ("/manifest.webmanifest", "/service-worker.js")
Opens = Callable[[Person | None], Client]


@pytest.fixture
def own_words(pairing: Pairing, ada: Person) -> None:
    """Ada and Ben meet in three days, in a programme with a guide of its own."""
    programme = pairing.cohort.programme
    programme.guide = {
        "preparation": "Bring a stone.",
        "phases": [{"name": "Arriving", "aim": "Be there.", "questions": ["What is the weather?"], "share": 1}],
        "cards": [],
    }
    programme.save()
    booking.book(pairing, timezone.now() + timedelta(days=3), 90, "Room 4", by=ada)


def main_of(answer: object) -> str:
    source = answer.content.decode()  # type: ignore[attr-defined]
    return source.partition("<main")[2].partition("</main>")[0]


def test_the_manifest_names_the_organisation(client: Client, db: None) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Alder & Birch"})
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == "Buddying at Alder & Birch"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    assert [icon for icon in manifest["icons"] if not finders.find(icon["src"].removeprefix("/static/"))] == []


def test_the_worker_keeps_files_that_are_there_and_one_page(client: Client, db: None) -> None:
    answer = client.get("/service-worker.js")
    source = answer.content.decode()
    parts = json.loads(re.findall(r"const PARTS = (.*);", source)[0])
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert [part for part in parts if not finders.find(part.removeprefix("/static/"))] == []
    assert re.findall(r'const PAGE = "(.*)";', source) == ["/offline/"]


@pytest.mark.parametrize("address", SHARED)
def test_these_are_the_same_for_everybody(address: str, ada: Person, dora: Person, as_: Opens) -> None:
    answers = [as_(who).get(address) for who in (None, ada, dora)]
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=3600"}


def test_a_visitor_has_the_usual_guide(client: Client, db: None) -> None:
    answer = client.get("/offline/")
    asked = [question for phase in usual().phases for question in phase.questions]
    assert [line for line in (*asked, *usual().cards) if line not in answer.content.decode()] == []
    assert answer.cookies == {}


def test_without_a_session_it_is_the_same_for_everybody(
    ada: Person, dora: Person, as_: Opens, pairing: Pairing
) -> None:
    assert len({main_of(as_(who).get("/offline/")) for who in (None, ada, dora)}) == 1


@pytest.mark.usefixtures("own_words")
def test_whoever_meets_next_has_the_words_of_their_programme(ada: Person, cleo: Person, as_: Opens) -> None:
    answer = as_(ada).get("/offline/")
    assert "What is the weather?" in main_of(answer)
    assert "Bring a stone." in main_of(answer)
    assert "Arriving, about 45 minutes" in main_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"  # for every cache but the worker's own
    assert "What is the weather?" not in main_of(as_(cleo).get("/offline/"))


@pytest.mark.usefixtures("own_words")
def test_nothing_of_anybody_is_in_it(ada: Person, ben: Person, as_: Opens) -> None:
    """Nor a token, nor a message that was meant for another page."""
    client = as_(ada)
    client.get("/")
    source = client.get("/offline/").content.decode()
    session = ben.participations.get().seats.get().pairing.sessions.get()
    told = [ada.name, ben.name, ada.email, "Room 4", str(session.starts_at.year), "csrfmiddlewaretoken"]
    assert [what for what in told if what in source] == []
    assert '"X-CSRFToken": ""' in source


def test_no_second_factor_is_asked_for(dora: Person, client: Client) -> None:
    """A browser that is sent elsewhere would drop the worker."""
    dora.authenticator_set.all().delete()
    client.force_login(dora)
    assert [client.get(address).status_code for address in (*SHARED, "/offline/")] == [200, 200, 200]
