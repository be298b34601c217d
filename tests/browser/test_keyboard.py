"""The lead's board by keyboard alone, on the 71 lawyers of a real firm: from a run to published pairs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from buddying.importing.plan import Choices, Source
from buddying.importing.reading import text_of
from buddying.importing.saving import import_files
from buddying.models import Cohort
from matching.models import MatchRun, Pairing, Proposal
from tests.browser.cast import Cast
from tests.browser.keyboard import Keyboard
from tests.browser.product import ROOT, Product
from tests.browser.visitors import Visitor

DATA = ROOT.parent / "shared" / "data" / "lazega_lawfirm"
PROCESSES = ("redis", "mail", "outbox", "web")
Names = list[str]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the people to match are not here: {DATA}")


@pytest.fixture(scope="module")
def cohort(product: Product) -> Cohort:
    with product.models():
        cast = Cast.enters(product.now())
        cohort = cast.cohort("Lawyers", days_to_start=14)
        files = (Source(name, text_of(name, (DATA / name).read_bytes())) for name in ("people.csv", "nominations.csv"))
        choices = Choices(kinds=("friendship",), address_pattern="{label}@example.org", agreed=True)
        done = import_files(cohort, *files, choices, by=cast.dora)
        assert done.added == 71
        return cohort


def test_the_board_by_keyboard_alone(product: Product, cohort: Cohort, arrives: Callable[..., Visitor]) -> None:
    dora = arrives("Dora", viewport={"width": 1280, "height": 900})
    dora.log_in()
    keys = Keyboard(dora.page)
    dora.open(f"/cohorts/{cohort.pk}/matching/")

    run_a_match(product, dora, keys)
    together, apart = groups(product, dora)[:2]
    pin(dora, keys, together)
    forbid(dora, keys, apart)
    before = groups(product, dora)
    swap(dora, keys, before)
    make_a_trio(dora, keys, groups(product, dora))
    undo(product, dora, keys, before)
    match_the_rest_again(product, dora, keys)
    publish(dora, keys)

    with product.models():
        pairings = [frozenset(map(str, one.people())) for one in Pairing.objects.live()]
    assert sorted(map(len, pairings)) == [2] * 34 + [3]
    assert frozenset(together) in pairings
    assert not any(frozenset(apart) <= group for group in pairings)
    assert dora.troubles == []


def run_a_match(product: Product, dora: Visitor, keys: Keyboard) -> None:
    """Nobody is at work at first, so that there is something to wait for."""
    keys.skip_to_the_content()
    assert keys.go("Make a draft") <= 25
    dora.reads("A draft is being made")
    keys.skip_to_the_content()
    keys.tab_to("Cancel this run", within=5)
    with keys.staying(), dora.page.expect_response(re.compile("/progress/")):
        pass
    product.start("worker")
    expect(dora.page.get_by_role("heading", level=1)).to_contain_text("Draft of", timeout=60_000)
    dora.reads("1 of them is a trio")


def pin(dora: Visitor, keys: Keyboard, names: Names) -> None:
    """The pairing is found by typing; the list below follows, and the focus stays where it is typed."""
    keys.skip_to_the_content()
    assert keys.tab_to("Find somebody by a part of their name") <= 8
    keys.type(names[0])
    expect(dora.page.locator("#proposed > ul > li")).to_have_count(1)
    assert keys.focus and keys.focus["tag"] == "input"
    assert keys.go("Change") <= 2
    keys.is_at("two")
    keys.go("Keep them together: do it", within=20)
    keys.is_at("two")
    dora.sees("Kept together. You can undo it.")


def choose(keys: Keyboard, first: str, second: str) -> None:
    keys.tab_to("The first", back=True, within=6)
    keys.chooses("The first", first, first)
    keys.press("Tab")
    keys.chooses("The second", second, second)
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.is_at("two")


def forbid(dora: Visitor, keys: Keyboard, names: Names) -> None:
    choose(keys, *names[:2])
    keys.go("Rule this pair out: do it", within=20)
    keys.is_at("two")
    dora.sees("Ruled out. You can undo it.")


def swap(dora: Visitor, keys: Keyboard, now: list[Names]) -> None:
    one, other = [group for group in now if len(group) == 2][3:5]
    choose(keys, one[0], other[0])
    keys.go(f"Swap {one[0]} and {other[0]}: do it", within=30)
    dora.sees("Swapped. You can undo it.")


def make_a_trio(dora: Visitor, keys: Keyboard, now: list[Names]) -> None:
    """Somebody of the trio makes three of a pair: the odd one has moved."""
    trio = next(group for group in now if len(group) == 3)
    host = [group for group in now if len(group) == 2][7]
    choose(keys, trio[0], host[0])
    keys.go(f"{trio[0]} joins {host[0]} in a trio: do it", within=30)
    dora.sees("Made a trio. You can undo it.")


def undo(product: Product, dora: Visitor, keys: Keyboard, before: list[Names]) -> None:
    for _ in range(2):
        keys.go("Undo the last", within=40)
        keys.is_at("changes")
        dora.sees("Undone.")
    assert groups(product, dora) == before


def match_the_rest_again(product: Product, dora: Visitor, keys: Keyboard) -> None:
    keys.go("Match the rest again", back=True, within=40)
    expect(dora.page.get_by_role("heading", level=1)).to_contain_text("Draft of", timeout=60_000)
    dora.sees("1 pairing kept by hand · 1 pair ruled out")


def publish(dora: Visitor, keys: Keyboard) -> None:
    keys.skip_to_the_content()
    assert keys.tab_to("Publish") <= 5
    keys.press("Enter")
    expect(dora.page.get_by_role("dialog")).to_contain_text("71 people will be told")
    keys.press("Escape")
    expect(dora.page.get_by_role("dialog")).to_be_hidden()
    expect(dora.page.locator(":focus")).to_have_text("Publish")
    keys.press("Enter")
    expect(dora.page.locator("dialog :focus")).to_have_text("Publish and tell everybody")
    with dora.page.expect_navigation():
        keys.press("Enter")
    dora.sees("The pairs are published")


def groups(product: Product, dora: Visitor) -> list[Names]:
    """The names of each pairing of the draft on the page, as they stand in the database."""
    found = re.search(r"/runs/(\d+)/", dora.page.url)
    assert found
    with product.models():
        run = MatchRun.objects.get(pk=found[1])
        proposals = Proposal.objects.filter(run=run).prefetch_related("participants__person")
        return sorted(sorted(str(one) for one in proposal.participants.all()) for proposal in proposals)
