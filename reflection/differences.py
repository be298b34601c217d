"""What changed between two versions of an agreement, section by section and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from reflection.sections import Section, sections

Kind = Literal["same", "added", "removed"]


class Piece(NamedTuple):
    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One section: its words in pieces, in the order in which they are read."""

    heading: str
    kind: Literal["same", "changed", "added", "removed"]
    pieces: list[Piece]


def changes(before: str, after: str) -> list[Change]:
    """Every section of ``after`` in its order, then those that are gone."""
    old, new = sections(before), sections(after)
    used: set[int] = set()
    found = [_change(section, _counterpart(section, old, used)) for section in new]
    gone = [section for number, section in enumerate(old) if number not in used]
    return found + [Change(one.heading, "removed", [Piece("removed", one.words)]) for one in gone]


def _counterpart(section: Section, old: list[Section], used: set[int]) -> Section | None:
    """The section under the same heading that is most like it, if any is left."""
    left = [number for number, one in enumerate(old) if one.heading == section.heading and number not in used]
    alike = max(left, key=lambda number: _likeness(old[number], section), default=None)
    if alike is None or (not section.heading and _likeness(old[alike], section) < 0.4):
        return None
    used.add(alike)
    return old[alike]


def _likeness(one: Section, other: Section) -> float:
    return SequenceMatcher(None, one.words.split(), other.words.split(), autojunk=False).ratio()


def _change(section: Section, before: Section | None) -> Change:
    if before is None:
        return Change(section.heading, "added", [Piece("added", section.words)])
    if before.words == section.words:
        return Change(section.heading, "same", [Piece("same", section.words)])
    return Change(section.heading, "changed", list(_pieces(before.words, section.words)))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Words with the space that follows them, so that the pieces of a kind put together are the text."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        was, now = "".join(old[start:end]), "".join(new[new_start:new_end])
        if was.split() == now.split():
            yield Piece("same", now)
            continue
        yield from _apart("removed", was)
        yield from _apart("added", now)


def _apart(kind: Kind, text: str) -> Iterator[Piece]:
    """The space behind the words is neither new nor gone."""
    words = text.rstrip()
    if words:
        yield Piece(kind, words)
        yield Piece("same", text[len(words) :] or " ")
