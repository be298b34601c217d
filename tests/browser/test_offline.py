"""Without a connection: the guide can be read, nothing personal was kept, and with one everything is as before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from buddying.models import Programme
from sessions_log.models import CoachingSession
from tests.browser.axe import violations
from tests.browser.cast import DAY, Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found.filter((path) => !path.startsWith("/static/"));
}"""
THEIRS = "caches.open('guide').then((guide) => guide.match('/offline/')).then((page) => Boolean(page))"
OWN, USUAL = "What is the weather in you?", "What could get in the way, and who can help?"


@pytest.fixture
def session(product: Product) -> CoachingSession:
    """In three days, in a programme with a guide of its own."""
    with product.models():
        cast = Cast.enters(product.now())
        phase = {"name": "Arriving", "aim": "Be there.", "questions": [OWN], "share": 1}
        Programme.objects.update(guide={"phases": [phase]})
        cohort = cast.cohort("Spring", days_to_start=-40)
        pairing = cast.pair(*(cast.takes_part(person(name), cohort) for name in ("Ada", "Ben")))
        return cast.meets(pairing, cast.now + 3 * DAY)


def test_the_guide_without_a_connection(
    product: Product, session: CoachingSession, arrives: Callable[..., Visitor]
) -> None:
    ada = arrives("Ada")
    ada.log_in()
    ada.page.wait_for_function(CONTROLLED)
    there = f"/sessions/{session.pk}/"
    ada.open(there)
    ada.sees("Room 4")
    ada.page.wait_for_function(THEIRS)
    assert set(ada.page.evaluate(KEPT)) == {"/offline/"}

    without_a_connection(ada, there)
    ada.context.set_offline(False)
    with ada.page.expect_navigation():
        ada.link("Try again").click()
    ada.sees("Room 4")

    ada.page.locator(".account summary").click()
    ada.press("Log out")  # which clears the worker too; the page that follows has it anew
    ada.page.wait_for_function(CONTROLLED)
    with ada.expecting_refusals():
        product.stop("web")
        with suppress(Error):  # of the connection, before the worker answers in its place
            ada.page.goto("/")
        ada.sees(USUAL)
        ada.does_not_read(OWN)
    assert [one for one in ada.troubles if "503" not in one] == []  # of the page that is shown then


def without_a_connection(ada: Visitor, there: str) -> None:
    with ada.expecting_refusals():
        ada.context.set_offline(True)
        answer = ada.page.goto(there)
        assert answer is not None and answer.status == 503
        ada.sees("There is no connection")
        ada.sees(OWN)
        for personal in ("Ada", "Ben", "Room 4"):
            ada.does_not_read(personal)
        expect(ada.link("Try again")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")  # its style is there
        assert violations(ada.page) == []
