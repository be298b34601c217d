"""What a person chooses about their mail."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import hours
from outbox.groups import CHOSEN_BY_MODE, GROUPS
from outbox.models import MailChoices

QUIET = _(
    "Mail waits until they are over, in {zone} time. Codes to log in come at any hour; so do changes of a session in "
    "the next 24 hours, and the reminder an hour before."
)
AN_HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ChoicesForm(forms.ModelForm):
    has_quiet_hours = forms.BooleanField(label=_("Quiet hours"), required=False)

    class Meta:
        model = MailChoices
        fields = [*CHOSEN_BY_MODE, "reminders", "digest_at", "quiet_from", "quiet_until", "paused_until"]
        widgets = {
            **dict.fromkeys(CHOSEN_BY_MODE, forms.RadioSelect),
            "reminders": forms.RadioSelect,
            "digest_at": AN_HOUR,
            "quiet_from": AN_HOUR,
            "quiet_until": AN_HOUR,
            "paused_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"paused_until": _("No mail until"), "quiet_from": _("From"), "quiet_until": _("Until")}
        help_texts = {
            "digest_at": _(
                "What cannot wait for it, such as a session booked for this evening, comes at once. "
                "A booking in the daily mail brings no calendar file; the session’s page has it."
            ),
            "paused_until": _(
                "The first day on which you want mail again; what still matters then comes in one mail. "
                "Leave it empty if you want mail now."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, group in GROUPS.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = group.label, group.what
        self.fields["has_quiet_hours"].initial = self.instance.quiet_from is not None
        self.fields["has_quiet_hours"].help_text = str(QUIET).format(zone=hours.zone_of(self.instance.person))
        self.initial["quiet_from"] = self.instance.quiet_from or time(21)
        self.initial["quiet_until"] = self.instance.quiet_until or time(7)

    def clean_paused_until(self) -> date | None:
        day = self.cleaned_data["paused_until"]
        if day and day <= timezone.localdate():
            # A pause that is over is no mistake; it only stands there no more.
            return None if day == self.instance.paused_until else self._refuse_the_past()
        return day

    def _refuse_the_past(self) -> date:
        raise forms.ValidationError(_("Choose a day to come, or leave it empty."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("has_quiet_hours"):
            data["quiet_from"] = data["quiet_until"] = None
            self._forget_complaints("quiet_from", "quiet_until")
        elif not self.errors and not (data["quiet_from"] and data["quiet_until"]):
            self.add_error("quiet_from", _("Say from when until when."))
        elif not self.errors and data["quiet_from"] == data["quiet_until"]:
            self.add_error("quiet_until", _("Choose another time than the one they begin at."))
        return data

    def _forget_complaints(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)
