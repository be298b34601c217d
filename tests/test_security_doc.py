"""docs/security.md speaks of every item of levels 1 and 2, and names only tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "security.md").read_text()

# ASVS 5.0.0: how many items each section has, and which of them are of level 3 alone.
SECTIONS = """
1.1:2 1.2:10 1.3:12 1.4:3 1.5:3 2.1:3 2.2:3 2.3:5 2.4:2 3.1:1 3.2:3 3.3:5 3.4:8 3.5:8 3.6:1 3.7:5 4.1:5 4.2:5 4.3:2
4.4:4 5.1:1 5.2:6 5.3:3 5.4:3 6.1:3 6.2:12 6.3:8 6.4:6 6.5:8 6.6:4 6.7:2 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:3 7.6:2
8.1:4 8.2:4 8.3:3 8.4:2 9.1:3 9.2:4 10.1:2 10.2:3 10.3:5 10.4:16 10.5:5 10.6:2 10.7:3 11.1:4 11.2:5 11.3:5 11.4:4
11.5:2 11.6:2 11.7:2 12.1:5 12.2:2 12.3:5 13.1:4 13.2:6 13.3:4 13.4:7 14.1:2 14.2:8 14.3:3 15.1:5 15.2:5 15.3:7 15.4:4
16.1:1 16.2:5 16.3:4 16.4:3 16.5:4 17.1:2 17.2:8 17.3:2
"""
LEVEL_3 = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7-8 3.5.6-8 3.6.1 3.7.3-5 4.1.4-5 4.2.2-5 5.2.4-6 5.3.3 6.3.5-8
6.4.5-6 6.5.6-8 6.6.4 6.7.1-2 7.5.3 8.1.3-4 8.2.4 8.3.2-3 8.4.2 10.2.3 10.3.5 10.4.12-16 11.1.3-4 11.2.4-5 11.3.4-5
11.5.2 11.6.2 11.7.1-2 12.1.4-5 12.3.5 13.1.2-4 13.2.6 13.3.3-4 13.4.6-7 14.2.5-8 15.1.4-5 15.2.4-5 15.4.1-4 16.5.4
17.1.2 17.2.5-8
"""


def spread(written: str) -> set[str]:
    """``6.5.3–6.5.4`` and ``6.5.3-4`` are two items."""
    section, _, first = written.partition("–")[0].partition("-")[0].rpartition(".")
    last = re.split(r"[–-]", written)[-1].rpartition(".")[2]
    return {f"{section}.{number}" for number in range(int(first), int(last) + 1)}


def spoken_of() -> list[str]:
    cells = re.findall(r"^\| ([\d., –]+) \|", PAGE, re.MULTILINE)
    return [item for cell in cells for part in cell.split(", ") for item in spread(part)]


def test_every_item_of_levels_1_and_2_once() -> None:
    sections = (section.split(":") for section in SECTIONS.split())
    everything = {f"{section}.{number}" for section, count in sections for number in range(1, int(count) + 1)}
    wanted = everything - {item for part in LEVEL_3.split() for item in spread(part)}
    assert len(wanted) == 253
    assert sorted(spoken_of()) == sorted(wanted)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"[\w/]+\.py::\w+", PAGE))))
def test_each_test_that_it_names_is_there(named: str) -> None:
    path, _, name = named.partition("::")
    assert re.search(rf"^def {name}\(", (TESTS / path).read_text(), re.MULTILINE)
