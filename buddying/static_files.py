"""Static files as they leave for production: one style sheet and one script where developers have a file for each part.

In development a browser loads the parts that ``css/site.css`` and ``js/site.js`` name. ``collectstatic`` puts them in
their places, so that a first visit asks for two files and not for thirty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

PART_OF_STYLE = re.compile(r'^@import "(?P<part>[\w/-]+\.css)";\n', re.MULTILINE)
PART_OF_SCRIPT = re.compile(r'^import \{ (?P<names>[\w, ]+) \} from "\./(?P<part>[\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(async )?function )", re.MULTILINE)

JOINED = {"css/site.css": PART_OF_STYLE, "js/site.js": PART_OF_SCRIPT}

Read = Callable[[str], str]


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        yield from super().post_process(paths | _joined(paths), dry_run=dry_run, **options)


def style(source: str, read: Read) -> str:
    return PART_OF_STYLE.sub(lambda part: read(part["part"]), source)


def script(source: str, read: Read) -> str:
    """Each part in a function of its own: what it does not export stays its own."""
    return PART_OF_SCRIPT.sub(lambda part: _closed(part["names"], read(part["part"])), source)


def with_parts(name: str) -> list[str]:
    """What a browser loads for that file: in production it has no parts any more."""
    if settings.PRODUCTION or name not in JOINED:
        return [name]
    source = Path(str(finders.find(name))).read_text()
    return [name, *(_beside(name, part["part"]) for part in JOINED[name].finditer(source))]


def _closed(names: str, code: str) -> str:
    return f"const {{ {names} }} = (() => {{\n{EXPORT.sub('', code)}return {{ {names} }};\n}})();\n"


def _joined(paths: dict[str, Any]) -> dict[str, Any]:
    joining = {"css/site.css": style, "js/site.js": script}
    return {name: _put_together(paths, name, join) for name, join in joining.items() if name in paths}


def _put_together(paths: dict[str, Any], name: str, join: Callable[[str, Read], str]) -> tuple[_InMemory, str]:
    def read(part: str) -> str:
        return _text(paths, _beside(name, part))

    return _InMemory(join(_text(paths, name), read)), paths[name][1]


def _beside(name: str, part: str) -> str:
    return f"{name.rpartition('/')[0]}/{part}"


def _text(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())


class _InMemory:
    """What Django asks of the storage that a file comes from."""

    def __init__(self, content: str) -> None:
        self.content = content.encode()

    def open(self, path: str) -> ContentFile[bytes]:
        return ContentFile(self.content)
