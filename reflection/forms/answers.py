from django import forms

from reflection.models import EndingWish, FitCheck


class FitForm(forms.Form):
    answer = forms.ChoiceField(
        label="How does it feel so far?",
        choices=FitCheck.ANSWERS,
        widget=forms.RadioSelect,
        help_text="One answer, no reason asked. Your buddy is told nothing of it.",
        error_messages={"required": "Choose one of the three, or come back to it later."},
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label="What would you like to say?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="As much or as little as you like.",
        error_messages={"required": "Write a line first."},
    )


class ThanksForm(forms.Form):
    text = forms.CharField(
        label="A line to say thank you",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What did they do that helped? One thing is plenty.",
    )


class WishForm(forms.Form):
    choice = forms.ChoiceField(
        label="What would you like?",
        choices=EndingWish.CHOICES,
        widget=forms.RadioSelect,
        help_text="You go on only if all of you wish to. If not, nobody is told who wished what.",
        error_messages={"required": "Choose one of the two, or come back to it later."},
    )
