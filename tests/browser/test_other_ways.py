"""What everybody does, from signing up to reflecting, without JavaScript; and by keyboard, with large type.

By keyboard: the focus is seen at each stop, and no page scrolls sideways at 320 pixels with type of twice the size.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from buddying.models import Cohort, Person
from matching.execution import execute
from matching.models import MatchRun, Pairing
from sessions_log.models import CoachingSession
from tests.browser.cast import DAY, HOUR, Cast, person
from tests.browser.keyboard import ByKeyboard
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
def spring(product: Product, cast: Cast) -> Cohort:
    with product.models():
        return cast.cohort("Spring", days_to_start=-40)


@pytest.fixture
def without_scripts(arrives: Callable[..., Visitor]) -> Callable[[str], Visitor]:
    return lambda name: arrives(name, java_script_enabled=False)


@dataclass(frozen=True)
class Way:
    """How somebody uses the product, and who does: each way has people of its own."""

    newcomer: str
    pair: tuple[str, str]
    settings: dict[str, Any]


WAYS = {
    "without scripts": Way("Kim", ("Ada", "Ben"), {"java_script_enabled": False}),
    "by keyboard": Way("Kit", ("Lou", "Mia"), {"kind": ByKeyboard}),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def comes(way: Way, arrives: Callable[..., Visitor]) -> Callable[[str], Visitor]:
    return lambda name: arrives(name, **way.settings)


@pytest.fixture
def pairing(product: Product, cast: Cast, spring: Cohort, way: Way) -> Pairing:
    with product.models():
        people = [Person.objects.filter(name=name).first() or person(name) for name in way.pair]
        if found := Pairing.objects.filter(members__participant__person=people[0]).first():
            return found
        return cast.pair(*(cast.takes_part(one, spring) for one in people))


def test_signing_up_and_naming_buddies(signing_up: Cohort, way: Way, comes: Callable[[str], Visitor]) -> None:
    kim = comes(way.newcomer)
    kim.open(f"/join/{signing_up.join_token}/")
    kim.fill("Your name", f"{way.newcomer} Osei")
    kim.fill("Your e-mail address at work", kim.address)
    kim.enter_code(kim.button("Send me a code and join"))

    kim.fill(re.compile("^What I work on", re.IGNORECASE), "Saying no in time")
    kim.fill(re.compile("^What great support looks like", re.IGNORECASE), "Ask me hard questions.")
    kim.unfolds("More about you")
    kim.fill(re.compile("^What I am looking for", re.IGNORECASE), "Somebody from another team.")
    kim.press("Save", exact=True)
    kim.fill("Hours a month", "3")
    kim.clicks(kim.button("Weekday mornings"))
    expect(kim.page.get_by_role("checkbox", name=re.compile("^Monday, morning"))).to_be_checked()
    expect(kim.page.get_by_label("Hours a month")).to_have_value("3")
    kim.ticks(kim.page.get_by_role("checkbox", name=re.compile("^Friday, evening")))
    kim.press("Save", exact=True)

    kim.fill("Search by name or team", "cle")
    if kim.button("Search").count():  # with scripts, typing is enough
        kim.clicks(kim.button("Search"))
    kim.clicks(kim.button("Choose as first wish: Cleo"))
    kim.sees("Cleo is your first wish")
    kim.open(f"/cohorts/{signing_up.pk}/nominations/")
    kim.unfolds("Hana")
    kim.clicks(kim.button("Also happy with Hana"))
    kim.sees("Hana is among those you would also be happy with")
    kim.unfolds("Ivo")
    kim.clicks(kim.button("Please not with Ivo"))
    kim.sees("You will not be paired with Ivo")
    kim.clicks(kim.button("Remove Cleo"))
    kim.clicks(kim.button("Undo"))
    expect(kim.page.get_by_role("list", name="Your wishes in order")).to_contain_text("Cleo")
    kim.press("I am done")
    kim.sees("You are all set")


def test_booking_moving_and_cancelling(pairing: Pairing, way: Way, comes: Callable[[str], Visitor]) -> None:
    ada, ben = comes(way.pair[0]), way.pair[1]
    ada.log_in()
    ada.follow("Book a session")
    ada.unfolds("More times")
    ada.clicks(ada.link("Later"))
    ada.sees("Earlier")
    ada.ticks(ada.page.get_by_role("region", name="Week of").get_by_role("radio").first)
    ada.fill("Where", "Room 4")
    ada.press("Book this time")
    ada.sees(f"Booked. The invitation goes to {ben}")
    ada.follow("Move or change it")
    ada.ticks(ada.page.get_by_role("group", name="The next good times").get_by_role("radio").first)
    ada.press("Move to this time")
    ada.sees(f"The invitation goes to {ben}")
    ada.clicks(ada.link("Cancel it"))
    ada.clicks(ada.page.get_by_role("button", name="Cancel the session").locator("visible=true"))
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
    product: Product, cast: Cast, pairing: Pairing, way: Way, comes: Callable[[str], Visitor]
) -> None:
    with product.models():
        for weeks in (3, 2):
            cast.meets(pairing, cast.now - weeks * 7 * DAY, log=True)
        over: CoachingSession = cast.meets(pairing, cast.now - 3 * HOUR)
    ben = comes(way.pair[1])
    ben.log_in()
    ben.follow("Log the session")
    assert ben.page.url.endswith(f"/sessions/{over.pk}/log/")
    ben.ticks(ben.page.get_by_label("It took place"))
    ben.fill("A note for yourself", "Breathe first.")
    ben.fill("One thing", "Ask Mira.")
    ben.unfolds("Share a note")
    ben.fill("A note to share", "Let us walk again.")
    ben.press("Save", exact=True)
    ben.sees("Breathe first.")
    ben.sees("Ask Mira.")
    ben.sees("Let us walk again.")

    ben.open("/")
    ben.follow("Start reflecting")
    ben.fill(re.compile("^What works well"), "The walks. The cake.")
    ben.press("Save, and go on later")
    ben.follow("Start reflecting")
    ben.press("Save, and choose what to share")
    ben.ticks(ben.page.get_by_label("The walks."))
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
