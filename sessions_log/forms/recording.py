from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from sessions_log.forms.booking import WallTimeField, in_zone, lengths
from sessions_log.models import HOW, PLACE, CoachingSession


class RecordForm(forms.Form):
    """When and where a session was that nobody had booked."""

    def __init__(self, *args: Any, zone: ZoneInfo, length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WallTimeField(zone=zone, label=_("When did you meet?"), help_text=in_zone(zone))
        self.fields["minutes"] = forms.TypedChoiceField(
            label=_("Length"), coerce=int, choices=lengths(length), initial=length
        )
        self.fields["how"] = forms.ChoiceField(
            label=_("How you met"), choices=HOW, widget=forms.RadioSelect, required=False, initial=PLACE
        )
        self.fields["place"] = forms.CharField(
            label=_("Where"), max_length=CoachingSession._meta.get_field("place").max_length, required=False
        )

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or PLACE
