"""How a programme's sessions go, and what people are asked when they reflect: every word of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buddying.models import Programme
from buddying.session_guide import Guide, Phase, Question, guide_from, in_own_words, to_keep

MOST_LINES = 20
LONGEST_LINE = 300


class Lines(forms.CharField):
    """One thing a line; empty lines do not count."""

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=8000, **kwargs)

    def clean(self, value: Any) -> Any:
        lines = tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(
                _("At most %(lines)d lines of up to %(characters)d characters."),
                params={"lines": MOST_LINES, "characters": LONGEST_LINE},
            )
        return lines


class GuideForm(forms.Form):
    """Three phases, always: they are what makes a conversation a session. Their names and words are free."""

    preparation = forms.CharField(
        label=_("Before a session"),
        help_text=_("What each prepares. Empty where nothing needs preparing."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    cards = Lines(label=_("Question cards"), help_text=_("One question a line."), rows=8, required=False)

    def __init__(self, data: Any = None, *, programme: Programme, questions: Sequence[Question]) -> None:
        self.programme, self.usual_questions = programme, questions
        guide = guide_from(programme.guide)
        self.asked = in_own_words(questions, programme.questions)
        super().__init__(data, initial=self._initial(guide))
        self.numbers = range(1, len(guide.phases) + 1)
        for number in self.numbers:
            self.fields.update(_phase_fields(number))
        for question in self.asked:
            self.fields.update(_question_fields(question.slug))

    def phases(self) -> Iterable[list[forms.BoundField]]:
        return ([self[f"{part}_{number}"] for part in ("name", "aim", "lines", "share")] for number in self.numbers)

    def reflection(self) -> Iterable[list[forms.BoundField]]:
        return ([self[f"words_{question.slug}"], self[f"help_{question.slug}"]] for question in self.asked)

    def save(self) -> None:
        self.programme.guide = to_keep(self._guide())
        self.programme.questions = self._own_questions()
        self.programme.save(update_fields=["guide", "questions"])

    def _initial(self, guide: Guide) -> dict[str, Any]:
        initial: dict[str, Any] = {"preparation": guide.preparation, "cards": "\n".join(guide.cards)}
        for number, phase in enumerate(guide.phases, 1):
            initial |= {f"name_{number}": phase.name, f"aim_{number}": phase.aim, f"share_{number}": phase.share}
            initial[f"lines_{number}"] = "\n".join(phase.questions)
        for question in self.asked:
            initial |= {f"words_{question.slug}": question.words, f"help_{question.slug}": question.help}
        return initial

    def _guide(self) -> Guide:
        data = self.cleaned_data
        phases = (
            Phase(data[f"name_{n}"], data[f"aim_{n}"], data[f"lines_{n}"], data[f"share_{n}"]) for n in self.numbers
        )
        return Guide("\n".join(data["preparation"].splitlines()), tuple(phases), data["cards"])

    def _own_questions(self) -> dict[str, dict[str, str]]:
        """What no higher floor asks at the moment is kept as it is."""
        own = dict(self.programme.questions)
        for usual in self.usual_questions:
            said = Question(
                usual.slug, self.cleaned_data[f"words_{usual.slug}"], self.cleaned_data[f"help_{usual.slug}"]
            )
            own.pop(usual.slug, None)
            if said != usual:
                own[usual.slug] = {"words": said.words, "help": said.help}
        return own


def _phase_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"name_{number}": forms.CharField(label=_("Name"), max_length=60),
        f"aim_{number}": forms.CharField(label=_("What it is for"), max_length=300),
        f"lines_{number}": Lines(label=_("Questions that help"), help_text=_("One a line."), rows=4, required=False),
        f"share_{number}": forms.IntegerField(
            label=_("Parts of the time"),
            help_text=_("1, 3 and 2 make a sixth, a half and a third of a turn."),
            min_value=1,
            max_value=12,
        ),
    }


def _question_fields(slug: str) -> dict[str, forms.Field]:
    return {
        f"words_{slug}": forms.CharField(label=_("Question"), max_length=200),
        f"help_{slug}": forms.CharField(label=_("A hint"), max_length=300, required=False),
    }
