"""How few clicks it takes to meet: wide and narrow, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from matching.models import Pairing
from sessions_log.models import CoachingSession, Proposal
from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
BROWSERS = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "wide without scripts": {"viewport": WIDE, "java_script_enabled": False},
    "narrow without scripts": {"viewport": NARROW, "java_script_enabled": False},
}
NAMES = {"wide": "Ada", "narrow": "Cleo", "wide without scripts": "Finn", "narrow without scripts": "Hana"}


@pytest.fixture(scope="module")
def cast(product: Product) -> Cast:
    with product.models():
        return Cast.enters(product.now())


@pytest.fixture(scope="module")
def pairings(product: Product, cast: Cast) -> dict[str, Pairing]:
    """By who opens it: each with a buddy of their own."""
    with product.models():
        cohort = cast.cohort("Spring", days_to_start=-10)
        everybody = [*NAMES.values(), *(f"{name}-weekly" for name in NAMES.values()), "Kim"]
        return {
            name: cast.pair(*(cast.takes_part(person(one), cohort) for one in (name, f"{name}-buddy")))
            for name in everybody
        }


@pytest.mark.parametrize("browser_kind", BROWSERS)
def test_home_to_booked_in_three_clicks(
    product: Product, pairings: dict[str, Pairing], arrives: Callable[..., Visitor], browser_kind: str
) -> None:
    name = NAMES[browser_kind]
    visitor = arrives(name, **BROWSERS[browser_kind])
    visitor.log_in()
    visitor.open("/")
    clicks = 0
    for control in ("Book a session", "Book this time"):
        where = visitor.page.get_by_role("link" if clicks == 0 else "button", name=control).first
        expect(where).to_be_in_viewport()  # nobody has to look for it
        visitor.goes_on_by(where)
        clicks += 1
    visitor.sees("Booked. The invitation goes to")
    assert clicks <= 3
    assert visitor.troubles == []
    with product.models():
        assert CoachingSession.objects.filter(pairing=pairings[name]).count() == 1


@pytest.mark.parametrize("browser_kind", BROWSERS)
def test_a_series_in_five_clicks(
    product: Product, pairings: dict[str, Pairing], arrives: Callable[..., Visitor], browser_kind: str
) -> None:
    name = f"{NAMES[browser_kind]}-weekly"
    visitor = arrives(name, **BROWSERS[browser_kind])
    visitor.log_in()
    visitor.open("/")
    clicks = [
        lambda: visitor.follow("Book a session"),
        lambda: visitor.follow("A rhythm"),
        lambda: visitor.press("See the dates"),
        lambda: visitor.press("Book these sessions"),
    ]
    for click in clicks:
        click()
    visitor.sees(re.compile(r"^\d sessions are booked, from "))
    assert len(clicks) <= 5
    assert visitor.troubles == []
    with product.models():
        booked = CoachingSession.objects.filter(pairing=pairings[name]).order_by("starts_at")
        assert len(booked) >= 5
        assert len({one.series_id for one in booked}) == 1


def test_proposing_from_two_weeks_and_choosing(
    product: Product, pairings: dict[str, Pairing], arrives: Callable[..., Visitor]
) -> None:
    kim, buddy = arrives("Kim", viewport=NARROW), arrives("Kim-buddy", viewport=NARROW, java_script_enabled=False)
    kim.log_in()
    kim.open(f"/pairings/{pairings['Kim'].pk}/proposals/new/")
    week = kim.page.get_by_role("region", name="Week of")
    for _ in range(2):
        heading = week.get_by_role("heading").inner_text()
        week.get_by_role("link", name="Later").click()
        expect(week.get_by_role("heading")).not_to_have_text(heading)
        expect(week.get_by_role("link", name="Later")).to_be_focused()  # of the week that came
        week.locator(".week-days label.slot").nth(3).click()
    expect(week.get_by_text("Chosen in other weeks")).to_be_visible()
    kim.press("Propose these times")
    kim.sees("You propose 5 times")
    buddy.log_in()
    buddy.open("/")
    buddy.sees("Kim proposes 5 times for a session")
    buddy.follow("Look at them first")
    buddy.goes_on_by(buddy.page.get_by_role("button", name=re.compile("^Book this time")).nth(4))
    buddy.sees("Booked. The invitation goes to Kim")
    assert kim.troubles + buddy.troubles == []
    with product.models():
        proposal = Proposal.objects.get()
        assert proposal.session
        assert proposal.session.starts_at == proposal.times.last().starts_at
    kim.page.reload()
    kim.sees("One of them is chosen and booked")
