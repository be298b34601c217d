from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflection.sections import Section, sections, to_edit, together

SUGGESTED = [Section("Place", "A room."), Section("Rhythm", "Weekly.")]
lines = st.text("aB .:\n\t–", max_size=30)
texts = st.lists(st.sampled_from(["Place", "A room.", "", "We meet", "often, and", "Rhythm"]), max_size=12).map(
    "\n".join
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Place\nA room.\r\n\r\nTime\nOften.", [("Place", "A room."), ("Time", "Often.")]),
        ("We meet often.\nIn a room.", [("", "We meet often.\nIn a room.")]),
        ("Just this", [("", "Just this")]),
        ("\n\n", []),
    ],
)
def test_paragraphs_with_a_heading_are_set_as_such(text: str, expected: list[tuple[str, str]]) -> None:
    assert sections(text) == expected


def test_to_edit_gathers_what_stands_under_a_heading_and_offers_what_is_missing() -> None:
    text = "Hello.\n\nPlace\nA room.\n\nOr a walk."
    assert to_edit(text, SUGGESTED) == [("", "Hello."), ("Place", "A room.\nOr a walk."), ("Rhythm", "")]


def test_a_section_without_words_is_left_out() -> None:
    assert together([Section("Place", " \n"), Section("Rhythm", "Weekly.")]) == "Rhythm\nWeekly."


def test_a_blank_line_in_a_section_begins_no_other() -> None:
    text = together([Section("Place", "A room.\n\nMonday\nTuesday")])
    assert sections(text) == [("Place", "A room.\nMonday\nTuesday")]


@given(texts)
def test_opened_and_saved_unchanged_a_second_time_it_stays_the_same(text: str) -> None:
    once = together(to_edit(text, SUGGESTED))
    assert together(to_edit(once, SUGGESTED)) == once


@given(
    st.lists(st.tuples(st.sampled_from(["Place", "Rhythm", "Our own"]), lines), max_size=4, unique_by=lambda p: p[0])
)
def test_each_section_stays_under_its_heading(parts: list[tuple[str, str]]) -> None:
    found = sections(together(Section(*part) for part in parts))
    assert [heading for heading, _ in found] == [heading for heading, words in parts if words.strip()]
