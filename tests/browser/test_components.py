"""The page of components looks as it did: where each box stands, its colours, and a small picture of it all.

Boxes and colours are compared with some room, for fonts are not drawn alike everywhere. After a change that is meant:
``RENEW_COMPONENTS=1 bin/test tests/browser/test_components.py``, then look at what the pictures show.
"""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from django.test import RequestFactory
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, Route

from buddying.views.components import sample
from tests.browser.product import ROOT

KEPT = Path(__file__).parent / "components"
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
ADDRESS = "http://components.test/_components/"
RENEW = bool(os.environ.get("RENEW_COMPONENTS"))
ROOM = 4  # pixels, or 3 % of a long box
SHADE = 3  # of 255 in each channel
STATES = {"hover": ["hover"], "focus": ["focus", "focus-visible"], "pressed": ["active"]}
CAN_BE_ACTED_ON = "main :is(a, button, input, select, textarea, summary, .choice, .card-link, tr)"
SMALLER, COARSE = 4, 24
MOST_OFF, MOST_OFF_AT_ALL = 40, 3.0

# Every element with a class, under its section, with the box that it takes within it and its colours as sRGB.
SEEN = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = {};
  const shade = (colour) => known[colour] ??= drawn(colour);
  const drawn = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map(part => part.toString(16).padStart(2, "0")).join("");
  };
  const seen = {};
  for (const section of document.querySelectorAll("main section[aria-labelledby^='c-']")) {
    const name = section.getAttribute("aria-labelledby");
    const from = section.getBoundingClientRect();
    const counts = {};
    for (const element of section.querySelectorAll("[class]")) {
      const box = element.getBoundingClientRect(), style = getComputedStyle(element);
      if (!box.width || element.closest(".visually-hidden, [hidden]") || element.parentElement.closest("svg")) continue;
      const kind = `${name} ${element.localName}.${[...element.classList].slice(0, 2).join(".")}`;
      counts[kind] = (counts[kind] ?? 0) + 1;
      seen[`${kind} ${counts[kind]}`] = {
        box: [box.x - from.x, box.y - from.y, box.width, box.height].map(Math.round),
        colours: [style.color, style.backgroundColor, style.borderBlockStartColor, style.outlineColor, style.fill]
          .map(shade).join(" "),
        outline: style.outlineStyle,
      };
    }
  }
  return seen;
}"""


@pytest.fixture(scope="module")
def markup() -> str:
    """Without the context processors, which would ask a database for the organisation."""
    context: Any = Context(sample(NOW) | {"request": RequestFactory().get("/_components/")})
    context.request = context["request"]
    return Engine.get_default().get_template("_components.html").render(context)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_looks_as_before(theme: str, width: int, browser: Browser, markup: str) -> None:
    name = f"{theme}-{width}"
    with shown(browser, markup, theme, width) as page:
        found, picture = in_every_state(page), smaller(page.locator("main").screenshot())
    if RENEW:
        renew(name, found, picture)
    assert differences(json.loads((KEPT / f"{name}.json").read_text()), found) == []
    most, at_all = unlike(Image.open(KEPT / f"{name}.webp").convert("RGB"), picture)
    assert most < MOST_OFF, f"some part of {name}.webp looks different"
    assert at_all < MOST_OFF_AT_ALL, f"{name}.webp looks different all over"


@contextmanager
def shown(browser: Browser, markup: str, theme: Any, width: int) -> Iterator[Page]:
    """The page, without any server: its files come from the folder."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce", locale="en-GB"
    )
    page = context.new_page()
    page.route("**/*", lambda route: _answer(route, markup))
    page.goto(ADDRESS, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def in_every_state(page: Page) -> dict[str, Any]:
    """At rest; and what is otherwise once everything is hovered over, has the focus, or is pressed."""
    at_rest = page.evaluate(SEEN)
    found = dict(at_rest)
    for state in STATES:
        with forced(page, state):
            now = page.evaluate(SEEN)
        found |= {f"{part} :{state}": seen for part, seen in now.items() if seen != at_rest.get(part)}
    return found


@contextmanager
def forced(page: Page, state: str) -> Iterator[None]:
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    top = tools.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = tools.send("DOM.querySelectorAll", {"nodeId": top, "selector": CAN_BE_ACTED_ON})["nodeIds"]
    for node in nodes:
        tools.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": STATES[state]})
    yield
    tools.detach()


def _answer(route: Route, markup: str) -> None:
    path = route.request.url.removeprefix(ADDRESS.removesuffix("/_components/")).partition("?")[0]
    if path == "/_components/":
        route.fulfill(body=markup, content_type="text/html; charset=utf-8")
    else:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(body=(ROOT / path.lstrip("/")).read_bytes(), content_type=kind)


def renew(name: str, found: dict[str, Any], picture: Image.Image) -> None:
    """A line for each part, so that a change can be read."""
    KEPT.mkdir(exist_ok=True)
    lines = (f"{json.dumps(part)}: {json.dumps(seen)}" for part, seen in found.items())
    (KEPT / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    picture.save(KEPT / f"{name}.webp", quality=80, method=6)


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    gone = [f"gone: {part}" for part in before if part not in now]
    new = [f"new: {part}" for part in now if part not in before]
    both = [part for part in now if part in before]
    moved = [f"{part}: {before[part]['box']} → {now[part]['box']}" for part in both if moves(before[part], now[part])]
    other = [f"{part}: {before[part]['colours']} → {now[part]['colours']}" for part in both
             if recoloured(before[part], now[part])]  # fmt: skip
    return [*gone, *new, *moved, *other]


def moves(before: dict[str, Any], now: dict[str, Any]) -> bool:
    pairs = zip(before["box"], now["box"], strict=True)
    return any(abs(one - other) > max(ROOM, 0.03 * abs(one)) for one, other in pairs)


def recoloured(before: dict[str, Any], now: dict[str, Any]) -> bool:
    one, other = (bytes.fromhex(seen["colours"]) for seen in (before, now))
    return before["outline"] != now["outline"] or any(abs(a - b) > SHADE for a, b in zip(one, other, strict=True))


def smaller(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture)).convert("RGB")
    return image.resize((image.width // SMALLER, image.height // SMALLER), Image.Resampling.BOX)


def unlike(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """By patches, so that neither how a letter is drawn nor a line that stands a pixel lower counts: most, and mean."""
    grid = (max(1, one.width * SMALLER // COARSE), max(1, one.height * SMALLER // COARSE))
    off = ImageChops.difference(one.resize(grid, Image.Resampling.BOX), other.resize(grid, Image.Resampling.BOX))
    return max(high for _, high in off.getextrema()), max(ImageStat.Stat(off).mean)
