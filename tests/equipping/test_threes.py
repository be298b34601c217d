"""Grouping in threes, held against trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipping.threes import Threes, in_threes, sizes

People = list[str]
Pairs = list[tuple[str, str]]


@st.composite
def cases(draw: st.DrawFn, most: int = 8) -> tuple[People, Pairs, dict[str, str | None]]:
    people = [f"p{number}" for number in range(draw(st.integers(0, most)))]
    every = list(combinations(people, 2))
    apart = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    departments = {person: draw(st.sampled_from(["x", "y", "z", None])) for person in people}
    return people, apart, departments


def groupings(people: People, apart: set[frozenset[str]]) -> Iterator[list[tuple[str, ...]]]:
    """Every way to put people into groups of two to four who may meet; whoever is not in one is left out."""
    if not people:
        yield []
        return
    first, *rest = people
    yield from groupings(rest, apart)
    for size in (1, 2, 3):
        for others in combinations(rest, size):
            group = (first, *others)
            if any(frozenset(pair) in apart for pair in combinations(group, 2)):
                continue
            for more in groupings([one for one in rest if one not in others], apart):
                yield [group, *more]


def worth(groups: list[tuple[str, ...]]) -> tuple[int, int, int]:
    """The larger the better: people placed, then few twos, then few fours."""
    lengths = [len(group) for group in groups]
    return sum(lengths), -lengths.count(2), -lengths.count(4)


@settings(deadline=None, max_examples=150)
@given(cases(most=7))
def test_as_good_as_the_best_of_all_groupings(case: tuple[People, Pairs, dict[str, str | None]]) -> None:
    people, apart, departments = case
    plan = in_threes(people, apart, departments)
    best = max(map(worth, groupings(people, {frozenset(pair) for pair in apart})))
    assert worth(list(plan.groups)) == best


@given(cases(most=40), cases(most=40))
@settings(deadline=None)
def test_the_hard_rules_hold(
    case: tuple[People, Pairs, dict[str, str | None]], other: tuple[People, Pairs, dict[str, str | None]]
) -> None:
    people, apart, departments = case
    plan = in_threes(people, apart, departments, known=other[1])
    forbidden = {frozenset(pair) for pair in apart}
    together = [frozenset(pair) for group in plan.groups for pair in combinations(group, 2)]
    assert forbidden.isdisjoint(together)
    assert sorted([*plan.left_out, *(one for group in plan.groups for one in group)]) == sorted(people)
    assert {len(group) for group in plan.groups} <= {2, 3, 4}


@given(cases(most=20), st.randoms())
@settings(deadline=None)
def test_the_order_of_the_rows_changes_nothing(case: tuple[People, Pairs, dict[str, str | None]], dice: object) -> None:
    people, apart, departments = case
    plan = in_threes(people, apart, departments)
    dice.shuffle(people)  # type: ignore[attr-defined]
    assert in_threes(people, [(b, a) for a, b in reversed(apart)], departments) == plan


@given(cases(most=15))
@settings(deadline=None)
def test_no_exchange_of_two_would_mix_better(case: tuple[People, Pairs, dict[str, str | None]]) -> None:
    people, apart, departments = case
    groups = [list(group) for group in in_threes(people, apart, departments).groups]
    forbidden = {frozenset(pair) for pair in apart}

    def cost() -> float:
        pairs = [pair for group in groups for pair in combinations(group, 2)]
        if any(frozenset(pair) in forbidden for pair in pairs):
            return float("inf")
        return sum(departments[a] is not None and departments[a] == departments[b] for a, b in pairs)

    now = cost()
    for one, other in combinations(groups, 2):
        for i in range(len(one)):
            for j in range(len(other)):
                one[i], other[j] = other[j], one[i]
                assert cost() >= now
                one[i], other[j] = other[j], one[i]


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, ()), (2, (2,)), (3, (3,)), (4, (4,)), (5, (3, 2)), (6, (3, 3)), (7, (4, 3)), (8, (4, 4)), (9, (3, 3, 3)),
     (10, (4, 3, 3)), (11, (4, 4, 3)), (14, (4, 4, 3, 3))],
)  # fmt: skip
def test_threes_and_a_two_or_four_only_where_the_number_forces_it(people: int, expected: tuple[int, ...]) -> None:
    assert next(iter(sizes(people))) == expected
    plan = in_threes(str(number) for number in range(people))
    assert sorted(map(len, plan.groups)) == sorted(expected)


def test_one_alone_is_left_out() -> None:
    assert in_threes(["a"]) == Threes((), ("a",))
    assert in_threes(["a", "b"], [("b", "a")]) == Threes((), ("a", "b"))


def test_departments_are_mixed_where_they_can_be() -> None:
    departments = {f"{letter}{number}": letter for letter in "xyz" for number in range(4)}
    plan = in_threes(departments, departments=departments)
    assert [sorted(departments[person] for person in group) for group in plan.groups] == [["x", "y", "z"]] * 4


def test_who_has_practised_together_is_with_others_next_time() -> None:
    people = [str(number) for number in range(9)]
    first = in_threes(people)
    known = [pair for group in first.groups for pair in combinations(group, 2)]
    second = in_threes(people, known=known)
    again = {frozenset(pair) for group in second.groups for pair in combinations(group, 2)}
    assert again.isdisjoint({frozenset(pair) for pair in known})


def test_many_people_who_may_hardly_meet_are_still_placed() -> None:
    """Only across two halves: no three is possible, and the search must not go on for ever."""
    people = [str(number) for number in range(40)]
    apart = [(a, b) for a, b in combinations(people, 2) if int(a) % 2 == int(b) % 2]
    plan = in_threes(people, apart)
    assert (len(plan.groups), plan.left_out) == (20, ())


def test_a_thousand_and_one() -> None:
    people = [str(number) for number in range(1001)]
    apart = list(pairwise(people))
    plan = in_threes(people, apart, {person: str(int(person) % 7) for person in people})
    assert (plan.left_out, {len(group) for group in plan.groups}) == ((), {3, 4})
