"""Counts that let nobody conclude what one person said, whatever is looked at when."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.aggregates import FEWEST, Given, released

streams = st.lists(st.builds(Given, st.integers(1, 12), st.sampled_from("abc"), st.just(False)), max_size=60)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ("", {}),
        ("abab", {}),
        ("ababa", {"a": 3, "b": 2}),
        ("aaaaa", {}),
        ("aaaaaab", {"a": 6, "b": 1}),
        ("ababaabab", {"a": 3, "b": 2}),
        ("ababaababa", {"a": 6, "b": 4}),
    ],
)
def test_batches_of_five_who_do_not_all_agree(values: str, shown: dict[str, int]) -> None:
    assert released(Given(person, value) for person, value in enumerate(values)) == shown


def test_one_person_who_answers_often_is_one_person() -> None:
    assert released([Given(person % 4, "ab"[person % 2]) for person in range(20)]) == {}


@given(streams)
def test_whatever_changes_from_one_answer_to_the_next_stands_for_five_people_of_two_minds(answers: list[Given]) -> None:
    last, since = Counter[object](), 0
    for length in range(len(answers) + 1):
        shown = released(answers[:length])
        if shown != last:
            new = answers[since:length]
            assert shown - last == Counter(one.value for one in new)
            assert len({one.person for one in new}) >= FEWEST
            assert len({one.value for one in new}) > 1
            last, since = shown, length


@given(streams)
def test_what_was_shown_is_never_taken_back(answers: list[Given]) -> None:
    for length in range(len(answers)):
        assert released(answers[:length]) <= released(answers[: length + 1])


@given(streams, st.integers(1, 12))
def test_two_who_look_differ_by_whole_batches(answers: list[Given], person: int) -> None:
    """Somebody whose own pairing is hidden, and somebody who sees it, or the same one before and afterwards."""
    hidden = [one._replace(hidden=one.person == person) for one in answers]
    difference = released(answers) - released(hidden)
    assert released(hidden) <= released(answers)
    assert not difference or (difference.total() >= FEWEST and len(difference) > 1)
