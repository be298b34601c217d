from __future__ import annotations

import pytest
from django.utils import translation

from buddying.words import length, listed, people


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ada"], "Ada"),
        (["Ada", "Ben"], "Ada and Ben"),
        (["Ada", "Ben", "Cleo"], "Ada, Ben and Cleo"),
        (["Ada", "Ben", "Cleo", "Dora"], "Ada, Ben and 2 others"),
    ],
)
def test_names_in_a_sentence(names: list[str], said: str) -> None:
    assert listed(names, at_most=3) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 people"), (1, "1 person"), (1234, "1,234 people")])
def test_people(number: int, said: str) -> None:
    assert people(number) == said


def test_large_numbers_are_written_as_the_reader_writes_them() -> None:
    with translation.override("de"):
        assert people(1234).partition(" ")[0] == "1.234"


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (150, "2 hours 30 minutes")]
)
def test_a_length_of_time(minutes: int, said: str) -> None:
    assert length(minutes) == said
