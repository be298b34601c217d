"""The picture of a large cohort: what is counted, and that nothing lies on anything else."""

from __future__ import annotations

import random
from itertools import combinations
from math import dist

import pytest

from matching.departments import LINES, MOST, NOT_KNOWN, Departments


def some(people: int, departments: int, seed: int = 1) -> tuple[dict[int, str], list[tuple[int, ...]]]:
    rng = random.Random(seed)
    of = {one: f"d{rng.randrange(departments)}" for one in range(people)}
    ids = rng.sample(range(people), people)
    return of, [tuple(sorted(pair)) for pair in zip(ids[::2], ids[1::2], strict=False)]


def test_pairings_are_counted_within_and_between() -> None:
    of = {1: "Sales", 2: "Sales", 3: "Sales", 4: "Care", 5: "", 6: "Care", 7: "Sales"}
    counted = Departments(of, [(1, 2), (3, 4), (5, 6, 7)])
    assert dict(counted.between) == {("Care", "Sales"): 2, ("Care", NOT_KNOWN): 1, (NOT_KNOWN, "Sales"): 1}
    assert [(one.name, one.people, one.within, one.others) for one in counted.all] == [
        ("Sales", 4, 2, (("Care", 2), (NOT_KNOWN, 1))),
        ("Care", 2, 0, (("Sales", 2), (NOT_KNOWN, 1))),
        (NOT_KNOWN, 1, 0, (("Care", 1), ("Sales", 1))),
    ]


@pytest.mark.parametrize(("people", "departments"), [(300, 2), (2000, 12), (2000, 50), (10_000, 250)])
def test_no_bubble_lies_on_another_and_all_are_within_the_picture(people: int, departments: int) -> None:
    of, groups = some(people, departments)
    drawn = Departments(of, groups).map()
    assert sum(one.department.people for one in drawn.bubbles) == people
    assert len(drawn.bubbles) == min(departments, MOST)
    for a, b in combinations(drawn.bubbles, 2):
        assert dist((a.spot.x, a.spot.y), (b.spot.x, b.spot.y)) > a.radius + b.radius
    for one in drawn.bubbles:
        assert 90 < one.spot.x < drawn.size - 90
        assert 90 < one.spot.y < drawn.size - 90


def test_the_widest_lines_are_drawn_and_all_of_a_chosen_department() -> None:
    of, groups = some(2000, 50)
    counted = Departments(of, groups)
    drawn = counted.map()
    assert (len(drawn.lines), drawn.left_out) == (LINES, len(counted.between) - LINES)
    assert min(line.count for line in drawn.lines) >= sorted(counted.between.values())[-LINES]
    mine = {pair for pair in counted.between if "d7" in pair}
    assert {line.names for line in counted.map("d7").lines if line.state == "on"} == mine


def test_the_same_people_give_the_same_picture_in_any_order() -> None:
    of, groups = some(400, 9)
    shuffled = dict(random.Random(2).sample(list(of.items()), len(of)))
    assert Departments(shuffled, groups[::-1]).map() == Departments(of, groups).map()


def test_one_department_alone() -> None:
    drawn = Departments({1: "Sales", 2: "Sales"}, [(1, 2)]).map()
    assert (len(drawn.bubbles), drawn.lines, drawn.left_out) == (1, [], 0)
