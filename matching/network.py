"""Where people sit in a picture of a draft: on a circle, those of a pairing side by side. Pure geometry.

Groups that name each other often are put near each other: each next group is the one with the most nominations to
and from the groups placed last. The same input gives the same picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

Group = tuple[int, ...]
Wish = tuple[int, int]

BETWEEN_LABELS = 13.5  # along the circle
LEAST_RADIUS = 150.0
LABEL = 125.0  # room for a name outside the circle
LOOK_BACK = 4
BETWEEN_GROUPS = 0.4  # of a seat


@dataclass(frozen=True)
class Spot:
    """A point on the circle, with the place and turn (in degrees) of its label."""

    x: float
    y: float
    label_x: float
    label_y: float
    turn: float
    anchor: str


@dataclass(frozen=True)
class Circle:
    size: float
    spots: dict[int, Spot]

    def arrow(self, start: int, end: int) -> str:
        """A curve through the inside, ending a little before the point, as the value of a path's ``d``."""
        a, b, middle = self.spots[start], self.spots[end], self.size / 2
        bend_x, bend_y = (a.x + b.x + 2 * middle) / 4, (a.y + b.y + 2 * middle) / 4
        (from_x, from_y), (to_x, to_y) = _towards(a, bend_x, bend_y), _towards(b, bend_x, bend_y)
        return f"M{from_x:.1f} {from_y:.1f}Q{bend_x:.1f} {bend_y:.1f} {to_x:.1f} {to_y:.1f}"

    def line(self, group: Sequence[int]) -> str:
        return "M" + "L".join(f"{self.spots[one].x:.1f} {self.spots[one].y:.1f}" for one in group)


def circle(groups: Iterable[Group], wishes: Iterable[Wish]) -> Circle:
    """``groups``: every person once, alone where they have no buddy."""
    order = in_order(list(groups), Counter(frozenset(wish) for wish in wishes))
    seats = sum(len(group) + BETWEEN_GROUPS for group in order) or 1
    radius = max(LEAST_RADIUS, seats * BETWEEN_LABELS / (2 * pi))
    middle, spots, seat = radius + LABEL, {}, 0.0
    for group in order:
        for one in group:
            spots[one] = spot_at(2 * pi * seat / seats - pi / 2, radius, middle)
            seat += 1
        seat += BETWEEN_GROUPS
    return Circle(round(2 * middle), spots)


def in_order(groups: list[Group], wishes: Counter[frozenset[int]]) -> list[Group]:
    """So that those with much between them stand near each other."""
    left, order = list(groups), list[Group]()
    between = _between_groups(groups, wishes)
    while left:
        recent = order[-LOOK_BACK:]
        near = {group: _nearness(group, recent, between) for group in left}
        chosen = max(left, key=lambda group: (near[group], [-member for member in group]))
        order.append(chosen)
        left.remove(chosen)
    return order


def _between_groups(groups: list[Group], wishes: Counter[frozenset[int]]) -> Counter[frozenset[Group]]:
    group_of = {member: group for group in groups for member in group}
    between: Counter[frozenset[Group]] = Counter()
    for wish, count in wishes.items():
        between[frozenset(group_of[member] for member in wish)] += count
    return between


def _nearness(group: Group, recent: list[Group], between: Counter[frozenset[Group]]) -> int:
    """The later a group was placed, the more its nominations count."""
    return sum(place * between[frozenset((group, other))] for place, other in enumerate(recent, 1))


def bend(a: Spot, b: Spot, middle: float) -> str:
    """A curve between two spots through the inside, as the value of a path's ``d``."""
    bend_x, bend_y = (a.x + b.x + 2 * middle) / 4, (a.y + b.y + 2 * middle) / 4
    return f"M{a.x:.1f} {a.y:.1f}Q{bend_x:.1f} {bend_y:.1f} {b.x:.1f} {b.y:.1f}"


def spot_at(angle: float, radius: float, middle: float, label: float = 10) -> Spot:
    """``label``: how far outside the name begins."""
    across, down = cos(angle), sin(angle)
    left = across < -1e-9
    turn = angle * 180 / pi + (180 if left else 0)
    return Spot(
        x=round(middle + radius * across, 1),
        y=round(middle + radius * down, 1),
        label_x=round(middle + (radius + label) * across, 1),
        label_y=round(middle + (radius + label) * down, 1),
        turn=round(turn, 1),
        anchor="end" if left else "start",
    )


def _towards(spot: Spot, x: float, y: float) -> tuple[float, float]:
    """A point 7 units from the spot in the direction of (x, y)."""
    across, down = x - spot.x, y - spot.y
    length = max(1.0, (across * across + down * down) ** 0.5)
    return spot.x + 7 * across / length, spot.y + 7 * down / length
