"""A German catalogue of a few words, so that tests of languages hang on no translator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib

HEAD = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}


def in_german(words: dict[str, str], settings: Any, tmp_path: Path) -> None:
    """For the rest of the test ``words`` are all the German there is, beside Django's own."""
    catalogue = polib.POFile()
    catalogue.metadata = HEAD
    catalogue.extend(polib.POEntry(msgid=english, msgstr=german) for english, german in words.items())
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]
