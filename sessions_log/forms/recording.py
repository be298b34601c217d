from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from sessions_log.forms.booking import WallTimeField, lengths
from sessions_log.models import HOW, PLACE, CoachingSession


class RecordForm(forms.Form):
    """When and where a session was that nobody had booked."""

    def __init__(self, *args: Any, zone: ZoneInfo, length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WallTimeField(
            zone=zone, label="When did you meet?", help_text=f"In your time zone, {zone.key}."
        )
        self.fields["minutes"] = forms.TypedChoiceField(
            label="Length", coerce=int, choices=lengths(length), initial=length
        )
        self.fields["how"] = forms.ChoiceField(
            label="How you met", choices=HOW, widget=forms.RadioSelect, required=False, initial=PLACE
        )
        self.fields["place"] = forms.CharField(
            label="Where", max_length=CoachingSession._meta.get_field("place").max_length, required=False
        )

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or PLACE
