"""The geometry of the picture: people on a circle, those of a pairing side by side, nobody on top of anybody."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from itertools import combinations
from math import dist, pi

import pytest

from matching.network import BETWEEN_LABELS, circle


def some(people: int, seed: int = 1) -> tuple[list[tuple[int, ...]], list[tuple[int, int]]]:
    rng = random.Random(seed)
    ids = list(range(1, people + 1))
    rng.shuffle(ids)
    groups: list[tuple[int, ...]] = [tuple(sorted(pair)) for pair in zip(ids[::2], ids[1::2], strict=False)]
    if people % 2:
        groups[-1] = tuple(sorted((*groups[-1], ids[-1])))
    return groups, [(a, rng.choice(ids)) for a in ids for _ in range(3)]


def apart(wishes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in wishes if a != b]


@pytest.mark.parametrize("people", [2, 20, 21, 60, 200])
def test_everybody_has_a_place_of_their_own_within_the_picture(people: int) -> None:
    groups, wishes = some(people)
    drawn = circle(groups, apart(wishes))
    spots = {one: (spot.x, spot.y) for one, spot in drawn.spots.items()}
    assert set(spots) == set(range(1, people + 1))
    assert min(dist(a, b) for a, b in combinations(spots.values(), 2)) > BETWEEN_LABELS * 0.9
    assert all(100 <= x <= drawn.size - 100 and 100 <= y <= drawn.size - 100 for x, y in spots.values())


@pytest.mark.parametrize("people", [20, 60, 200])
def test_the_two_of_a_pairing_sit_closer_than_to_anybody_else(people: int) -> None:
    groups, wishes = some(people)
    spots = {one: (spot.x, spot.y) for one, spot in circle(groups, apart(wishes)).spots.items()}
    for a, b in groups:
        others = min(dist(spots[a], spots[other]) for other in spots if other not in (a, b))
        assert dist(spots[a], spots[b]) < others - 1


def test_people_who_name_each_other_sit_nearer_than_by_chance() -> None:
    """A ring of pairs, each naming the next one, is drawn as that ring, whatever their numbers."""
    numbers = random.Random(5).sample(range(30), 30)
    groups = [(2 * k, 2 * k + 1) for k in numbers]
    wishes = [(a, b) for (a, _), (b, _) in zip(groups, groups[1:] + groups[:1], strict=True)]
    drawn = circle(groups, wishes)
    spots = {one: (spot.x, spot.y) for one, spot in drawn.spots.items()}
    around = 2 * pi * dist(spots[0], (drawn.size / 2, drawn.size / 2))
    assert sum(dist(spots[a], spots[b]) for a, b in wishes) < 2.5 * around


def test_the_same_people_give_the_same_picture_in_any_order() -> None:
    groups, wishes = some(40)
    shuffled = random.Random(3).sample(groups, len(groups)), random.Random(4).sample(apart(wishes), len(apart(wishes)))
    assert circle(*shuffled) == circle(groups, apart(wishes))


def test_names_are_never_upside_down() -> None:
    groups, _ = some(60)
    for spot in circle(groups, []).spots.values():
        turn = (spot.turn + 180) % 360 - 180
        assert -90.1 <= turn <= 90.1


def test_nobody_at_all() -> None:
    assert circle([], []).spots == {}


def test_paths_are_paths() -> None:
    drawn = circle([(1, 2), (3,)], [(1, 3)])
    assert drawn.arrow(1, 3).startswith("M")
    assert drawn.line((1, 2)).count("L") == 1
    ET.fromstring(f'<path d="{drawn.arrow(1, 3)}"/>')  # noqa: S314
