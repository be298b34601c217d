from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from buddying.forms.accounts import ZoneField
from buddying.forms.topics import TopicLines
from buddying.models import Cohort, GroupMeeting, Person, Programme
from buddying.models.programmes import FIRST_DAY, LAST_DAY
from buddying.setting_up import WORDS

NUMBERS = ["session_minutes", "target_sessions", "reflection_point", "new_pairs_weeks"]
DAYS = ["sign_up_opens_on", "nominations_close_on", "pairs_published_on", "starts_on", "ends_on"]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProgrammeForm(forms.ModelForm):
    topics = TopicLines(
        label=_("Topics"),
        help_text=_(
            "One a line. People tick what they would like to get better at and what they can help with, and the "
            "matching brings the two together. What somebody has ticked stays, if you take it out later."
        ),
    )

    class Meta:
        model = Programme
        fields = ["name", *WORDS, "support_contacts", "topics"]
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in WORDS}
        widgets["support_contacts"] = forms.Textarea(attrs={"rows": 3})


class KeepingForm(forms.ModelForm):
    """Its bounds are those of the database."""

    class Meta:
        model = Programme
        fields = ["content_days", "trail_days"]
        widgets = {name: forms.NumberInput(attrs={"inputmode": "numeric"}) for name in ("content_days", "trail_days")}
        labels = {
            "content_days": _("Days that what people wrote is kept after the end of a cohort"),
            "trail_days": _("Days that everybody can see who looked at data about them"),
        }
        help_texts = {
            "content_days": _(
                "30 to 730; usually 90. Notes, commitments, agreements, reflections, goals and profiles "
                "are erased then; everybody is told two weeks before. Pairs that go on privately keep theirs."
            ),
            "trail_days": _("90 to 1095; usually 365."),
        }


class LeadForm(forms.Form):
    """A colleague who will lead as well, by address: they have logged in at least once, or are on a list."""

    email = forms.EmailField(
        label=_("Add a lead"),
        help_text=_("The address of a colleague who has an account here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        self.person = Person.objects.active().with_address(self.cleaned_data["email"]).first()
        if self.person is None:
            raise forms.ValidationError(_("Nobody here has this address."))
        return self.cleaned_data["email"]


class StartForm(forms.Form):
    start = forms.DateField(
        label=_("First day"),
        widget=day_input(),
        help_text=_("The other dates follow from it."),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class CohortForm(forms.ModelForm):
    time_zone = ZoneField(label=_("Time zone"), help_text=_("The days of the cohort begin and end in it."))

    class Meta:
        model = Cohort
        fields = ["name", *DAYS, *NUMBERS, "time_zone"]
        widgets: dict[str, Any] = {day: day_input() for day in DAYS}
        labels = {
            "name": _("Name of the cohort"),
            "reflection_point": _("Pause to reflect after"),
            "new_pairs_weeks": _("New pairs every so many weeks"),
        }
        help_texts = {
            "name": _("For example “Spring 2027”."),
            "session_minutes": _("Each of two buddies is coached for half of it."),
            "nominations_close_on": _("Until then people can join."),
            "target_sessions": _("Of each pair."),
            "new_pairs_weeks": _("Leave it empty where pairs stay together."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_zone(self)


def keep_zone(form: forms.BaseForm) -> None:
    """A zone that the list leaves out stays choosable for whoever has it."""
    field: Any = form.fields["time_zone"]
    kept = form.get_initial_for_field(field, "time_zone")
    if kept and kept not in dict(field.choices):
        field.choices = [*field.choices, (kept, kept)]


class MeetingForm(forms.ModelForm):
    class Meta:
        model = GroupMeeting
        fields = ["day", "what", "note"]
        widgets = {"day": day_input()}
        labels = {"what": _("What"), "note": _("Time, place, anything else")}


class Meetings(forms.BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take it out")


MeetingFormSet = forms.inlineformset_factory(
    Cohort, GroupMeeting, form=MeetingForm, formset=Meetings, extra=2, max_num=20
)
