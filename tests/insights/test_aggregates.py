"""When numbers may be shown."""

from __future__ import annotations

import pytest

from insights.aggregates import Given, are_many, at_least_five, latest, may_stand


def given(*pairings: str, values: str) -> list[Given]:
    """Each person has a number; ``pairings`` are their pairings' people, as letters; ``values`` what they said."""
    seats = [(pairing, person) for pairing, people in enumerate(pairings) for person in people]
    return [Given(ord(person), pairing, value) for (pairing, person), value in zip(seats, values, strict=True)]


@pytest.mark.parametrize(
    ("pairings", "values", "stands"),
    [
        ((), "", False),
        (("ab", "cd"), "1212", False),
        (("abc", "de"), "11112", True),
        (("abc", "de"), "11111", False),  # all agree
        (("abcde",), "12121", False),  # of one pairing
        (("ab", "ab", "ab"), "121212", False),  # two people
    ],
)
def test_at_least_five_people_of_two_pairings_who_do_not_all_agree(
    pairings: tuple[str, ...], values: str, stands: bool
) -> None:
    assert may_stand(given(*pairings, values=values)) is stands


def test_where_people_work_is_no_answer() -> None:
    assert are_many(given("abcde", values="xxxxx"))
    assert not are_many(given("abcd", values="xxxx"))


def test_each_person_counts_once_with_their_last() -> None:
    assert [one.value for one in latest(given("ab", "a", values="123"))] == ["3", "2"]


def test_none_looks_like_four() -> None:
    assert [at_least_five(number) for number in (0, 1, 4, 5)] == [None, None, None, 5]
