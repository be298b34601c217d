from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ONE, LATER = "one", "later"


class Which(forms.ChoiceField):
    """Who says nothing means this one."""

    widget = forms.RadioSelect

    def clean(self, value: Any) -> str:
        return super().clean(value or ONE)


class CancelForm(forms.Form):
    """A word to the others and, in a series, whether the later ones go too."""

    def __init__(self, *args: Any, later: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if later:
            all_of_them = ngettext("This one and the one after it", "This one and the %(count)d later ones", later) % {
                "count": later
            }
            self.fields["which"] = Which(
                label=_("It belongs to a series. Cancel"),
                choices=[(ONE, _("Only this one")), (LATER, all_of_them)],
                initial=ONE,
            )
        self.fields["word"] = forms.CharField(
            label=_("A word to your buddy"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("You and your buddy see it on the page of the session. It is in no mail."),
        )

    @property
    def takes_later_ones(self) -> bool:
        return self.cleaned_data.get("which") == LATER
