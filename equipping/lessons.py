"""The short lessons: our words, and in their place a programme's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString

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


def _load(slug: str) -> Lesson:
    title, _, text = (FOLDER / f"{slug}.md").read_text(encoding="utf-8").partition("\n")
    return Lesson(slug, title.removeprefix("# ").strip(), text.strip())


ORIGINALS = {slug: _load(slug) for slug in ORDER}


def lessons_of(programme: Programme, reader: Any) -> list[Lesson]:
    """In order, in the programme's words, marked as ``reader`` marked them."""
    own = {text.slug: text for text in LessonText.objects.visible_to(reader).filter(programme=programme)}
    marks = ReadMark.objects.visible_to(reader).filter(programme=programme)
    read = set(marks.values_list("slug", flat=True))
    return [_as_told(original, own.get(original.slug), original.slug in read) for original in ORIGINALS.values()]


def unread(programme: Programme, reader: Any) -> int:
    marks = ReadMark.objects.visible_to(reader).filter(programme=programme, slug__in=ORDER)
    return len(ORDER) - marks.count()


def _as_told(original: Lesson, own: LessonText | None, is_read: bool) -> Lesson:
    if own is None:
        return Lesson(original.slug, original.title, original.text, is_read=is_read)
    return Lesson(original.slug, own.title, own.text, is_own=True, is_read=is_read)
