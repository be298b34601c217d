"""Somebody of a draft is dragged onto somebody else: that asks, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from matching.execution import execute
from matching.models import MatchRun, Proposal
from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")


@dataclass
class Draft:
    product: Product
    pk: int

    def groups(self) -> list[list[str]]:
        with self.product.models():
            proposals = Proposal.objects.filter(run=self.pk).prefetch_related("participants__person")
            return sorted(sorted(str(one) for one in proposal.participants.all()) for proposal in proposals)


@pytest.fixture(scope="module")
def draft(product: Product) -> Draft:
    with product.models():
        cast = Cast.enters(product.now())
        cohort = cast.cohort("Spring", days_to_start=14)
        for name in ("Ada", "Ben", "Cleo", "Fay"):
            cast.takes_part(person(name), cohort)
        run = MatchRun.objects.create(cohort=cohort, requested_by=cast.dora, requested_at=cast.now)
        execute(run.pk)
        return Draft(product, run.pk)


def somebody(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator("[data-person]").filter(has_text=name)


def test_a_swap_by_dragging_asks_first(draft: Draft, arrives: Callable[..., Visitor]) -> None:
    before = draft.groups()
    (first, stays), (second, other) = before
    dora = arrives("Dora")
    dora.log_in()
    dora.open(f"/runs/{draft.pk}/")
    with dora.page.expect_navigation(url=re.compile("/editing/")):
        somebody(dora, first).drag_to(somebody(dora, second))
    expect(dora.page.get_by_role("heading", level=3).first).to_have_text(f"Swap {first} and {second}")
    dora.sees("where no wish could be met")
    assert draft.groups() == before

    dora.press(f"Swap {first} and {second}: do it")
    dora.sees("Swapped. You can undo it.")
    assert draft.groups() == sorted([sorted([second, stays]), sorted([first, other])])
    assert dora.troubles == []


def test_onto_the_own_buddy_or_nobody_nothing_happens(draft: Draft, arrives: Callable[..., Visitor]) -> None:
    (first, buddy), _ = before = draft.groups()
    dora = arrives("Dora")
    dora.log_in()
    dora.open(f"/runs/{draft.pk}/")
    for place in (somebody(dora, buddy), dora.page.get_by_role("heading", level=1)):
        somebody(dora, first).drag_to(place)
        assert dora.page.url.endswith(f"/runs/{draft.pk}/")
        expect(dora.page.locator(".drop-here, .dragged")).to_have_count(0)
    assert draft.groups() == before


def test_without_scripts_nobody_can_be_dragged(draft: Draft, arrives: Callable[..., Visitor]) -> None:
    dora = arrives("Dora", java_script_enabled=False)
    dora.log_in()
    dora.open(f"/runs/{draft.pk}/")
    assert dora.page.locator("[draggable]").count() == 0
    expect(dora.page.get_by_text("Drag somebody")).to_be_hidden()
