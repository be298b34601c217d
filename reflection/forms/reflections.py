from typing import Any

from django import forms

from reflection.models import ReflectionPrompt
from reflection.questions import QUESTIONS, WORDS
from reflection.reflecting import is_over


class ReflectionForm(forms.Form):
    """One field a question; at least one answer."""

    def __init__(self, *args: Any, prompt: ReflectionPrompt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = {answer.question: answer.text for answer in prompt.answers.all()}
        for question in QUESTIONS:
            self.fields[question.slug] = forms.CharField(
                label=question.words,
                help_text=question.help,
                initial=written.get(question.slug, ""),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(slug, "").strip() for slug in WORDS):
            raise forms.ValidationError("Write a line about at least one of the questions.")
        return cleaned


class SharingForm(forms.Form):
    """Which of the answers the buddy may read."""

    shared = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, prompt: ReflectionPrompt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = prompt.shared if is_over(prompt) else prompt.answers
        slugs = written.values_list("question", flat=True)
        self.fields["shared"].choices = [(slug, WORDS[slug]) for slug in WORDS if slug in slugs]  # type: ignore[attr-defined]
