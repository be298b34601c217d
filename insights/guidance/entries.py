"""What a help page is made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Way:
    """A link into the product: ``place`` is a name in ``places``."""

    words: Words
    place: str


@dataclass(frozen=True)
class Entry:
    """``slug`` is the anchor that pages link to. ``also``: other words that people look for it by."""

    slug: str
    question: Words
    answer: tuple[Words, ...]
    ways: tuple[Way, ...] = ()
    also: Words = ""

    def text(self) -> str:
        return " ".join(map(str, (self.question, *self.answer, *(way.words for way in self.ways), self.also)))


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: Words
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Page:
    """The help of one role."""

    role: str
    title: Words
    lede: Words
    chapters: tuple[Chapter, ...]

    def entries(self) -> list[Entry]:
        return [entry for chapter in self.chapters for entry in chapter.entries]
