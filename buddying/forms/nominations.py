from __future__ import annotations

from django import forms

from buddying.models import Participant

VERBS = [(verb, verb) for verb in ("name", "also", "refuse", "withdraw", "up", "down")]


class WishForm(forms.Form):
    """One button of the page. Somebody who is on no list that the viewer may see is nobody."""

    verb = forms.ChoiceField(choices=VERBS)
    fellow = forms.ModelChoiceField(queryset=Participant.objects.none())
    place = forms.IntegerField(required=False, min_value=1, max_value=3)

    def __init__(self, data: object, *, mine: Participant) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["fellow"].queryset = (  # type: ignore[attr-defined]
            Participant.objects.filter(cohort=mine.cohort_id).exclude(pk=mine.pk).select_related("person")
        )
