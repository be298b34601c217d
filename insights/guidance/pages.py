"""Whose help is whose, and what of it holds the words that somebody looks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from buddying.models import Participant
from insights.guidance import administrator, lead, participant
from insights.guidance.entries import Chapter, Entry, Page
from insights.guidance.places import Places, sets_up
from insights.guidance.visitor import GETTING_IN

PAGES = {page.role: page for page in (participant.PAGE, lead.PAGE, administrator.PAGE)}
LONGEST = 100


@dataclass(frozen=True)
class Told:
    """An entry as one person reads it: with the ways that are there for them."""

    entry: Entry
    ways: list[tuple[str, str]]
    role: str = ""


def pages_for(person: Any) -> list[Page]:
    """Of the roles that they hold. Whoever holds none other is to take part."""
    if not person.is_authenticated:
        return []
    sets, administers = sets_up(person), person.is_administrator
    takes_part = Participant.objects.listed().filter(person=person).exists() or not (sets or administers)
    held = {"taking-part": takes_part, "leading": sets, "administering": administers}
    return [PAGES[role] for role, holds in held.items() if holds]


def told(entries: Iterable[Entry], places: Places, role: str = "") -> list[Told]:
    return [Told(entry, _ways(entry, places), role) for entry in entries]


def _ways(entry: Entry, places: Places) -> list[tuple[str, str]]:
    found = ((str(way.words), places.url(way.place)) for way in entry.ways)
    return [(words, url) for words, url in found if url]


def chapters_of(page: Page, places: Places) -> list[tuple[Chapter, list[Told]]]:
    return [(chapter, told(chapter.entries, places, page.role)) for chapter in page.chapters]


def getting_in(places: Places) -> list[Told]:
    return told(GETTING_IN.entries, places)


def found(pages: Iterable[Page], asked: str, places: Places) -> list[Told]:
    """Entries with every word that was asked for, those that name it in their question first."""
    words = asked[:LONGEST].casefold().split()
    hits = [(page.role, entry) for page in pages for entry in page.entries() if _has(entry.text(), words)]
    hits.sort(key=lambda hit: not _has(str(hit[1].question), words))
    return [one for role, entry in hits for one in told([entry], places, role)]


def _has(text: str, words: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def page_with(slug: str, pages: Iterable[Page]) -> Page | None:
    return next((page for page in pages if slug in {entry.slug for entry in page.entries()}), None)
