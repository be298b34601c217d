from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reflection.goal_setting import Aim, HopedFor
from reflection.models import Goals
from reflection.models.goals import MOST

NOW = [("", "–"), *((number, str(number)) for number in range(11))]
EXAMPLE = _("What will be different then? For example: “I say no without a long story.”")


class GoalsForm(forms.Form):
    """What the months are for, up to three outcomes with where I am now, and what of the hopes is true for me."""

    focus = forms.CharField(
        label=_("What I would like from these months"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence is plenty."),
    )

    def __init__(
        self, data: Any = None, *, goals: Goals | None, stage: str, to_rate: list[HopedFor], **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"focus": goals.focus if goals else ""}, **kwargs)
        self.to_rate = to_rate
        outcomes = {outcome.number: outcome for outcome in goals.outcomes.all()} if goals else {}
        for number in range(1, MOST + 1):
            self._add_outcome(number, outcomes.get(number), stage)
        for one in to_rate:
            self.fields[f"rating-{one.digest}"] = forms.TypedChoiceField(
                label=one.words,
                choices=[(value, str(value)) for value in range(1, 6)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                help_text=_("1: not true for me at all. 5: completely true."),
            )

    def _add_outcome(self, number: int, outcome: Any, stage: str) -> None:
        self.fields[f"outcome-{number}"] = forms.CharField(
            label=gettext("Outcome %(number)d") % {"number": number},
            initial=outcome.text if outcome else "",
            required=False,
            max_length=300,
            help_text=EXAMPLE if number == 1 else "",
        )
        self.fields[f"now-{number}"] = forms.TypedChoiceField(
            label=gettext("Outcome %(number)d: where am I now, from 0 to 10?") % {"number": number},
            choices=NOW,
            coerce=int,
            empty_value=None,
            initial=getattr(outcome, f"at_{stage}") if outcome else None,
            required=False,
            help_text=gettext("So far: %(path)s.") % {"path": outcome.path} if outcome and outcome.path else "",
        )

    @property
    def outcome_fields(self) -> list[tuple[Any, Any]]:
        return [(self[f"outcome-{number}"], self[f"now-{number}"]) for number in range(1, MOST + 1)]

    @property
    def rating_fields(self) -> list[Any]:
        return [self[f"rating-{one.digest}"] for one in self.to_rate]

    def aims(self) -> list[Aim]:
        typed = self.cleaned_data
        return [Aim(typed[f"outcome-{n}"].strip(), typed[f"now-{n}"]) for n in range(1, MOST + 1)]

    def ratings(self) -> dict[str, int]:
        typed = {one.digest: self.cleaned_data[f"rating-{one.digest}"] for one in self.to_rate}
        return {digest: value for digest, value in typed.items() if value}
