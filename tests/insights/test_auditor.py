"""The auditor catches planted leaks, passes what is safe, and never cries wolf: checked by counting everything out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.auditor import Contradiction, Group, Leak, Shown, audit

VALUES = ("good", "not-good")


def shown(groups: str, value: str, count: int) -> Shown:
    return Shown(frozenset(groups), frozenset((value,)), count)


def figure(groups: str, good: int, not_good: int) -> list[Shown]:
    return [shown(groups, "good", good), shown(groups, "not-good", not_good)]


def leaking(groups: list[Group], figures: list[Shown]) -> set[tuple[str, ...]]:
    return {tuple(sorted(map(str, leak.groups))) for leak in audit(groups, figures, VALUES)}


A, B = Group("A", 6, 3), Group("B", 5, 3)


def test_a_total_that_gives_a_hidden_cohort_away() -> None:
    groups = [A, B, Group("C", 3, 2)]
    figures = [*figure("A", 4, 2), *figure("B", 4, 1), *figure("ABC", 9, 5)]
    assert leaking(groups, figures) == {("C",)}
    (one, _) = audit(groups, figures, VALUES)
    assert (one.lowest, one.highest) == (1, 1)


def test_a_total_of_what_is_shown_says_nothing_new() -> None:
    groups = [A, B, Group("C", 3, 2)]
    assert leaking(groups, [*figure("A", 4, 2), *figure("B", 4, 1), *figure("AB", 8, 3)]) == set()


def test_a_later_total_that_gives_two_newcomers_away() -> None:
    assert leaking([A, Group("later", 2, 1)], [*figure("A", 4, 2), *_over("A", "later", 5, 3)]) == {("later",)}


def _over(first: str, second: str, good: int, not_good: int) -> list[Shown]:
    both = frozenset((first, second))
    return [Shown(both, frozenset(("good",)), good), Shown(both, frozenset(("not-good",)), not_good)]


def test_two_small_cohorts_hide_each_other_if_they_are_five_together() -> None:
    groups = [A, Group("C", 3, 2), Group("D", 3, 2)]
    assert leaking(groups, [*figure("A", 4, 2), *figure("ACD", 7, 5)]) == set()


def test_two_small_cohorts_that_are_few_together_are_a_leak() -> None:
    groups = [A, Group("C", 2, 1), Group("D", 2, 1)]
    assert ("C", "D") in leaking(groups, [*figure("A", 4, 2), *figure("ACD", 6, 4)])


def test_where_all_agree_everybody_is_known() -> None:
    groups = [Group("C", 3, 2), Group("D", 3, 2)]
    assert leaking(groups, figure("CD", 6, 0)) == {("C",), ("D",)}
    assert leaking(groups, figure("CD", 5, 1)) == {("C",), ("D",)}  # two or three of three
    assert leaking(groups, figure("CD", 4, 2)) == set()


def test_margins_of_a_table_that_give_its_cells_away() -> None:
    """Rows and columns of a table of two by two, one cell hidden."""
    groups = [Group("a", 5, 3), Group("b", 2, 1), Group("c", 6, 3), Group("d", 7, 4)]
    whole = {"a": (3, 2), "c": (4, 2), "d": (5, 2), "ab": (4, 3), "bd": (6, 3)}
    figures = [one for names, counts in whole.items() for one in figure(names, *counts)]
    assert leaking(groups, figures) == {("b",)}


def test_numbers_of_people_too_can_be_what_is_hidden() -> None:
    figures, groups = [shown("A", "here", 6), shown("AC", "here", 9)], [A, Group("C", 3, 3)]
    assert [leak.groups for leak in audit(groups, figures, ["here"], sizes_known=False)] == [("C",)]
    assert audit(groups, figures[:1], ["here"], sizes_known=False) == []


def test_what_nobody_gave_is_nobody_to_be_found_out() -> None:
    assert leaking([A, Group("C", 0, 0)], [*figure("A", 4, 2), *figure("AC", 4, 2)]) == set()


def test_that_nobody_gave_an_answer_is_said_of_five_or_more_alike() -> None:
    groups, third = [A, Group("C", 3, 2), Group("D", 3, 2)], "deciding"
    assert audit(groups, [*figure("CD", 3, 3), shown("CD", third, 0)], [*VALUES, third]) == []
    subtracted = [*figure("A", 3, 3), shown("A", third, 0), *figure("AC", 5, 4), shown("AC", third, 0)]
    assert {leak.groups for leak in audit(groups, subtracted, [*VALUES, third])} == {("C",)}


def test_figures_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(Contradiction):
        audit([A, Group("C", 3, 2)], [*figure("A", 4, 2), *figure("AC", 1, 8)], VALUES)


sizes = st.lists(st.integers(1, 4), min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), people=sizes)
def test_every_leak_is_one_when_everything_is_counted_out(data: st.DataObject, people: list[int]) -> None:
    names = "ABCD"[: len(people)]
    truth = {name: data.draw(st.integers(0, size)) for name, size in zip(names, people, strict=True)}
    wholes = data.draw(st.lists(st.sets(st.sampled_from(names), min_size=1), min_size=1, max_size=3))
    figures = [shown("".join(sorted(whole)), "good", sum(truth[name] for name in whole)) for whole in wholes]
    groups = [Group(name, size, 2) for name, size in zip(names, people, strict=True)]
    for leak in audit(groups, figures, VALUES):
        if leak.value == "good":
            low, high = _counted_out(dict(zip(names, people, strict=True)), figures, leak)
            assert high - low < min(2, sum(group.people for group in groups if group.name in leak.groups))


def _counted_out(people: dict[str, int], figures: list[Shown], leak: Leak) -> tuple[int, int]:
    possible = [
        dict(zip(people, counts, strict=True)) for counts in product(*(range(size + 1) for size in people.values()))
    ]
    fitting = [one for one in possible if all(sum(one[str(g)] for g in f.groups) == f.count for f in figures)]
    sums = [sum(one[str(name)] for name in leak.groups) for one in fitting]
    return min(sums), max(sums)
