"""Two people meet, each at a device of their own: one clock, pads that stay apart, a connection that comes and goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from matching.models import Pairing
from sessions_log import meeting
from sessions_log.models import CoachingSession, PrivateNote, RunningTurn
from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.test_pages import NARROW, TOO_WIDE
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
SOON = 40_000  # milliseconds: a device asks every three seconds
MINUTE = timedelta(minutes=1)
PRIVATE, SHARED = "My private pad", "A note to share"


@pytest.fixture(scope="module")
def pairing(product: Product) -> Pairing:
    with product.models():
        cast = Cast.enters(product.now())
        cohort = cast.cohort("Spring", days_to_start=-40)
        pairing = cast.pair(*(cast.takes_part(person(name), cohort) for name in ("Ada", "Ben")))
        cast.meets(pairing, product.now() - timedelta(days=9), log=True)
        return pairing


@pytest.fixture
def session(product: Product, pairing: Pairing) -> CoachingSession:
    """Begins in five minutes."""
    with product.models():
        pairing.sessions.filter(starts_at__gt=product.now() - timedelta(days=1)).delete()
        return CoachingSession.objects.create(pairing=pairing, starts_at=product.now() + 5 * MINUTE, place="Room 4")


@pytest.fixture(scope="module")
def logged_in() -> dict[str, Any]:
    return {}


@pytest.fixture
def both(
    arrives: Callable[..., Visitor], session: CoachingSession, product: Product, logged_in: dict[str, Any]
) -> list[Visitor]:
    """Ada at a desk, Ben at a telephone whose clock is three hours slow."""
    ada, ben = arrives("Ada"), arrives("Ben", viewport=NARROW)
    ben.page.clock.set_system_time(product.now() - timedelta(hours=3))
    for visitor in (ada, ben):
        enter(visitor, logged_in)
        visitor.open(f"/sessions/{session.pk}/meet/")
    return [ada, ben]


def enter(visitor: Visitor, logged_in: dict[str, Any]) -> None:
    """By a code the first time, for nobody is given more than three a minute."""
    if visitor.name not in logged_in:
        visitor.log_in()
        logged_in[visitor.name] = visitor.context.cookies()
    visitor.context.add_cookies(logged_in[visitor.name])


def left(visitor: Visitor) -> int:
    """Seconds on the clock."""
    clock = visitor.page.locator("[data-clock-whole]")
    expect(clock).to_have_text(re.compile(r"^\d+:\d\d$"))  # the page is told before its clock runs
    minutes, seconds = clock.inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def headline(visitor: Visitor, text: str) -> None:
    expect(visitor.page.locator("#meeting-title")).to_have_text(text, timeout=SOON)


def in_step(ada: Visitor, ben: Visitor) -> None:
    """Within a second, once each has asked twice."""
    for visitor in (ada, ben):
        for _ in range(2):
            with visitor.page.expect_response(lambda answer: "seen=" in answer.url):
                pass
    before, between, after = left(ada), left(ben), left(ada)
    assert after - 1 <= between <= before + 1


def saved(visitor: Visitor) -> None:
    expect(visitor.page.locator("[data-saved]")).to_be_visible(timeout=SOON)


def write(visitor: Visitor, pad: str, text: str) -> None:
    field = visitor.page.get_by_label("A note for yourself" if pad == PRIVATE else pad)
    if pad == PRIVATE and not field.is_visible():
        visitor.page.get_by_text(PRIVATE).click()
    with visitor.page.expect_response(lambda answer: answer.url.endswith("/meet/pads/")):
        field.fill(text)


def test_two_devices_in_step(both: list[Visitor], session: CoachingSession, product: Product) -> None:
    ada, ben = both
    headline(ada, "Ben is coached first")
    ada.page.get_by_role("button", name="I go first").click()
    headline(ben, "Ada is coached first")
    ben.page.get_by_role("button", name="I go first").click()
    headline(ada, "Ben is coached first")
    ben.page.get_by_role("button", name="Begin").click()
    headline(ben, "Your turn: Ada coaches you")
    headline(ada, "You coach Ben")
    in_step(ada, ben)
    assert 29 * 60 < left(ada) <= 30 * 60
    expect(ben.page.locator("[data-clock-on] summary")).to_contain_text("Orientation")
    assert ben.page.evaluate(TOO_WIDE) == []

    ben.page.reload()
    headline(ben, "Your turn: Ada coaches you")
    in_step(ada, ben)

    with product.models():
        RunningTurn.objects.update(started_at=product.now() - 10 * MINUTE)
    for visitor in both:
        expect(visitor.page.locator("[data-clock-on] summary")).to_contain_text("Shared scrutiny", timeout=SOON)
        expect(visitor.page.get_by_text("What else could be true?", exact=True)).to_be_visible()
    ada.page.get_by_role("button", name="Change places").click()
    headline(ben, "You coach Ada")
    in_step(ada, ben)
    ben.page.get_by_role("button", name="End the turns").click()
    headline(ada, "What do you take along?")

    ada.fill("One thing", "Ask Mira herself.")
    ada.page.get_by_role("group", name="How useful was it for you?").get_by_text("4", exact=True).click()
    ada.press("Close, and log it")
    ada.sees("Ask Mira herself.")
    ben.press("Close, and log it")
    ben.sees("Ask Mira herself.")
    with product.models():
        assert list(session.turns.values_list("coachee__name", "minutes")) == [("Ben", 10), ("Ada", 1)]
        assert session.logs.count() == 2
    assert ada.troubles + ben.troubles == []


def test_pads_stay_apart_and_survive_a_reload(both: list[Visitor], product: Product) -> None:
    ada, ben = both
    write(ada, PRIVATE, "Hers-alone")
    write(ben, PRIVATE, "His-alone")
    write(ada, SHARED, "We begin with Mira.")
    expect(ben.page.locator("#their-pads")).to_contain_text("We begin with Mira.", timeout=SOON)
    write(ben, SHARED, "And then with me.")
    expect(ada.page.locator("#their-pads")).to_contain_text("And then with me.", timeout=SOON)
    for visitor in both:
        saved(visitor)
        visitor.page.reload()
    ada.does_not_read("His-alone")
    ben.does_not_read("Hers-alone")
    expect(ada.page.get_by_label("A note for yourself")).to_have_value("Hers-alone")
    expect(ben.page.get_by_label(SHARED)).to_have_value("And then with me.")
    assert "alone" not in ada.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert ada.troubles + ben.troubles == []


def test_a_connection_that_comes_and_goes(both: list[Visitor], product: Product) -> None:
    ada, ben = both
    ada.page.get_by_role("button", name="Begin").click()
    headline(ben, "Your turn: Ada coaches you")
    before = left(ben)
    ben.context.set_offline(True)
    lost = ben.page.get_by_text("No connection; the clock goes on.")
    expect(lost).to_be_visible(timeout=SOON)
    ben.page.get_by_label(SHARED).fill("Written on the train.")
    expect(ben.page.get_by_text("Not saved yet.")).to_be_visible(timeout=SOON)
    ben.button("Close, and log it").click()
    expect(ben.page.get_by_label(SHARED)).to_have_value("Written on the train.")
    ada.page.get_by_role("button", name="Change places").click()
    headline(ada, "Your turn: Ben coaches you")
    assert left(ben) < before
    ben.context.set_offline(False)
    headline(ben, "You coach Ada")
    expect(lost).to_be_hidden()
    saved(ben)
    in_step(ada, ben)
    expect(ada.page.locator("#their-pads")).to_contain_text("Written on the train.", timeout=SOON)
    assert ada.troubles == []
    expected = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    assert [one for one in ben.troubles if not any(words in one for words in expected)] == []


def test_what_is_typed_outlives_the_login(both: list[Visitor], session: CoachingSession, product: Product) -> None:
    ada, _ = both
    ada.context.clear_cookies()
    ada.page.get_by_text(PRIVATE).click()
    ada.page.get_by_label("A note for yourself").fill("Typed after the log-in had gone.")
    expect(ada.page.locator("[data-connection-out]")).to_be_visible(timeout=SOON)
    ada.button("Close, and log it").click()
    expect(ada.page.get_by_label("A note for yourself")).to_have_value("Typed after the log-in had gone.")

    there = ada.page
    with ada.context.expect_page() as opened:
        there.get_by_role("link", name="log in in another tab").click()
    ada.page = opened.value
    ada.log_in()
    ada.page = there
    saved(ada)
    expect(there.locator("[data-connection-out]")).to_be_hidden(timeout=SOON)
    with product.models():
        assert [note.text for note in PrivateNote.objects.filter(session=session)] == [
            "Typed after the log-in had gone."
        ]
    there.get_by_role("button", name="Begin").click()
    headline(ada, "You coach Ben")


def test_one_sheet_of_paper(both: list[Visitor], session: CoachingSession, product: Product) -> None:
    ada, _ = both
    with product.models():
        meeting.keep_notes(session, session.pairing.people()[0], "Hers-alone", "")
    ada.page.reload()
    paper = ada.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    ada.page.emulate_media(media="print")
    expect(ada.page.locator(".sheet")).to_contain_text("What could get in the way, and who can help?")
    expect(ada.page.get_by_label("A note for yourself")).to_be_hidden()


def test_without_a_script(session: CoachingSession, arrives: Callable[..., Visitor], logged_in: dict[str, Any]) -> None:
    ben = arrives("Ben", java_script_enabled=False)
    enter(ben, logged_in)
    ben.open("/")
    ben.follow("Open the page")
    ben.press("Begin")
    ben.sees(re.compile("^until"))
    expect(ben.page.locator("[data-clock-whole]")).to_be_hidden()
    ben.page.get_by_label(SHARED).fill("By hand.")
    ben.press("Save the pads")
    expect(ben.page.get_by_label(SHARED)).to_have_value("By hand.")
    ben.press("Change places")
    ben.fill("One thing", "Go home.")
    ben.press("Close, and log it")
    ben.sees("Go home.")
