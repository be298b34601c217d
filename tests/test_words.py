"""Every sentence on screen and in mail goes through gettext, and every one has its German."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.test import override_settings

from buddying.management.commands.words import ELSEWHERE, gather

TEMPLATES = settings.BASE_DIR / "templates"
HOLE = "\x1f"
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "data-label", "data-announce"}
NO_WORDS = {"script", "style", "svg", "code"}
PASSED = re.compile(
    r"""\b(?:\w*title|text|why|\w*action|\w*label|heading|keep|link|detail|caption|\w*head|when|none)=("[^"]*"|'[^']*')"""
)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Buddying"}  # said alike in every language
NOT_FOR_PEOPLE = {"_components.html"}  # the gallery of parts: in English
SKIPPED = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}


def untranslated(source: str, is_html: bool) -> list[str]:
    """Words of a template that no translation can reach."""
    left = list(_outside(Lexer(source).tokenize()))
    text = "".join(token.contents if token.token_type == TokenType.TEXT else HOLE for token in left)
    passed = [said for token in left if token.token_type == TokenType.BLOCK for said in PASSED.findall(token.contents)]
    spoken = _Spoken.of(text.replace(f"<{HOLE}", "<p").replace(f"</{HOLE}", "</p")) if is_html else [text]
    return [one.strip(f" \n{HOLE}") for one in [*spoken, *passed] if _has_words(one)]


def _has_words(text: str) -> bool:
    return any(word not in NAMES for word in WORD.findall(re.sub(r"&\w+;|https?:\S*", "", text)))


def _outside(tokens: list[Token]) -> Iterator[Token]:
    until = ""
    for token in tokens:
        first = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if until:
            until = "" if first == until else until
        elif first in SKIPPED:
            until = SKIPPED[first]
        elif token.token_type != TokenType.COMMENT:
            yield token


class _Spoken(HTMLParser):
    """The text of a page and of those attributes that are read out or shown."""

    @classmethod
    def of(cls, text: str) -> list[str]:
        reader = cls()
        reader.feed(text)
        return reader.found

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in NO_WORDS
        self.found += [
            value for name, value in attributes if value and (name in SPOKEN or name.startswith("data-confirm"))
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in NO_WORDS

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found += data.split(HOLE)


def templates() -> list[Path]:
    found = (path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
    return sorted(path for path in found if path.relative_to(TEMPLATES).parts[0] not in NOT_FOR_PEOPLE)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_speaks_through_gettext(path: Path) -> None:
    assert untranslated(path.read_text(), path.suffix == ".html") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ("{% translate 'Hello' %} {{ name }}, {% blocktranslate %}how are you{% endblocktranslate %}", []),
        ('<a aria-label="Go on" class="next">{{ label }}</a>', ["Go on"]),
        ('{% include "components/badge.html" with text="called off" tone="caution" only %}', ['"called off"']),
        ('{% include "components/badge.html" with text=_("called off") tone="caution" only %}', []),
        ("{# why #}<style>p { margin: 0 }</style>&nbsp;Buddying", []),
    ],
)
def test_raw_words_are_found(source: str, found: list[str]) -> None:
    assert untranslated(source, is_html=True) == found


# Every sentence has its German.

CATALOGUE = settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<\w+ [^<>]+>")
NUMBERS = {"%(count)d", "%(count)s", "%(number)s"}


def said(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@pytest.fixture(scope="module")
def german() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The catalogue as it is brought up to date with the code, in a folder of its own."""
    assert shutil.which("xgettext"), "GNU gettext is missing: apt-get install gettext"
    folder = tmp_path_factory.mktemp("words")
    for each in settings.BASE_DIR.iterdir():
        if each.is_dir() and not each.name.startswith(".") and each.name not in {*ELSEWHERE, "locale"}:
            (folder / each.name).symlink_to(each)
    shutil.copytree(settings.BASE_DIR / "locale", folder / "locale")
    with chdir(folder), override_settings(LOCALE_PATHS=[folder / "locale"]):
        gather("de", symlinks=True)
    return polib.pofile(str(folder / "locale" / CATALOGUE.relative_to(settings.BASE_DIR / "locale")))


def test_the_catalogue_holds_every_sentence_and_no_other(gathered: polib.POFile, german: polib.POFile) -> None:
    """Where this fails: ``manage.py words``, then translate what is empty or fuzzy."""
    assert set(map(said, gathered)) == set(map(said, german))


def test_every_sentence_has_its_german(gathered: polib.POFile) -> None:
    assert [entry.msgid for entry in gathered if entry.fuzzy or not entry.translated()] == []


def places(text: str) -> set[str]:
    return set(PLACES.findall(text))


def test_what_is_filled_in_is_the_same_in_german(german: polib.POFile) -> None:
    """A plural may leave the number out where it is one, and say it where English does not."""
    wrong = [entry.msgid for entry in german if not entry.msgid_plural and places(entry.msgid) != places(entry.msgstr)]
    for entry in german:
        for form in entry.msgstr_plural.values():
            one, many = places(entry.msgid), places(entry.msgid_plural)
            wrong += [] if (one & many) - NUMBERS <= places(form) <= one | many else [form]
    assert wrong == []


def test_what_is_compiled_is_what_is_written(german: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {said(entry): (entry.msgstr, entry.msgstr_plural) for entry in compiled} == {
        said(entry): (entry.msgstr, entry.msgstr_plural) for entry in german.translated_entries()
    }
