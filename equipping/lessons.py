"""The short lessons: our words in the reader's language, and in their place a programme's own, in one for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from buddying.models import Programme
from equipping import markup
from equipping.models import LessonText, ReadMark

WORDS_A_MINUTE = 180
FOLDER = Path(__file__).parent / "words"
ORDER = ("what-a-session-is", "listening", "open-questions", "feedback", "boundaries")


@dataclass(frozen=True)
class Lesson:
    slug: str
    title: str
    text: str
    is_own: bool = False  # in the words of the programme
    is_read: bool = False

    @property
    def html(self) -> SafeString:
        return markup.rendered(self.text)

    @property
    def html_within(self) -> SafeString:
        """Under its own title, as a part of something longer."""
        return markup.rendered(self.text, highest=4)

    @property
    def summary(self) -> str:
        return markup.first_paragraph(self.text)

    @property
    def minutes(self) -> int:
        words = len(markup.plain(self.text).split())
        return max(1, -(-words // WORDS_A_MINUTE))


def originals() -> Mapping[str, Lesson]:
    """Our words in the reader's language, in order."""
    return _in_language((get_language() or settings.LANGUAGE_CODE).partition("-")[0])


def is_original(slug: str, title: str, text: str) -> bool:
    """In any language."""
    told = (_in_language(folder.name)[slug] for folder in FOLDER.iterdir())
    return any((one.title, one.text) == (title, text) for one in told)


@cache
def _in_language(language: str) -> Mapping[str, Lesson]:
    """In English where there is no such language."""
    folder = FOLDER / language
    return {slug: _load(folder if folder.is_dir() else FOLDER / "en", slug) for slug in ORDER}


def _load(folder: Path, slug: str) -> Lesson:
    title, _, text = (folder / f"{slug}.md").read_text(encoding="utf-8").partition("\n")
    return Lesson(slug, title.removeprefix("# ").strip(), text.strip())


def lessons_of(programme: Programme, reader: Any) -> list[Lesson]:
    """In order, in the programme's words, marked as ``reader`` marked them."""
    own = {text.slug: text for text in LessonText.objects.visible_to(reader).filter(programme=programme)}
    marks = ReadMark.objects.visible_to(reader).filter(programme=programme)
    read = set(marks.values_list("slug", flat=True))
    return [_as_told(original, own.get(original.slug), original.slug in read) for original in originals().values()]


def unread(programme: Programme, reader: Any) -> int:
    marks = ReadMark.objects.visible_to(reader).filter(programme=programme, slug__in=ORDER)
    return len(ORDER) - marks.count()


def _as_told(original: Lesson, own: LessonText | None, is_read: bool) -> Lesson:
    if own is None:
        return Lesson(original.slug, original.title, original.text, is_read=is_read)
    return Lesson(original.slug, own.title, own.text, is_own=True, is_read=is_read)
