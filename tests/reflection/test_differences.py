from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflection.differences import Change, changes
from reflection.sections import sections

BEFORE = "Rhythm\nWe meet every two weeks.\n\nPlace\nA room."
texts = st.lists(st.sampled_from(["Place", "A room.", "", "We meet", "often.", "Rhythm", "a room."]), max_size=14).map(
    "\n".join
)


def marked(change: Change) -> str:
    marks = {"same": "{}", "added": "[+{}+]", "removed": "[-{}-]"}
    return "".join(marks[kind].format(text) for kind, text in change.pieces)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE, [("Rhythm", "same"), ("Place", "same")]),
        (BEFORE.replace("two", "three"), [("Rhythm", "changed"), ("Place", "same")]),
        (f"{BEFORE}\n\nTurns\nHalf each.", [("Rhythm", "same"), ("Place", "same"), ("Turns", "added")]),
        ("Place\nA room.", [("Place", "same"), ("Rhythm", "removed")]),
        ("", [("Rhythm", "removed"), ("Place", "removed")]),
    ],
)
def test_section_by_section(after: str, expected: list[tuple[str, str]]) -> None:
    assert [(change.heading, change.kind) for change in changes(BEFORE, after)] == expected


def test_word_by_word() -> None:
    change, _ = changes(BEFORE, BEFORE.replace("every two weeks", "each week"))
    assert marked(change) == "We meet [-every two weeks.-] [+each week.+] "


@given(texts, texts)
def test_nothing_is_lost_and_nothing_invented(before: str, after: str) -> None:
    found = changes(before, after)
    for gone, text in (("removed", after), ("added", before)):
        words = " ".join(" ".join(p.text for p in change.pieces if p.kind != gone) for change in found).split()
        assert sorted(words) == sorted(" ".join(section.words for section in sections(text)).split())


@given(texts)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert {change.kind for change in changes(text, text)} <= {"same"}
