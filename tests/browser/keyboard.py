"""Somebody who uses the keyboard alone. After each key the focus is somewhere, in sight, and can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

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
