from __future__ import annotations

from typing import Any

from django import forms

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
            all_of_them = f"This one and the {later} later ones" if later > 1 else "This one and the one after it"
            self.fields["which"] = Which(
                label="It belongs to a series. Cancel",
                choices=[(ONE, "Only this one"), (LATER, all_of_them)],
                initial=ONE,
            )
        self.fields["word"] = forms.CharField(
            label="A word to your buddy",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="You and your buddy see it on the page of the session. It is in no mail.",
        )

    @property
    def takes_later_ones(self) -> bool:
        return self.cleaned_data.get("which") == LATER
