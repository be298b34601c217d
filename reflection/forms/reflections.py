from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reflection.models import ReflectionPrompt
from reflection.questions import SCALES, WORDS, questions_of
from reflection.sharing import sentences_of


class ReflectionForm(forms.Form):
    """One field a question and a scale, none of them required. ``finishing`` asks for at least one answer."""

    def __init__(self, *args: Any, prompt: ReflectionPrompt, finishing: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finishing = finishing
        written = {answer.question: answer.text for answer in prompt.answers.all()}
        for question in questions_of(prompt.pairing.cohort.programme):
            self.fields[question.slug] = forms.CharField(
                label=question.words,
                help_text=question.help,
                initial=written.get(question.slug, ""),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        chosen = {choice.question: choice.value for choice in prompt.scales.all()}
        for scale in SCALES:
            self.fields[scale.slug] = forms.TypedChoiceField(
                label=scale.words,
                choices=scale.choices,
                coerce=int,
                empty_value=None,
                initial=chosen.get(scale.slug),
                required=False,
                disabled=prompt.answered_at is not None,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.finishing and not any(cleaned.get(name) for name in self.fields):
            raise forms.ValidationError(_("Answer at least one of the questions."))
        return cleaned

    @property
    def text_fields(self) -> list[Any]:
        return [self[slug] for slug in WORDS]

    @property
    def scale_fields(self) -> list[Any]:
        return [self[scale.slug] for scale in SCALES]

    @property
    def texts(self) -> dict[str, str]:
        return {slug: self.cleaned_data[slug] for slug in WORDS}

    @property
    def scales(self) -> dict[str, int]:
        chosen = {scale.slug: self.cleaned_data[scale.slug] for scale in SCALES}
        return {slug: value for slug, value in chosen.items() if value}


class SharingForm(forms.Form):
    """Which sentences the buddy may read."""

    shared = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Your answer has changed since you opened this page. Please tick again.")},
    )

    def __init__(self, *args: Any, prompt: ReflectionPrompt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [one for rows in sentences_of(prompt).values() for one in rows]
        self.fields["shared"].choices = [(one.token, one.text) for one in known]  # type: ignore[attr-defined]
