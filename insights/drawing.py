"""Where the shapes of a plot lie. Across in per cent, so that a plot fits any width; down in pixels.

Words and numbers are set beside the shapes by the page, or as text that keeps its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LEFT, TOP, FLOOR = 7.0, 14, 190
FEWEST_ROOMS = 6  # one month alone is no wall
LABELS = 14  # below the columns; beyond, every second or third has one


@dataclass(frozen=True)
class Band:
    """One step of a path: as wide as the share that came so far, narrowing to the next."""

    label: str
    count: int | str
    url: str
    left: float
    width: float
    narrowing: str  # the points of a polygon in a box of 100 by 10


@dataclass(frozen=True)
class Column:
    label: str  # empty where there is no room
    x: float
    width: float
    middle: float
    outer_top: float
    outer_height: float
    inner_top: float
    inner_height: float


@dataclass(frozen=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True)
class Columns:
    columns: list[Column]
    ticks: list[Tick]
    line: float | None
    now: float | None


@dataclass(frozen=True)
class Span:
    """From one value to another on a scale from 1 to 5; None where it is not known."""

    words: str
    before: float | None
    after: float | None
    before_x: float | None
    after_x: float | None

    @property
    def is_known_twice(self) -> bool:
        return self.before is not None and self.after is not None


def bands(steps: Sequence[tuple[str, int | str, str]], total: int) -> list[Band]:
    """``steps``: label, count (or words where it is not shown) and address."""
    widths = [100 * count / total if total and isinstance(count, int) else 0.0 for _, count, _ in steps]
    following = [*widths[1:], 0.0]
    return [
        Band(label, count, url, round(50 - width / 2, 2), round(width, 2), _narrowing(width, after))
        for (label, count, url), width, after in zip(steps, widths, following, strict=True)
    ]


def _narrowing(width: float, after: float) -> str:
    """Nothing from or to a step that is not shown."""
    if not (width and after):
        return ""
    corners = ((50 - width / 2, 0), (50 + width / 2, 0), (50 + after / 2, 10), (50 - after / 2, 10))
    return " ".join(f"{round(x, 2)},{y}" for x, y in corners)


def columns(bars: Sequence[tuple[str, int, int]], line: float | None = None, now: float | None = None) -> Columns:
    """``bars``: label, the whole and the filled part of it. ``line``: a height; ``now``: how many bars have passed."""
    top = _nice(max([line or 0, *(whole for _, whole, _ in bars)], default=0))
    room = (100 - LEFT) / max(FEWEST_ROOMS, len(bars))
    every = ceil(len(bars) / LABELS) or 1
    drawn = [
        _column(label if number % every == 0 else "", LEFT + number * room, room, whole / top, part / top)
        for number, (label, whole, part) in enumerate(bars)
    ]
    ticks = [Tick(_y(share), _short(top * share)) for share in (0, 0.5, 1)]
    here = None if now is None else round(LEFT + min(now, len(bars)) * room, 2)
    return Columns(drawn, ticks, None if line is None else _y(line / top), here)


def _column(label: str, x: float, room: float, whole: float, part: float) -> Column:
    left, width = x + room * 0.14, room * 0.72
    outer, inner = _y(whole), _y(part)
    middle = round(x + room / 2, 2)
    return Column(
        label, round(left, 2), round(width, 2), middle, outer, round(FLOOR - outer, 1), inner, round(FLOOR - inner, 1)
    )


def _y(share: float) -> float:
    return round(FLOOR - share * (FLOOR - TOP), 1)


def _short(number: float) -> str:
    """Beside an axis there is room for four characters."""
    for thousands, letter in ((1_000_000, "M"), (1000, "k")):
        if number >= thousands:
            return f"{number / thousands:g}{letter}"
    return f"{number:g}"


def _nice(most: float) -> float:
    """The next even number of one digit and zeros: 2, 4, 6, 8, 10, 20 …"""
    if most <= 2:
        return 2
    unit = 10 ** int(log10(most))
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= most)


def span(words: str, before: float | None, after: float | None) -> Span:
    return Span(words, before, after, _across(before), _across(after))


def _across(value: float | None) -> float | None:
    return None if value is None else round(3 + (value - 1) / 4 * 94, 2)


SCALE = [(number, _across(number)) for number in range(1, 6)]
