from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from sessions_log.free_times import local_instant
from sessions_log.models import CoachingSession

LENGTHS = (30, 45, 60, 90, 120)


def lengths(*more: int) -> list[tuple[int, str]]:
    return [(minutes, f"{minutes} minutes") for minutes in sorted({*LENGTHS, *more})]


class InstantField(forms.Field):
    """A slot of the timetable: an instant with its offset, as we wrote it into the page."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            instant = datetime.fromisoformat(value) if value else None
            return instant.astimezone(UTC) if instant and instant.tzinfo else None
        except (TypeError, ValueError, OverflowError):
            return None


class WallTimeField(forms.DateTimeField):
    """What the clock of ``zone`` shows. An hour that comes twice is the first; a skipped one is refused."""

    def __init__(self, *, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            wall = super().to_python(value)
        if wall is None:
            return None
        try:
            instant = local_instant(wall.replace(tzinfo=None), self.zone)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if instant is None:
            raise ValidationError(f"The clock in {self.zone.key} skips this time. Choose another.")
        return instant


class _Meeting(forms.Form):
    """Every form below gives ``starts_at``, ``minutes`` and ``place``."""

    place = forms.CharField(
        label="Where",
        max_length=CoachingSession._meta.get_field("place").max_length,
        required=False,
        help_text=CoachingSession._meta.get_field("place").help_text,
    )


class SlotForm(_Meeting):
    """One of the free times."""

    starts_at = InstantField(error_messages={"required": "Choose one of the times."})
    minutes = forms.IntegerField(min_value=15, max_value=240, widget=forms.HiddenInput)


class OwnTimeForm(_Meeting):
    """Any time; ``minutes`` offers the usual lengths and the one that is set."""

    field_order = ["starts_at", "minutes", "place"]

    def __init__(self, *args: Any, zone: ZoneInfo, length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WallTimeField(
            zone=zone, label="Day and time", help_text=f"In your time zone, {zone.key}."
        )
        self.fields["minutes"] = forms.TypedChoiceField(
            label="Length", coerce=int, choices=lengths(length), initial=length
        )
        self.order_fields(self.field_order)


class WeekForm(forms.Form):
    """What the page is asked to show; nonsense is ignored."""

    minutes = forms.IntegerField(min_value=15, max_value=240, required=False)
    week = forms.DateField(required=False)

    def get(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)
