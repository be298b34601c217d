"""Three people in one room, each at a screen of their own, one of them with a clock that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from buddying.models import Cohort
from equipping import arranging
from equipping.models import Practice, PracticeGroup
from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
SOON = 40_000  # milliseconds: a screen asks every three seconds


@pytest.fixture(scope="module")
def cohort(product: Product) -> Cohort:
    with product.models():
        cast = Cast.enters(product.now())
        cohort = cast.cohort("Spring", days_to_start=-7)
        for name in ("Ada", "Ben", "Cleo"):
            cast.takes_part(person(name), cohort)
        return cohort


@pytest.fixture
def group(product: Product, cohort: Cohort) -> PracticeGroup:
    """Of a new practice for each test: Ada, Ben and Cleo, in this order."""
    with product.models():
        practice = arranging.propose(Practice(place="Room 4"), cohort, by=None)
        arranging.publish(practice, by=None)
        return practice.groups.get()


def left(visitor: Visitor) -> int:
    """Seconds on the clock."""
    minutes, seconds = visitor.page.locator("[data-clock-left]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def headline(visitor: Visitor, text: str) -> None:
    expect(visitor.page.locator("#round-title")).to_have_text(text, timeout=SOON)


def test_three_screens_show_the_same_round(
    group: PracticeGroup, product: Product, arrives: Callable[..., Visitor]
) -> None:
    page = f"/practice-groups/{group.pk}/"
    ada, ben, cleo = (arrives(name) for name in ("Ada", "Ben", "Cleo"))
    for visitor in (ada, ben, cleo):
        visitor.log_in()
    ben.page.clock.set_system_time(product.now() - timedelta(hours=3))
    for visitor in (ada, ben, cleo):
        visitor.open(page)
        headline(visitor, "When you are together, begin")

    ada.press("Begin round 1")
    headline(ada, "You coach Ben")
    headline(ben, "Ada coaches you")
    headline(cleo, "You observe")
    counts = [left(visitor) for visitor in (ada, ben, cleo)]
    assert max(counts) - min(counts) <= 3
    assert 600 < min(counts) <= 720
    expect(cleo.page.locator("#announcer")).to_have_text("Round 1 has begun.")

    cleo.follow("My sheet")
    cleo.fill("What I see and hear", "Ada waited.")
    cleo.press("Keep it")
    expect(cleo.page.get_by_label("What I see and hear")).to_have_value("Ada waited.")
    assert abs(left(cleo) - left(ada)) <= 3
    ada.page.reload()
    assert abs(left(ada) - left(ben)) <= 3

    cleo.open(page)
    ben.press("Begin round 2")
    headline(ben, "You coach Cleo")
    headline(ada, "You observe")
    ada.press("It was begun too early")
    headline(cleo, "You observe")
    cleo.press("Begin round 2")
    headline(ada, "You observe")
    ada.press("Begin round 3")
    headline(cleo, "You coach Ada")
    cleo.press("We have practised")
    cleo.fill("What I do well as a coach", "I wait.")
    cleo.press("Keep it")
    headline(ada, "You have practised")
    assert ada.troubles + ben.troubles + cleo.troubles == []


def test_the_parts_of_a_round_follow_each_other_on_the_clock(
    group: PracticeGroup, arrives: Callable[..., Visitor]
) -> None:
    ada = arrives("Ada")
    ada.log_in()
    ada.page.clock.install()
    ada.open(f"/practice-groups/{group.pk}/")
    ada.press("Begin round 1")
    part = ada.page.locator("[data-clock-part]")
    expect(part).to_have_text("left for coaching")
    ada.page.context.set_offline(True)  # an answer would tell the page what time it is at the server
    ada.page.clock.fast_forward("12:05")
    expect(part).to_have_text("left for feedback")
    expect(ada.page.locator("#announcer")).to_have_text(re.compile("left for feedback"))
    ada.page.clock.fast_forward("05:00")
    expect(part).to_have_text("The time of this round is over")
    expect(ada.page.locator("#announcer")).to_have_text("The time of this round is over")


def test_without_a_script_the_page_says_the_times(group: PracticeGroup, arrives: Callable[..., Visitor]) -> None:
    ben = arrives("Ben", java_script_enabled=False)
    ben.log_in()
    ben.open(f"/practice-groups/{group.pk}/")
    ben.press("Begin round 1")
    ben.sees(re.compile(r"Coaching until"))
    expect(ben.page.locator("[data-clock-left]")).to_be_hidden()
    ben.follow("Look again")
    ben.press("Begin round 2")
    headline(ben, "You coach Cleo")
