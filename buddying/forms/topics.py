"""Topics one a line, for whoever sets up a programme; and as boxes to tick, for whoever takes part."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from buddying.topics import LONGEST, MOST, TICKED, tidy
from outbox.words import Words

MOST_CHARACTERS = 4 * MOST * LONGEST


class TopicLines(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 8})
        super().__init__(required=False, max_length=MOST_CHARACTERS, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        super().run_validators(text)
        return tidy(text.splitlines())

    def validate(self, value: Any) -> None:
        if len(value) > MOST:
            raise ValidationError(
                _("These are %(count)d topics. Up to %(most)d can be taken in at a glance."),
                params={"count": len(value), "most": MOST},
            )
        if long := next((topic for topic in value if len(topic) > LONGEST), None):
            raise ValidationError(
                _("“%(topic)s…” is longer than %(most)d characters."), params={"topic": long[:LONGEST], "most": LONGEST}
            )

    def run_validators(self, value: Any) -> None:
        """Those of a text were asked before it became a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != tidy((data or "").splitlines())


class TopicBoxes(forms.MultipleChoiceField):
    """``ticked`` before stay on offer, though the programme has dropped them since."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Words, topics: Collection[str], ticked: Collection[str]) -> None:
        offered = [*topics, *(topic for topic in ticked if topic not in topics)]
        super().__init__(
            label=label, choices=[(topic, topic) for topic in offered], required=False, help_text=_("Up to five.")
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > TICKED:
            raise ValidationError(_("Tick up to five, those that matter most now."))
