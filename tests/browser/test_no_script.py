"""The product without JavaScript: what everybody does, from signing up to reflecting."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from buddying.models import Cohort
from matching.execution import execute
from matching.models import MatchRun, Pairing
from sessions_log.models import CoachingSession
from tests.browser.cast import DAY, HOUR, Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")


@pytest.fixture(scope="module")
def cast(product: Product) -> Cast:
    with product.models():
        return Cast.enters(product.now())


@pytest.fixture(scope="module")
def signing_up(product: Product, cast: Cast) -> Cohort:
    with product.models():
        cohort = cast.cohort("Summer", days_to_start=21)
        for name in ("Cleo", "Hana", "Ivo"):
            cast.takes_part(person(name), cohort)
        return cohort


@pytest.fixture(scope="module")
def pairing(product: Product, cast: Cast) -> Pairing:
    with product.models():
        cohort = cast.cohort("Spring", days_to_start=-40)
        return cast.pair(*(cast.takes_part(person(name), cohort) for name in ("Ada", "Ben")))


@pytest.fixture
def without_scripts(arrives: Callable[..., Visitor]) -> Callable[[str], Visitor]:
    return lambda name: arrives(name, java_script_enabled=False)


def test_signing_up_and_naming_buddies(signing_up: Cohort, without_scripts: Callable[[str], Visitor]) -> None:
    kim = without_scripts("Kim")
    kim.open(f"/join/{signing_up.join_token}/")
    kim.fill("Your name", "Kim Osei")
    kim.fill("Your e-mail address at work", kim.address)
    kim.enter_code(kim.button("Send me a code and join"))

    kim.fill(re.compile("^What I work on", re.IGNORECASE), "Saying no in time")
    kim.fill(re.compile("^What great support looks like", re.IGNORECASE), "Ask me hard questions.")
    kim.press("Save and go on to your hours")
    kim.fill("Hours a month I can give", "3")
    kim.press("Weekday mornings")
    expect(kim.page.get_by_role("checkbox", name=re.compile("^Monday, morning"))).to_be_checked()
    expect(kim.page.get_by_label("Hours a month I can give")).to_have_value("3")
    kim.page.get_by_role("checkbox", name=re.compile("^Friday, evening")).check()
    kim.press("Save", exact=True)

    kim.fill("Search by name or team", "cle")
    kim.press("Search")
    kim.press("Name as first wish: Cleo")
    kim.sees("Cleo is your first wish")
    kim.open(f"/cohorts/{signing_up.pk}/nominations/")
    kim.press("Also happy with Hana")
    kim.press("Please not with Ivo")
    kim.sees("You will not be paired with Ivo")
    kim.press("Remove Cleo")
    kim.press("Undo")
    expect(kim.page.get_by_role("list", name="Your wishes in order")).to_contain_text("Cleo")
    kim.press("I am done")
    kim.sees("You are all set")


def test_booking_moving_and_cancelling(pairing: Pairing, without_scripts: Callable[[str], Visitor]) -> None:
    ada = without_scripts("Ada")
    ada.log_in()
    ada.follow("Book a session")
    ada.follow("Later")
    ada.page.get_by_role("region", name="Week of").locator("label.slot").first.click()
    ada.page.get_by_label("Where").first.fill("Room 4")
    ada.press("Book this time")
    ada.sees("Booked. The invitation goes to Ben")
    ada.follow("Move or change it")
    ada.page.get_by_role("group", name="The next good times").get_by_role("radio").first.check()
    ada.press("Move to this time")
    ada.sees("The invitation goes to Ben")
    ada.follow("Cancel it")
    ada.press("Cancel the session")
    ada.sees("Cancelled")


def test_dates_that_differ_and_what_they_meet(
    product: Product, cast: Cast, without_scripts: Callable[[str], Visitor]
) -> None:
    with product.models():
        cohort = cast.cohort("Dates", days_to_start=-10)
        pairing = cast.pair(*(cast.takes_part(person(name), cohort) for name in ("Rosa", "Sam")))
        session = cast.meets(pairing, cast.now + 3 * DAY)
    rosa = without_scripts("Rosa")
    rosa.log_in()
    rosa.open("/me/dates/")
    rosa.fill("First day away", f"{session.starts_at:%Y-%m-%d}")
    rosa.press("Add days away")
    rosa.sees("1 session is booked in that time")
    rosa.follow("Move it")
    rosa.press("Move to this time")
    rosa.sees("Changed. The invitation goes to Sam")
    rosa.open("/me/dates/")
    expect(rosa.page.get_by_text("Booked in this time")).to_have_count(0)
    rosa.press("Take away")
    rosa.sees("Your weekly hours count again")


def test_logging_and_reflecting(
    product: Product, cast: Cast, pairing: Pairing, without_scripts: Callable[[str], Visitor]
) -> None:
    with product.models():
        for weeks in (3, 2):
            cast.meets(pairing, cast.now - weeks * 7 * DAY, log=True)
        over: CoachingSession = cast.meets(pairing, cast.now - 3 * HOUR)
    ben = without_scripts("Ben")
    ben.log_in()
    ben.follow("Log the session")
    assert ben.page.url.endswith(f"/sessions/{over.pk}/log/")
    ben.page.get_by_label("It took place").check()
    ben.fill("A note for yourself", "Breathe first.")
    ben.fill("One thing", "Ask Mira.")
    ben.press("Save", exact=True)
    ben.sees("Breathe first.")
    ben.sees("Ask Mira.")

    ben.open("/")
    ben.follow("Start reflecting")
    ben.fill(re.compile("^What works well"), "The walks. The cake.")
    ben.press("Save, and go on later")
    ben.follow("Start reflecting")
    ben.press("Save, and choose what to share")
    ben.page.get_by_label("The walks.").check()
    ben.press("Done", exact=True)
    ben.sees("What you shared with each other")
    ben.sees("The walks.")


def test_publishing_asks_first(product: Product, cast: Cast, without_scripts: Callable[[str], Visitor]) -> None:
    with product.models():
        cohort = cast.cohort("Autumn", days_to_start=30)
        for name in ("Lea", "Max", "Ned"):
            cast.takes_part(person(name), cohort)
        run = MatchRun.objects.create(cohort=cohort, requested_by=cast.dora, requested_at=cast.now)
        execute(run.pk)
    dora = without_scripts("Dora")
    dora.log_in()
    dora.open(f"/runs/{run.pk}/")
    dora.press("Publish", exact=True)
    dora.sees("3 people will be told by mail now")
    dora.press("Publish and tell everybody")
    dora.sees("The pairs are published")
