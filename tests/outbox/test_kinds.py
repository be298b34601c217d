from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist
from django.utils import translation

from outbox.kinds import Calendar, Kind, Letter, UnknownKind, kind_of, letter


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder of the mail “reminder”, in a tree of templates that comes before the product's."""
    dirs = [tmp_path, *real.TEMPLATES[0]["DIRS"]]
    settings.TEMPLATES = [real.TEMPLATES[0] | {"DIRS": dirs}]
    folder = tmp_path / "mail" / "reminder"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Tomorrow\nwith {{ buddy }}\n")
    (folder / "body.txt").write_text('{{ buddy }}: {{ base_url }}/\n\n{% include "mail/_footer.txt" %}')
    return folder


def test_two_kinds_of_one_name_are_refused(register: Callable[..., Kind]) -> None:
    kind = register()
    with pytest.raises(ImproperlyConfigured, match="reminder"):
        register()
    assert kind_of("reminder") is kind


def test_an_unknown_kind(no_kinds: None) -> None:
    with pytest.raises(UnknownKind, match="reminder"):
        kind_of("reminder")


def test_a_letter_in_plain_text(folder: Path, settings: Any) -> None:
    settings.BASE_URL = "https://buddying.example.org"
    assert letter("reminder", {"buddy": "O'Brien & Co"}) == Letter(
        "Tomorrow with O'Brien & Co",
        "O'Brien & Co: https://buddying.example.org/\n\n\n-- \n"
        "Sent by Buddying, https://buddying.example.org/\nNobody reads answers to this address.\n",
    )


def test_a_letter_with_a_page_and_a_calendar(folder: Path, db: None) -> None:
    (folder / "body.html").write_text(
        '{% extends "mail/base.html" %}{% block content %}<p>{{ buddy }}</p>{% endblock %}'
    )
    calendar = Calendar("REQUEST", b"")
    context = {"buddy": "O'Brien", "action_url": "https://x.example/", "action_label": "Look"}
    written = letter("reminder", context, calendar=calendar)
    assert written.calendar is calendar
    assert written.html is not None
    assert "<p>O&#x27;Brien</p>" in written.html
    assert "<title>Tomorrow with O&#x27;Brien</title>" in written.html
    assert ">Look</a>" in written.html
    assert "<img" not in written.html


def test_a_page_without_a_button(folder: Path, db: None) -> None:
    (folder / "body.html").write_text('{% extends "mail/base.html" %}')
    assert 'class="action"' not in (letter("reminder", {}).html or "")


@pytest.mark.django_db
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_a_letter_says_which_language_it_is_in(folder: Path, language: str) -> None:
    (folder / "body.html").write_text('{% extends "mail/base.html" %}')
    with translation.override(language):
        assert f'<html lang="{language}">' in (letter("reminder", {}).html or "")


def test_a_missing_part_of_a_page_is_an_error_and_not_a_letter_without_one(folder: Path) -> None:
    (folder / "body.html").write_text('{% extends "mail/nowhere.html" %}')
    with pytest.raises(TemplateDoesNotExist):
        letter("reminder", {})


def test_a_letter_needs_its_words(folder: Path) -> None:
    (folder / "body.txt").unlink()
    with pytest.raises(TemplateDoesNotExist):
        letter("reminder", {})
