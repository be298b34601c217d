from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.forms.accounts import ZoneField
from buddying.forms.programmes import keep_zone
from buddying.inviting import Found, each_in
from buddying.models import Cohort, Person
from buddying.people import CORRECTABLE

AT_ONCE = 500
COMPLAINTS = 20


class InvitationsForm(forms.Form):
    addresses = forms.CharField(
        label=_("Addresses"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One a line, or separated by commas or spaces. “Ada Okafor <ada@example.org>” is fine too."),
    )

    def clean_addresses(self) -> list[str]:
        found = list(islice(each_in(self.cleaned_data["addresses"]), AT_ONCE + 1))
        if len(found) > AT_ONCE:
            raise forms.ValidationError(
                _("At most %(number)d addresses at a time, please."), params={"number": AT_ONCE}
            )
        if bad := [_complaint(each) for each in found if not each.is_address]:
            raise forms.ValidationError(bad[:COMPLAINTS])
        return [each.text for each in found]


def _complaint(found: Found) -> str:
    return gettext("Line %(line)d: “%(text)s” is no e-mail address.") % {"line": found.line, "text": found.text[:60]}


class CorrectionForm(forms.ModelForm):
    """What a lead may put right about somebody on the list who has not logged in yet."""

    class Meta:
        model = Person
        fields = CORRECTABLE
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}
        help_texts = {
            "email": _("Without an address nobody can be invited or log in."),
            "manager": _("Nobody is paired with their own manager."),
        }

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_the_list = Person.objects.filter(participations__cohort=cohort, participations__left_at=None)
        known = on_the_list | Person.objects.filter(pk=self.instance.manager_id)
        self.fields["manager"].empty_label = _("Not known")  # type: ignore[attr-defined]
        self.fields["manager"].queryset = known.exclude(pk=self.instance.pk).distinct()  # type: ignore[attr-defined]

    def managers(self) -> list[Person]:
        """Who is offered by name."""
        return list(self.fields["manager"].queryset)  # type: ignore[attr-defined]

    def clean_email(self) -> str | None:
        email = (self.cleaned_data["email"] or "").lower() or None
        if email and Person.objects.with_address(email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody already has this address."))
        return email


class MeForm(forms.ModelForm):
    time_zone = ZoneField()

    class Meta:
        model = Person
        fields = ["name", "team", "time_zone", "language"]
        help_texts = {"language": _("Of these pages and of what we mail you.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].required = False
        keep_zone(self)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.instance.language

    def save(self, commit: bool = True) -> Person:
        """Nothing but what the page shows: a deactivation that came in between stays."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance
