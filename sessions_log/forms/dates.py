from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from buddying.forms.profile import lengths
from buddying.models import DayHours, Leave, Person
from sessions_log.dates import today

LONGEST_LEAVE = timedelta(days=366)
FARTHEST = timedelta(days=2 * 366)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class LeaveForm(forms.ModelForm):
    """The last day may be left empty: then it is one day."""

    prefix = "leave"
    first_day = DayField(label=_("First day away"))
    last_day = DayField(label=_("Last day away"), required=False)

    class Meta:
        model = Leave
        fields = ["first_day", "last_day"]

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        super().__init__(data, instance=Leave(person=person))
        self.person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("first_day")
        if first and "last_day" not in self.errors:
            cleaned["last_day"] = self.instance.last_day = cleaned.get("last_day") or first
            self._check(first, cleaned["last_day"])
        return cleaned

    def _check(self, first: date, last: date) -> None:
        now = today(self.person)
        if last < first:
            self.add_error("last_day", gettext("The last day is before the first."))
        elif last < now:
            self.add_error(
                "last_day" if self.data.get("leave-last_day") else "first_day", gettext("That is over already.")
            )
        elif last - first >= LONGEST_LEAVE or last > now + FARTHEST:
            self.add_error("last_day", gettext("At most a year at a time, and within the next two years."))
        elif Leave.objects.filter(person=self.person, first_day=first, last_day=last).exists():
            self.add_error("first_day", gettext("You have said so already."))


class DayHoursForm(forms.ModelForm):
    prefix = "hours"
    day = DayField(label=pgettext_lazy("hours of a day", "On"))
    starts_at = forms.TimeField(
        label=pgettext_lazy("hours of a day", "From"),
        widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M"),
    )
    minutes = forms.TypedChoiceField(label=pgettext_lazy("hours of a day", "For"), coerce=int)
    kind = forms.ChoiceField(label=_("What is different?"), choices=DayHours.KINDS, widget=forms.RadioSelect)

    class Meta:
        model = DayHours
        fields = ["kind", "day", "starts_at", "minutes"]

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        super().__init__(data, instance=DayHours(person=person), initial={"minutes": 120, "kind": DayHours.FREE})
        self.person = person
        self.fields["minutes"].choices = lengths()  # type: ignore[attr-defined]
        self.order_fields(["kind", "day", "starts_at", "minutes"])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not today(self.person) <= day <= today(self.person) + FARTHEST:
            raise ValidationError(gettext("Choose a day from today on, within the next two years."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = DayHours.objects.filter(person=self.person)
        same = {name: cleaned.get(name) for name in ("day", "starts_at", "kind")}
        if not self.errors and known.filter(**same).exists():
            self.add_error("starts_at", gettext("You already have hours that start then."))
        return cleaned


class CalendarForm(forms.Form):
    prefix = "calendar"
    address = forms.CharField(
        label=_("The secret address of your calendar"),
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Your calendar offers it for sharing, often as “secret address in iCal format”. It begins with https:// or "
            "webcal://."
        ),
        error_messages={"required": _("Paste the address.")},
    )
