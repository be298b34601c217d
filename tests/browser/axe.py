"""Deque's axe over a page as it stands: what breaks WCAG 2.2 AA, or is bad practice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme changes
RUN = """async ([within, only]) => {
  const options = { runOnly: only, resultTypes: ["violations"], preload: false };
  // Without preload: it would put styles into the page, which its policy forbids.
  if (only.type === "tag") options.rules = { "target-size": { enabled: true } };
  const { violations } = await axe.run(within, options);
  const where = (node) => `${node.target.join(" ")} ${node.html.slice(0, 120)}`;
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id} at ${where(node)}`));
}"""
UNFOLD = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


def violations(page: Page, within: str = "html") -> list[str]:
    """In both themes, with everything unfolded that can be. Without motion: a colour on its way is no colour."""
    page.evaluate(UNFOLD)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = _run(page, within, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    found += [f"{one} (dark)" for one in _run(page, within, {"type": "rule", "values": COLOURS})]
    page.emulate_media(color_scheme="light")
    return found


def _run(page: Page, within: str, only: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(RUN, [within, only])
    return found


@cache
def _source() -> str:
    return SOURCE.read_text()
