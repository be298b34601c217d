from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort
from buddying.models.programmes import end_of
from equipping.models import LessonText, Practice


class WordsForm(forms.ModelForm):
    class Meta:
        model = LessonText
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 28})}
        labels = {"title": _("Title"), "text": _("Lesson")}
        help_texts = {
            "text": _(
                "Plain text. A line that begins with ## is a heading, one with - or 1. belongs to a list, and *stars* "
                "stress a word. An empty line begins a new paragraph."
            )
        }


class PracticeForm(forms.ModelForm):
    """When and where may be left open: then each group finds a time of its own."""

    class Meta:
        model = Practice
        fields = ["starts_at", "place", "coaching_minutes", "feedback_minutes"]
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
        help_texts = {
            "place": _("A room, or a link."),
            "coaching_minutes": _("One coaches, one is coached."),
            "feedback_minutes": _("The observer tells what they saw."),
        }

    def __init__(self, *args: Any, zone: str, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = end_of(cohort.ends_on, cohort.zone)
        words = gettext("In %(zone)s. Leave it empty if each group is to find a time of its own.")
        self.fields["starts_at"].help_text = words % {"zone": zone}

    def clean_starts_at(self) -> datetime | None:
        starts_at = self.cleaned_data["starts_at"]
        if starts_at and starts_at <= timezone.now():
            raise forms.ValidationError(gettext("Choose a time to come, or leave it empty."))
        if starts_at and starts_at >= self.latest:
            raise forms.ValidationError(gettext("Choose a time from now on until your cohort ends."))
        return starts_at


class ObserverForm(forms.Form):
    text = forms.CharField(
        label=_("What I see and hear"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A few words are enough: you tell it by mouth afterwards."),
    )


class NoteForm(forms.Form):
    """Either may be left empty."""

    strengths = forms.CharField(
        label=_("What I do well as a coach"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What did the others say that helped?"),
    )
    growth = forms.CharField(
        label=_("Where I would like to grow"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thing to try in your first sessions."),
    )
