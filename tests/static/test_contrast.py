"""The colours in tokens.css meet WCAG 2.2 AA in both themes, whatever hue an organisation chooses."""

import re
from collections.abc import Iterator
from itertools import product
from math import cos, radians, sin
from pathlib import Path

import pytest

from buddying.colours import SHADES, shades

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken")
HUES = range(361)
TEXT, SHAPE = 4.5, 3.0

INKS = [
    "ink",
    "ink-soft",
    "accent",
    "accent-strong",
    "warm-ink",
    "danger",
    "danger-strong",
    "good",
    "caution",
]
WORDS = [
    *product(INKS, GROUNDS),
    *product(("ink", "ink-soft", "accent", "accent-strong"), ("accent-tint",)),
    *product(("ink", "warm-ink", "accent", "accent-strong"), ("warm-tint",)),
    *[(word, f"{state}-tint") for state in ("good", "caution", "danger") for word in ("ink", state)],
    ("danger-strong", "danger-tint"),
    *product(("on-accent",), ("accent", "accent-strong")),
    *product(("on-danger",), ("danger", "danger-strong")),
]
SHAPES = [
    *product(("line-strong", "focus"), ("paper", "surface")),
    *product(("warm", "accent"), (*GROUNDS, "accent-tint")),
    ("focus", "accent-tint"),
]

Colour = tuple[float, float, float]


def tokens(theme: str, hue: int | None = None) -> dict[str, Colour]:
    """Name -> lightness, chroma, hue in degrees."""
    css = TOKENS.read_text()
    own_hue = re.findall(r"--accent-hue: ([\d.]+)", css)[0]
    css = css.replace("var(--accent-hue)", own_hue if hue is None else str(hue))
    number = r"([\d.]+)"
    one = rf"oklch\({number} {number} {number}\)"
    pairs = re.findall(rf"--([\w-]+): light-dark\({one}, {one}\);", css)
    start = 1 + 3 * THEMES.index(theme)
    return {pair[0]: tuple(map(float, pair[start : start + 3])) for pair in pairs}


def linear_srgb(colour: Colour) -> list[float]:
    """Björn Ottosson's OKLab to linear sRGB, clipped to what a screen can show."""
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return [min(1.0, max(0.0, channel)) for channel in rgb]


def luminance(colour: Colour) -> float:
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear_srgb(colour), strict=True))


def contrast(one: Colour, other: Colour) -> float:
    return ratio(luminance(one), luminance(other))


def too_weak(colours: dict[str, Colour], pairs: list[tuple[str, str]], floor: float) -> dict[str, float]:
    found = {f"{one} on {other}": round(contrast(colours[one], colours[other]), 2) for one, other in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < floor}


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read(theme: str) -> None:
    assert too_weak(tokens(theme), WORDS, TEXT) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_and_edges_can_be_seen(theme: str) -> None:
    assert too_weak(tokens(theme), SHAPES, SHAPE) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_any_accent_hue_keeps_the_contrast(theme: str) -> None:
    words, shapes = ([pair for pair in pairs if any("accent" in name for name in pair)] for pairs in (WORDS, SHAPES))
    found = {
        hue: too_weak(colours, words, TEXT) | too_weak(colours, shapes, SHAPE)
        for hue in HUES
        for colours in [tokens(theme, hue)]
    }
    assert {hue: weak for hue, weak in found.items() if weak} == {}


def test_what_mail_and_paper_show_is_the_accent_of_the_screens() -> None:
    """A screen cuts off what it cannot show, mail gives up chroma: for no hue do they lie far apart."""
    light, dark = (read(theme) for theme in THEMES)
    assert {"accent": light["accent"], "accent_tint": light["accent-tint"], "accent_dark": dark["accent"],
                      "on_accent_dark": dark["on-accent"]} == SHADES  # fmt: skip
    apart = {hue: gap for hue in HUES if (gap := max(_gaps(hue))) > 12}
    assert apart == {}


def read(theme: str) -> dict[str, tuple[float, float]]:
    return {name: (lightness, chroma) for name, (lightness, chroma, _) in tokens(theme).items()}


def _gaps(hue: int) -> Iterator[float]:
    for name, (lightness, chroma) in SHADES.items():
        red_green_blue = bytes.fromhex(shades(hue)[name][1:])
        on_screen = (255 * encoded(channel) for channel in linear_srgb((lightness, chroma, hue)))
        yield from (abs(one - other) for one, other in zip(red_green_blue, on_screen, strict=True))


def encoded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


@pytest.mark.parametrize("hue", [0, 30, 110, 174, 195, 264, 360])
def test_words_of_mail_can_be_read_in_any_accent(hue: int) -> None:
    shown = {name: relative_luminance(value) for name, value in shades(hue).items()}
    assert ratio(shown["accent"], relative_luminance("#fefdf9")) >= TEXT
    assert ratio(shown["accent"], relative_luminance("#faf5ed")) >= TEXT
    assert ratio(shown["accent"], relative_luminance("#fdfaf4")) >= TEXT  # words on the button
    assert ratio(shown["accent_dark"], relative_luminance("#24201a")) >= TEXT
    assert ratio(shown["accent_dark"], shown["on_accent_dark"]) >= TEXT


def relative_luminance(value: str) -> float:
    channels = (byte / 255 for byte in bytes.fromhex(value[1:]))
    linear = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: float, other: float) -> float:
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), 1) == 21.0
