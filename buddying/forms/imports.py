"""Uploading files, and the choices on the preview."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from buddying.importing.addresses import BadPattern, check_pattern
from buddying.importing.nominations import REFUSAL
from buddying.importing.plan import Choices, Plan
from buddying.importing.problems import Unreadable
from buddying.importing.reading import MAX_BYTES, text_of
from buddying.words import grouped

CSV = {"accept": ".csv,text/csv,text/plain"}


class UploadForm(forms.Form):
    people = forms.FileField(
        label=_("People"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "people.csv, with a column id and any of name, email, department, team, level, manager_id, "
            "office, time_zone, hours_per_month, wants, offers."
        ),
        widget=forms.FileInput(attrs=CSV),
    )
    nominations = forms.FileField(
        label=_("Nominations"),
        required=False,
        allow_empty_file=True,
        help_text=_("nominations.csv, with the columns from_id, to_id, rank_or_weight (1 is the first wish) and kind."),
        widget=forms.FileInput(attrs=CSV),
    )
    address_pattern = forms.CharField(
        label=_("Pattern for addresses"),
        required=False,
        max_length=200,
        help_text=_("Only if the file has no addresses: {label}@example.org makes a01@example.org of A01."),
    )

    def clean_address_pattern(self) -> str:
        return clean_pattern(self.cleaned_data["address_pattern"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("people", "nominations"):
            if name in cleaned:
                cleaned[f"{name}_name"], cleaned[f"{name}_text"] = self._read(name, cleaned[name])
        if not self.errors and not cleaned["people_text"] and not cleaned["nominations_text"]:
            raise ValidationError(_("Choose at least one file."))
        return cleaned

    def _read(self, field: str, upload: UploadedFile | None) -> tuple[str, str]:
        if upload is None:
            return "", ""
        name = (upload.name or f"{field}.csv")[:200]
        try:
            return name, text_of(name, upload.read(MAX_BYTES + 1))
        except Unreadable as error:
            self.add_error(field, str(error.problem))
            return name, ""

    def texts(self) -> dict[str, str]:
        names = ("people_name", "people_text", "nominations_name", "nominations_text")
        return {name: self.cleaned_data[name] for name in names}


class ChoicesForm(forms.Form):
    """What the lead decides when they have seen what the files hold."""

    kinds = forms.MultipleChoiceField(
        label=_("Which rows are nominations?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rest = forms.ChoiceField(
        label=_("People named after the first three"),
        choices=[("also", _("Keep as “also happy with”")), ("leave", _("Leave out"))],
        widget=forms.RadioSelect,
        required=False,
    )
    address_pattern = forms.CharField(
        label=_("Pattern for addresses"), required=False, max_length=200, help_text=_("For example {label}@example.org")
    )
    agreed = forms.BooleanField(
        label=_("These people have agreed to take part"),
        required=False,
        help_text=_(
            "They are in the cohort at once and get no invitation. Otherwise they are listed and, "
            "if they have an address, invited by mail."
        ),
    )

    def __init__(self, data: object = None, *, plan: Plan) -> None:
        choices = plan.choices
        super().__init__(
            data,  # type: ignore[arg-type]
            initial={
                "kinds": choices.kinds,
                "rest": "also" if choices.keep_rest else "leave",
                "address_pattern": choices.address_pattern,
                "agreed": choices.agreed,
            },
        )
        kinds = [(kind, _with_rows(kind, count)) for kind, count in sorted(plan.kinds.items()) if kind != REFUSAL]
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["kinds"], self.fields["rest"]
        if not plan.people:
            del self.fields["agreed"], self.fields["address_pattern"]

    def clean_address_pattern(self) -> str:
        return clean_pattern(self.cleaned_data["address_pattern"])

    def choices(self) -> Choices:
        cleaned = self.cleaned_data
        return Choices(
            kinds=tuple(cleaned.get("kinds", ())),
            keep_rest=cleaned.get("rest") != "leave",
            address_pattern=cleaned.get("address_pattern", ""),
            agreed=cleaned.get("agreed", False),
        )


def _with_rows(kind: str, count: int) -> str:
    said = ngettext("%(kind)s (%(count)s row)", "%(kind)s (%(count)s rows)", count)
    return said % {"kind": kind, "count": grouped(count)}


def clean_pattern(pattern: str) -> str:
    if pattern:
        try:
            check_pattern(pattern)
        except BadPattern as error:
            raise ValidationError(str(error)) from error
    return pattern
