"""What is asked at sign-up besides the address. allauth builds its form upon this one: import no allauth."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from buddying.models.people import organisation_language, organisation_zone


@cache
def zones() -> list[tuple[str, str]]:
    """Places, without the abbreviations and offsets that the database of zones also knows."""
    places = (
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(places))]


class ZoneField(forms.ChoiceField):
    """A time zone; left empty it is the organisation's. A browser with scripts chooses its own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": _("Your time zone"), "help_text": _("Times are shown in it.")} | kwargs
        guess = forms.Select(attrs={"data-guess-timezone": True})
        super().__init__(choices=zone_choices, widget=guess, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(value) or organisation_zone()


def zone_choices() -> list[tuple[str, str]]:
    usual = organisation_zone()
    as_most = gettext("%(zone)s, as in most of the organisation") % {"zone": usual.replace("_", " ")}
    return [("", as_most), *zones()]


class SignUpDetails(forms.Form):
    field_order = ["name", "email", "time_zone"]

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = ZoneField()

    def signup(self, request: HttpRequest, user: Person) -> None:
        for name, value in self.said().items():
            setattr(user, name, value)
        user.unproved_since = timezone.now()
        user.save(update_fields=[*self.said(), "unproved_since"])

    def said(self) -> dict[str, str]:
        """Of themself, besides the address."""
        language = get_language() or organisation_language()
        return {"name": self.cleaned_data["name"], "time_zone": self.cleaned_data["time_zone"], "language": language}
