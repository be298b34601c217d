"""An agreement is changed section by section, or as one text. Either form hands over the whole text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from reflection.models import Agreement
from reflection.sections import LONGEST_HEADING, Section, is_heading, together

LONGEST = 8000
MOST_SECTIONS = 40


class _Agreement(forms.Form):
    began_from = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_began_from(self) -> datetime | None:
        """When the words were written that were changed here."""
        try:
            return parse_datetime(self.cleaned_data["began_from"])
        except ValueError:
            return None

    def begin_again_from(self, newest: Agreement | None) -> None:
        """What was typed stays; sent once more, it is meant to stand in place of ``newest``."""
        began = {"began_from": newest.written_at.isoformat()} if newest else {}
        self.data = {**{name: self.data[name] for name in self.data}, **began}


class WholeTextForm(_Agreement):
    text = forms.CharField(
        label=_("Your agreement"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text=_("Change whatever you like. A short line on its own above a paragraph is its heading."),
    )

    @property
    def whole_text(self) -> str:
        return self.cleaned_data["text"]


class SectionsForm(_Agreement):
    """A field for each section, under its heading. ``suggested`` are the programme's words, shown as help."""

    def __init__(self, data: Any = None, *, parts: Sequence[Section], suggested: Mapping[str, str], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.parts = list(parts) if data is None else _headings_in(data)
        for number, part in enumerate(self.parts):
            self.fields[f"heading-{number}"] = forms.CharField(
                initial=part.heading, required=False, max_length=LONGEST_HEADING, widget=forms.HiddenInput
            )
            self.fields[f"words-{number}"] = forms.CharField(
                label=part.heading or _("First words"),
                initial=part.words,
                required=False,
                max_length=LONGEST,
                help_text="" if part.words else suggested.get(part.heading, ""),
                widget=forms.Textarea(attrs={"rows": 3 + part.words.count("\n") + len(part.words) // 90}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(heading and not is_heading(heading) for heading, _ in self._typed(cleaned)):
            raise forms.ValidationError(_("One of the headings is too long, or ends like a sentence."))
        text = together(self._typed(cleaned))
        if not text:
            raise forms.ValidationError(_("An agreement needs some words."))
        if len(text) > LONGEST:
            too_long = _("Altogether it is too long: at most %(most)d characters.")
            raise forms.ValidationError(too_long, params={"most": LONGEST})
        return cleaned

    @property
    def whole_text(self) -> str:
        return together(self._typed(self.cleaned_data))

    def _typed(self, cleaned: dict[str, Any]) -> list[Section]:
        numbers = range(len(self.parts))
        return [Section(cleaned.get(f"heading-{n}", ""), cleaned.get(f"words-{n}", "")) for n in numbers]


def _headings_in(data: Any) -> list[Section]:
    numbers = [n for n in range(MOST_SECTIONS) if f"words-{n}" in data]
    return [Section(data.get(f"heading-{n}", "")[:LONGEST_HEADING], "") for n in range(len(numbers))]
