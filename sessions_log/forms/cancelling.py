from __future__ import annotations

from typing import Any

from django import forms

ONE, LATER = "one", "later"


class CancelForm(forms.Form):
    """A word to the others and, in a series, whether the later ones go too."""

    def __init__(self, *args: Any, later: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if later:
            all_of_them = f"This one and the {later} later ones" if later > 1 else "This one and the one after it"
            self.fields["which"] = forms.ChoiceField(
                label="It belongs to a series. Cancel",
                choices=[(ONE, "Only this one"), (LATER, all_of_them)],
                widget=forms.RadioSelect,
                initial=ONE,
                required=False,
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
