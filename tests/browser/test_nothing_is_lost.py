"""What somebody types is there again: after the server was killed, the log-in had expired, the page was left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from buddying.models import UnsentText
from matching.models import Pairing
from reflection import reflecting
from reflection.models import Agreement, HelpMessage, ReflectionAnswer
from sessions_log.models import CoachingSession, Commitment, PrivateNote
from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
SOON = 40_000  # milliseconds: a page tries again every four seconds
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STORED = "Object.keys({...localStorage, ...sessionStorage})"
BY_HTMX = "htmx-current-path-for-history"  # an address, no content


@pytest.fixture(scope="module")
def cast(product: Product) -> Cast:
    with product.models():
        return Cast.enters(product.now())


@pytest.fixture(scope="module")
def pairing(product: Product, cast: Cast) -> Pairing:
    with product.models():
        cohort = cast.cohort("Spring", days_to_start=-40)
        pairing = cast.pair(*(cast.takes_part(person(name), cohort) for name in ("Ada", "Ben")))
        cast.meets(pairing, product.now() - 9 * DAY, log=True)
        reflecting.prompt_members(pairing, product.now())
        return pairing


@pytest.fixture(scope="module")
def over(product: Product, pairing: Pairing) -> CoachingSession:
    with product.models():
        return CoachingSession.objects.create(pairing=pairing, starts_at=product.now() - 2 * DAY)


@pytest.fixture(scope="module")
def soon(product: Product, pairing: Pairing) -> CoachingSession:
    """Begins in five minutes."""
    with product.models():
        return CoachingSession.objects.create(pairing=pairing, starts_at=product.now() + 5 * MINUTE, place="Room 4")


@pytest.fixture(scope="module")
def logged_in() -> dict[str, Any]:
    return {}


@pytest.fixture
def ada(arrives: Callable[..., Visitor], pairing: Pairing, logged_in: dict[str, Any]) -> Iterator[Visitor]:
    """By a code the first time, for nobody is given more than three a minute. Her browser keeps nothing."""
    ada = arrives("Ada")
    if not logged_in:
        ada.log_in()
        logged_in["Ada"] = ada.context.cookies()
    ada.context.add_cookies(logged_in["Ada"])
    yield ada
    assert set(ada.page.evaluate(STORED)) <= {BY_HTMX}


def says(visitor: Visitor, what: str) -> Locator:
    """What the form says about what was typed."""
    return visitor.page.locator(f"[data-unsent-say={what}]")


def through_a_restart(ada: Visitor, product: Product, field: Locator, text: str, button: str) -> None:
    """She types, the server is killed, she types on and presses the button; it starts again, and she sends it."""
    field.fill(text[: len(text) // 2])
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    product.kill("web")
    field.fill(text)
    expect(says(ada, "lost")).to_be_visible(timeout=SOON)
    ada.button(button).click()
    expect(says(ada, "lost")).to_be_visible(timeout=SOON)
    expect(field).to_have_value(text)
    product.start("web")
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    expect(field).to_have_value(text)
    ada.press(button)


def kept(product: Product) -> int:
    with product.models():
        return UnsentText.objects.count()


def test_a_log(ada: Visitor, product: Product, over: CoachingSession) -> None:
    ada.open(f"/sessions/{over.pk}/log/")
    ada.fill("One thing", "Ask Mira herself.")
    field = ada.page.get_by_label("A note for yourself")
    through_a_restart(ada, product, field, "Hers alone, written in a train.", "Save")
    ada.sees("Ask Mira herself.")
    with product.models():
        assert [note.text for note in PrivateNote.objects.filter(session=over)] == ["Hers alone, written in a train."]
        assert [one.text for one in Commitment.objects.filter(session=over)] == ["Ask Mira herself."]
    assert kept(product) == 0


def test_what_was_folded_comes_back_unfolded(ada: Visitor, over: CoachingSession) -> None:
    ada.open(f"/sessions/{over.pk}/log/")
    note, useful = ada.page.get_by_label("A note to share"), ada.page.get_by_role("radio", name="4")
    expect(note).to_be_hidden()
    ada.unfolds("Share a note")
    note.fill("To be read again.")
    ada.unfolds("How useful it was")
    useful.check(force=True)  # its label lies over it
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    ada.page.reload()
    expect(says(ada, "back")).to_be_visible()
    expect(note).to_be_visible()
    expect(note).to_have_value("To be read again.")
    expect(useful).to_be_visible()
    expect(useful).to_be_checked()
    expect(ada.page.get_by_label("Another")).to_be_hidden()
    ada.clicks(ada.button("Throw it away"))


def test_the_page_of_a_session(ada: Visitor, product: Product, soon: CoachingSession) -> None:
    """The pads are saved again; what she takes along waits for her to close the session."""
    ada.open(f"/sessions/{soon.pk}/meet/")
    pad = ada.page.get_by_label("A note to share")
    pad.fill("We begin with Mira.")
    expect(ada.page.locator("[data-saved]")).to_be_visible(timeout=SOON)
    product.kill("web")
    pad.fill("We begin with Mira, and then with me.")
    expect(ada.page.get_by_text("Not saved yet.")).to_be_visible(timeout=SOON)
    ada.fill("One thing", "Go home on time.")
    expect(says(ada, "lost")).to_be_visible(timeout=SOON)
    product.start("web")
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    expect(ada.page.locator("[data-saved]")).to_be_visible(timeout=SOON)
    ada.page.reload()
    expect(pad).to_have_value("We begin with Mira, and then with me.")
    expect(ada.page.get_by_label("One thing", exact=True)).to_have_value("Go home on time.")
    expect(says(ada, "back")).to_be_visible()


def test_a_reflection(ada: Visitor, product: Product, pairing: Pairing) -> None:
    with product.models():
        prompt = pairing.prompts.get(person__name="Ada")
    ada.open(f"/reflections/{prompt.pk}/")
    field = ada.page.get_by_label("What works well between you?")
    through_a_restart(ada, product, field, "We laugh, and then we work.", "Save, and choose what to share")
    ada.sees("We laugh, and then we work.")
    with product.models():
        assert [one.text for one in ReflectionAnswer.objects.all()] == ["We laugh, and then we work."]


def test_an_agreement(ada: Visitor, product: Product, pairing: Pairing) -> None:
    ada.open(f"/pairings/{pairing.pk}/agreement/?change")
    field = ada.page.get_by_label("Rhythm", exact=True)
    through_a_restart(ada, product, field, "Every week, on Tuesdays, at eight.", "Save these words")
    ada.sees("Every week, on Tuesdays, at eight.")
    with product.models():
        assert "on Tuesdays" in Agreement.objects.get(version=2).text


def test_a_word_in_confidence_outlives_the_page_and_the_log_in(
    ada: Visitor, product: Product, pairing: Pairing, cast: Cast
) -> None:
    before = kept(product)
    ada.open(f"/help/leads/{cast.dora.pk}/")
    ada.fill("What would you like to say?", "I would rather say it to you alone.")
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    ada.open("/")
    ada.open(f"/help/leads/{cast.dora.pk}/")
    field = ada.page.get_by_label("What would you like to say?")
    expect(field).to_have_value("I would rather say it to you alone.")

    cookies = ada.context.cookies()
    ada.context.clear_cookies()
    field.fill("I would rather say it to you alone, and soon.")
    expect(says(ada, "out")).to_be_visible(timeout=SOON)
    ada.button("Send").click()
    expect(field).to_have_value("I would rather say it to you alone, and soon.")
    ada.context.add_cookies(cookies)
    expect(says(ada, "kept")).to_be_visible(timeout=SOON)
    ada.press("Send")
    with product.models():
        assert [one.text for one in HelpMessage.objects.all()] == ["I would rather say it to you alone, and soon."]
    assert kept(product) == before


def test_left_before_it_was_kept_the_page_asks(ada: Visitor, product: Product, over: CoachingSession) -> None:
    asked: list[str] = []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    ada.open(f"/sessions/{over.pk}/log/")
    ada.page.route("**/unsent/**", lambda route: route.abort())
    ada.unfolds("Share a note")
    ada.page.get_by_label("A note to share").press_sequentially("In a hurry")
    ada.link("Home").click()
    expect(ada.page.get_by_label("A note to share")).to_have_value("In a hurry")
    assert asked == ["beforeunload"]


def test_what_came_back_refused_is_not_left_behind_unasked(ada: Visitor) -> None:
    """Nothing has been typed since; and the language, which is a way out, is not on offer."""
    asked: list[str] = []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    ada.open("/me/")
    ada.fill("Name", "")
    ada.fill("Team", "Design and research")
    ada.press("Save")
    ada.sees("Please look at this again")
    assert ada.page.locator("form.languages").count() == 0
    ada.link("Home").click()
    expect(ada.page.get_by_label("Team")).to_have_value("Design and research")
    assert asked == ["beforeunload"]


def test_what_ada_typed_is_not_kept_for_ben(
    ada: Visitor, arrives: Callable[..., Visitor], product: Product, over: CoachingSession
) -> None:
    """Who has logged in on the same computer in another tab."""
    ben = arrives("Ben")
    ben.log_in()
    ada.open(f"/sessions/{over.pk}/log/")
    before = kept(product)
    ada.context.clear_cookies()
    ada.context.add_cookies(ben.context.cookies())
    ada.page.get_by_label("A note for yourself").fill("Hers alone")
    expect(says(ada, "refused")).to_be_visible(timeout=SOON)
    ada.button("Save").click()
    expect(ada.page.get_by_label("A note for yourself")).to_have_value("Hers alone")
    assert kept(product) == before
