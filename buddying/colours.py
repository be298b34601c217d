"""The accent in values that mail programs and printers know: sRGB in hexadecimal, from OKLCH.

OKLab by Björn Ottosson, https://bottosson.github.io/posts/oklab/.
"""

from __future__ import annotations

from math import cos, radians, sin

HALVINGS = 16

# Lightness and chroma of the tokens of the same names in static/css/tokens.css; on_accent has a hue of its own there.
SHADES = {
    "accent": (0.435, 0.075),
    "accent_tint": (0.925, 0.021),
    "accent_dark": (0.81, 0.08),
    "on_accent_dark": (0.2, 0.025),
}


def shades(hue: int) -> dict[str, str]:
    return {name: as_hex(lightness, chroma, hue) for name, (lightness, chroma) in SHADES.items()}


def as_hex(lightness: float, chroma: float, hue: float) -> str:
    """The nearest that a screen can show: hue and lightness stay, chroma gives way."""
    shown = _linear(lightness, _largest_chroma(lightness, chroma, hue), hue)
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, channel)))):02x}" for channel in shown)


def _largest_chroma(lightness: float, chroma: float, hue: float) -> float:
    if _can_be_shown(_linear(lightness, chroma, hue)):
        return chroma
    low, high = 0.0, chroma
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _can_be_shown(_linear(lightness, middle, hue)) else (low, middle)
    return low


def _can_be_shown(channels: tuple[float, float, float]) -> bool:
    return all(-1e-6 <= channel <= 1 + 1e-6 for channel in channels)


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
