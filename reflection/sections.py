"""An agreement is one text. Its sections are read from it, and put together to it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

LONGEST_HEADING = 60


class Section(NamedTuple):
    """``heading`` is empty for words that stand under none."""

    heading: str
    words: str


def sections(text: str) -> list[Section]:
    """Heading and words of each paragraph; a first line that is short and ends without a stop is a heading."""
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return [_headed(paragraph) for paragraph in paragraphs]


def _headed(paragraph: str) -> Section:
    first, _, rest = paragraph.partition("\n")
    return Section(first.strip(), rest.strip()) if rest and is_heading(first) else Section("", paragraph)


def is_heading(line: str) -> bool:
    line = line.strip()
    return 0 < len(line) <= LONGEST_HEADING and line[-1] not in ".:,;!?"


def to_edit(text: str, suggested: Sequence[Section]) -> list[Section]:
    """Each section once, with the paragraphs that follow it; then, empty, what the programme suggests beside it."""
    found: list[Section] = []
    for heading, words in sections(text):
        if heading or not found:
            found.append(Section(heading, words))
        else:
            found[-1] = Section(found[-1].heading, f"{found[-1].words}\n{words}")
    headings = {section.heading for section in found}
    return found + [Section(one.heading, "") for one in suggested if one.heading and one.heading not in headings]


def together(parts: Iterable[Section]) -> str:
    """The text of these sections; one without words is left out. No word of it passes for another heading."""
    return "\n\n".join(_paragraph(part) for part in parts if part.words.strip())


def _paragraph(part: Section) -> str:
    lines = [line.rstrip() for line in part.words.replace("\r\n", "\n").strip().split("\n")]
    words = "\n".join(line for line in lines if line)
    return f"{part.heading}\n{words}" if part.heading else words
