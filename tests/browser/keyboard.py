"""Somebody who uses the keyboard alone. After each key the focus is somewhere, in sight, and can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitors import Visitor

FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.getBoundingClientRect();
  const rings = [here, here.parentElement, here.parentElement?.parentElement].filter(Boolean).map(getComputedStyle);
  const label = here.getAttribute("aria-label") || [...(here.labels ?? [])].map((one) => one.textContent).join(" ")
    || here.textContent;
  return {
    id: here.id,
    tag: here.tagName.toLowerCase(),
    label: label.replace(/\\s+/g, " ").trim(),
    inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
    ring: rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
  };
}"""
MOST = 120


@dataclass
class Keyboard:
    page: Page

    @property
    def focus(self) -> dict[str, Any] | None:
        """Where it is; nothing if it is nowhere."""
        found: dict[str, Any] | None = self.page.evaluate(FOCUS)
        return found

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, label: str, *, back: bool = False, within: int = MOST) -> int:
        """So many presses it took. Every stop on the way is in sight and has a ring."""
        for presses in range(1, within + 1):
            self.press("Shift+Tab" if back else "Tab")
            stop = self.focus
            assert stop is not None, f"the focus was lost on the way to {label}"
            assert stop["inSight"] and stop["ring"], f"the focus cannot be seen: {stop}"
            if stop["label"].startswith(label):
                return presses
        raise AssertionError(f"“{label}” is not within {within} presses; the focus is at {self.focus}")

    def go(self, label: str, *, back: bool = False, within: int = MOST, key: str = "Enter") -> int:
        """Tab there, press it, and wait for the next page."""
        presses = self.tab_to(label, back=back, within=within)
        with self.page.expect_navigation():
            self.press(key)
        return presses

    def skip_to_the_content(self) -> None:
        self.press("Tab")
        assert self.focus and self.focus["label"] == "Skip to the content"
        self.press("Enter")
        assert self.focus and self.focus["id"] == "main"

    def is_at(self, place: str) -> None:
        """The focus is on the element of this id."""
        self.page.wait_for_function("id => document.activeElement.id === id", arg=place)

    @contextmanager
    def staying(self) -> Iterator[None]:
        """What happens meanwhile takes the focus nowhere."""
        before = self.focus
        yield
        assert self.focus == before

    def chooses(self, label: str, words: str, name: str) -> None:
        """In a field with a list: types, and takes the first that is found."""
        assert self.focus and self.focus["label"].startswith(label), f"at {self.focus}, not at {label}"
        self.type(words)
        option = self.page.get_by_role("option", selected=True)
        expect(option).to_contain_text(name)
        self.press("Enter")
        expect(self.page.locator(":focus")).to_have_value(re.compile(f"^{re.escape(name)} "))


IS_FOCUSED = "control => control === document.activeElement"
IS_OF_ITS_GROUP = """control => control.type === "radio" && document.activeElement.type === "radio"
  && document.activeElement.name === control.name && document.activeElement.form === control.form"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(-3)
  .map((one) => `${one.tagName} .${one.className} “${one.textContent.trim().slice(0, 40)}”`)"""
TWICE = {"standard": 32, "fixed": 26}  # as somebody sets it in their browser


class ByKeyboard(Visitor):
    """A visitor without a mouse, in a window of 320 pixels, with type of twice the size."""

    @classmethod
    def arrives(cls, *arguments: Any, **settings: object) -> ByKeyboard:
        visitor = super().arrives(*arguments, viewport={"width": 320, "height": 640}, **settings)
        visitor.context.new_cdp_session(visitor.page).send("Page.setFontSizes", {"fontSizes": TWICE})
        assert isinstance(visitor, cls)
        return visitor

    def goes_on_by(self, control: Locator) -> None:
        self.reach(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        wide = self.page.evaluate(TOO_WIDE)
        assert wide == [], f"{self.page.url} scrolls sideways: {wide}"

    def clicks(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def fill(self, label: str | re.Pattern[str], value: str) -> None:
        self.reach(self.page.get_by_label(label).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)

    def ticks(self, control: Locator) -> None:
        """A radio button is reached through its group, and chosen by the arrows."""
        self.reach(control)
        for _ in range(MOST):
            if control.evaluate(IS_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        if not control.is_checked():
            self.page.keyboard.press("Space")
        expect(control).to_be_checked()

    def reach(self, control: Locator) -> None:
        """By Tab alone, once round the page at most."""
        expect(control).to_be_attached()
        keys = Keyboard(self.page)
        for _ in range(2 * MOST):
            keys.press("Tab")
            stop = keys.focus
            assert stop is None or (stop["inSight"] and stop["ring"]), f"the focus cannot be seen: {stop}"
            if control.evaluate(IS_FOCUSED) or control.evaluate(IS_OF_ITS_GROUP):
                return
        raise AssertionError(f"Tab never comes to {control}; the focus is at {keys.focus}")
