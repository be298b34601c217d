"""The colours in tokens.css meet WCAG 2.2 AA in both themes, whatever hue an organisation chooses."""

import re
from itertools import product
from math import cos, radians, sin
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken")
HUES = range(0, 360, 15)
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
    *product(("ink", "warm-ink"), ("warm-tint",)),
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
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(colours: dict[str, Colour], pairs: list[tuple[str, str]], floor: float) -> dict[str, float]:
    found = {f"{one} on {other}": round(contrast(colours[one], colours[other]), 2) for one, other in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < floor}


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read(theme: str) -> None:
    assert too_weak(tokens(theme), WORDS, TEXT) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_and_edges_can_be_seen(theme: str) -> None:
    assert too_weak(tokens(theme), SHAPES, SHAPE) == {}


@pytest.mark.parametrize(("theme", "hue"), list(product(THEMES, HUES)))
def test_any_accent_hue_keeps_the_contrast(theme: str, hue: int) -> None:
    pairs = [pair for pair in WORDS if any("accent" in name for name in pair)]
    assert too_weak(tokens(theme, hue), pairs, TEXT) == {}


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), 1) == 21.0
