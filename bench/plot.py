"""Seconds and megabytes over the number of people, both axes by powers of ten, as one SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import Protocol

WIDTH, HEIGHT, LEFT, TOP, GAP = 420, 300, 56, 34, 96
COLOURS = ("#1b6e5a", "#7a9a2e", "#b4532a", "#4a5fa5", "#8a4f8f", "#777777")
SHAPES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 4")


class Measured(Protocol):
    @property
    def people(self) -> int: ...
    @property
    def matcher(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def megabytes(self) -> int: ...


def written_plot(lines: Sequence[Measured]) -> str:
    names = list(dict.fromkeys(line.matcher for line in lines))
    width, height = 2 * (LEFT + WIDTH) + GAP, TOP + HEIGHT + 60 + 18 * len(names)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#222">',
        "<title>Time and memory of matching over the number of people; the table beside it has the figures</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_panel(lines, names, LEFT, "seconds", lambda line: max(line.seconds, 1e-3)),
        *_panel(lines, names, 2 * LEFT + WIDTH + GAP - LEFT, "megabytes", lambda line: line.megabytes),
    ]
    for number, name in enumerate(names):
        y = TOP + HEIGHT + 56 + 18 * number
        parts.append(f'<path d="M{LEFT} {y - 4}h36" {_stroke(number)}/><text x="{LEFT + 46}" y="{y}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(
    lines: Sequence[Measured], names: list[str], left: int, title: str, value: Callable[[Measured], float]
) -> list[str]:
    across = Scale([line.people for line in lines], left, left + WIDTH)
    up = Scale([value(line) for line in lines], TOP + HEIGHT, TOP)
    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="600">{title}</text>']
    for power in across.powers:
        x = across(10.0**power)
        parts.append(f'<path d="M{x:.1f} {TOP}v{HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in up.powers:
        y = up(10.0**power)
        parts.append(f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    parts.append(f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 36}" text-anchor="middle">people</text>')
    for number, name in enumerate(names):
        points = [(across(line.people), up(value(line))) for line in lines if line.matcher == name]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" {_stroke(number)}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[number % 6]}"/>' for x, y in points]
    return parts


class Scale:
    """From values to places, by powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        return self.start + (log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def powers(self) -> range:
        return range(self.low, self.high + 1)


def _stroke(number: int) -> str:
    dashes = f' stroke-dasharray="{SHAPES[number % 6]}"' if SHAPES[number % 6] else ""
    return f'fill="none" stroke="{COLOURS[number % 6]}" stroke-width="2"{dashes}'
