"""The page of all components: nothing that axe finds, and none falls apart where people set their browser otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.keyboard import TWICE
from tests.browser.product import Product
from tests.browser.test_pages import TOO_WIDE
from tests.browser.visitors import Visitor

CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "hidden"
    && !one.matches("input, progress, .visually-hidden, .visually-hidden *, svg, svg *, thead, thead *"))
  .map((one) => `${one.tagName} .${one.className} “${one.textContent.trim().slice(0, 40)}”`)"""
MOVING = (
    """() => document.getAnimations().filter((one) => one.playState === "running").map((one) => one.animationName)"""
)
# In forced colours a background says nothing: what is a box needs an edge, or words in the system's own colours.
EDGES = [
    ".button:not(.button-link)",
    ".message",
    ".next-step",
    ".card",
    ".badge",
    ".person-initials",
    ".leaf",
    "progress",
]
WITHOUT_AN_EDGE = """(selectors) => selectors.filter((selector) => [...document.querySelectorAll(selector)]
  .some((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) === 0))"""
LINES_UNDER = """() => [...document.querySelectorAll(".section-nav-list a")]
  .filter((one) => parseFloat(getComputedStyle(one).borderBottomWidth) > 0)
  .map((one) => one.getAttribute("aria-current"))"""

CLOSE_AND_ASK_AGAIN = """() => {
  document.getElementById("confirm-dialog").close();
  document.querySelector("form[data-confirm] button").click();
}"""


@pytest.fixture(scope="module")
def product(idle_product: Product) -> Iterator[Product]:
    """Only developers have that page."""
    idle_product.settings["BUDDYING_MODE"] = "development"
    idle_product.start("web")
    yield idle_product


@pytest.fixture
def page(arrives: Callable[..., Visitor]) -> Page:
    return arrives("somebody", viewport={"width": 1280, "height": 900}).open("/_components/")


def test_in_both_themes(page: Page) -> None:
    assert violations(page) == []


def test_text_of_twice_the_size_at_320(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": TWICE})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate(TOO_WIDE) + page.evaluate(CUT_OFF) == []


def test_forced_colours_and_less_motion(page: Page) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert page.evaluate(WITHOUT_AN_EDGE, EDGES) == []
    assert page.evaluate(LINES_UNDER) == ["page"]
    assert page.evaluate(MOVING) == []


def test_from_right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE.replace("right > edge + 1", "left < -1")) == []


def test_a_question_asked_again_at_once_is_answered_once(page: Page) -> None:
    """A browser tells of the first closing only when the second question is open."""
    page.get_by_role("button", name="Publish").click()
    page.evaluate(CLOSE_AND_ASK_AGAIN)
    page.evaluate("new Promise((later) => setTimeout(later))")
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    page.wait_for_url("**/_components/?confirmed=yes*")
    expect(page.get_by_role("dialog")).to_be_hidden()
