from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from buddying.models import Participant

MOST = 200


class RepairForm(forms.Form):
    """For each person of a pairing that ends: who of those who wait is their buddy from now on, if anybody."""

    def __init__(self, *args: Any, members: Sequence[Participant], candidates: Sequence[Participant], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.members = list(members)
        self.candidates = {str(one.pk): one for one in candidates[:MOST]}
        choices = [("", _("Waits for another buddy"))] + [(pk, str(one)) for pk, one in self.candidates.items()]
        for member in self.members:
            self.fields[f"buddy_of_{member.pk}"] = forms.ChoiceField(
                label=_("New buddy of %(name)s") % {"name": member}, choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [pk for pk in given.values() if pk]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Choose a different person for each: they do not stay together."))
        return given

    def groups(self) -> list[list[Participant]]:
        chosen = ((member, self.cleaned_data.get(f"buddy_of_{member.pk}")) for member in self.members)
        return [[member, self.candidates[pk]] for member, pk in chosen if pk]
