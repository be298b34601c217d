"""A large draft as a picture: departments as bubbles, lines as wide as there are pairings between two of them.

Geometry and counting. The same input gives the same picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import ceil, pi, sqrt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matching.network import LABEL, Group, Spot, bend, in_order, spot_at

MOST = 60  # departments; the smallest beyond are drawn as one
LINES = 150  # the widest; all of them where a department is chosen
NOT_KNOWN = _("Not known")
LEAST_RADIUS, BETWEEN = 190.0, 14.0
LARGEST, SMALLEST = 26.0, 6.0  # radius of a bubble
WIDEST = 14.0


@dataclass(frozen=True)
class Department:
    """``within`` counts its people whose pairing has nobody of another department."""

    name: str
    people: int
    within: int
    others: tuple[tuple[str, int], ...]  # with which others, by the number of pairings

    @property
    def with_others(self) -> int:
        return sum(count for _, count in self.others)


@dataclass(frozen=True)
class Bubble:
    department: Department
    spot: Spot
    radius: float
    state: str  # on, off, or nothing where none is chosen

    @property
    def has_room(self) -> bool:
        return self.radius >= 12


@dataclass(frozen=True)
class Between:
    path: str
    width: float
    strength: float  # 0 to 1
    names: tuple[str, str]
    count: int
    state: str


@dataclass(frozen=True)
class Map:
    size: int
    left_out: int  # lines, the thinnest
    bubbles: list[Bubble]
    lines: list[Between]


class Departments:
    """``department_of``: everybody who is drawn. ``groups``: the pairings."""

    def __init__(self, department_of: Mapping[int, str], groups: Iterable[Group]) -> None:
        self.of, self.rest = _few(department_of)
        self.pairings = list(groups)
        self.between = Counter(
            pair for group in self.pairings for pair in combinations(sorted({self.of[one] for one in group}), 2)
        )
        self.all = self._departments()

    def _departments(self) -> list[Department]:
        people = Counter(self.of.values())
        inside = [group for group in self.pairings if len({self.of[one] for one in group}) == 1]
        within = Counter(self.of[one] for group in inside for one in group)
        others: dict[str, Counter[str]] = {name: Counter() for name in people}
        for (a, b), count in self.between.items():
            others[a][b], others[b][a] = count, count
        return [
            Department(
                name, number, within[name], tuple(sorted(others[name].items(), key=lambda one: (-one[1], one[0])))
            )
            for name, number in sorted(people.items(), key=lambda one: (-one[1], one[0]))
        ]

    def map(self, chosen: str = "") -> Map:
        places = {department.name: number for number, department in enumerate(self.all)}
        near = Counter({frozenset((places[a], places[b])): count for (a, b), count in self.between.items()})
        order = [self.all[number] for (number,) in in_order([(number,) for number in places.values()], near)]
        largest = max((one.people for one in self.all if one.name != self.rest), default=1)
        radii = {one.name: _radius(one.people / largest) for one in order}
        radius = max(LEAST_RADIUS, sum(2 * radii[one.name] + BETWEEN for one in order) / (2 * pi))
        middle, angles = radius + LARGEST + LABEL, _around(order, radii, radius)
        spots = {name: spot_at(angle, radius, middle, radii[name] + 8) for name, angle in angles.items()}
        lines = self._lines(spots, middle, chosen)
        return Map(ceil(2 * middle), len(self.between) - len(lines), self._bubbles(spots, radii, chosen), lines)

    def _bubbles(self, spots: dict[str, Spot], radii: dict[str, float], chosen: str) -> list[Bubble]:
        near = {chosen, *(name for pair in self.between if chosen in pair for name in pair)}
        return [
            Bubble(one, spots[one.name], radii[one.name], _state(chosen, one.name == chosen, one.name in near))
            for one in self.all
        ]

    def _lines(self, spots: dict[str, Spot], middle: float, chosen: str) -> list[Between]:
        """The widest last, so that they lie on top."""
        most = max((count for pair, count in self.between.items() if self.rest not in pair), default=1)
        shown = sorted(self.between.items(), key=lambda one: (chosen in one[0], one[1], one[0]))
        mine = sum(1 for pair in self.between if chosen in pair)
        return [
            Between(
                path=bend(spots[a], spots[b], middle),
                width=round(max(0.75, WIDEST * min(1, count / most)), 2),
                strength=round(0.25 + 0.5 * min(1, count / most), 2),
                names=(a, b),
                count=count,
                state=_state(chosen, chosen in (a, b), False),
            )
            for (a, b), count in shown[-max(LINES, mine) :]
        ]


def _state(chosen: str, on: bool, near: bool) -> str:
    return "" if not chosen or (near and not on) else "on" if on else "off"


def _few(department_of: Mapping[int, str]) -> tuple[dict[int, str], str]:
    """Under a name each; the smallest of very many under one, which is the second of the answer."""
    not_known = str(NOT_KNOWN)
    named = {pk: name or not_known for pk, name in department_of.items()}
    sizes = sorted(Counter(named.values()).items(), key=lambda one: (-one[1], one[0]))
    if len(sizes) <= MOST:
        return named, ""
    kept = {name for name, _ in sizes[: MOST - 1]}
    number = len(sizes) - len(kept)
    rest = ngettext("%(count)d smaller one", "%(count)d smaller ones", number) % {"count": number}
    return {pk: name if name in kept else rest for pk, name in named.items()}, rest


def _radius(share: float) -> float:
    """``share``: of the people of the largest."""
    return round(max(SMALLEST, LARGEST * sqrt(min(1, share))), 1)


def _around(order: list[Department], radii: dict[str, float], radius: float) -> dict[str, float]:
    """The angle of each, so that they stand side by side all round."""
    slack = max(0.0, 2 * pi * radius - sum(2 * radii[one.name] + BETWEEN for one in order)) / max(1, len(order))
    angles, reached = {}, 0.0
    for one in order:
        room = 2 * radii[one.name] + BETWEEN + slack
        angles[one.name] = (reached + room / 2) / radius - pi / 2
        reached += room
    return angles
