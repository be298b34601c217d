from django import forms
from django.utils.translation import gettext_lazy as _

from reflection.models import EndingWish, FitCheck


class FitForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("How does it feel so far?"),
        choices=FitCheck.ANSWERS,
        widget=forms.RadioSelect,
        help_text=_("One answer, no reason asked. Your buddy is told nothing of it."),
        error_messages={"required": _("Choose one of the three, or come back to it later.")},
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("What would you like to say?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("As much or as little as you like."),
        error_messages={"required": _("Write a line first.")},
    )


class ThanksForm(forms.Form):
    text = forms.CharField(
        label=_("A line to say thank you"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What did they do that helped? One thing is plenty."),
    )


class WishForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("What would you like?"),
        choices=EndingWish.CHOICES,
        widget=forms.RadioSelect,
        help_text=_("You go on only if all of you wish to. If not, nobody is told who wished what."),
        error_messages={"required": _("Choose one of the two, or come back to it later.")},
    )
