from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext, npgettext
from django.utils.translation import gettext_lazy as _

from sessions_log.free_times import Interval, local_instant
from sessions_log.models import HOW, PLACE, CoachingSession
from sessions_log.models.proposals import MOST_TIMES

LENGTHS = (30, 45, 60, 90, 120)
OWN_TIMES = 3  # rows for proposing times that are not on the page
EVERY = [(1, _("Every week")), (2, _("Every 2 weeks")), (3, _("Every 3 weeks")), (4, _("Every 4 weeks"))]
USUAL_WEEKS = 2


def lengths(*more: int) -> list[tuple[int, str]]:
    return [(minutes, _length(minutes)) for minutes in sorted({*LENGTHS, *more})]


def _length(minutes: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def in_zone(zone: ZoneInfo) -> str:
    return gettext("In your time zone, %(zone)s.") % {"zone": zone.key}


def instant_of(value: Any) -> datetime | None:
    """A slot of the timetable: an instant with its offset, as we wrote it into the page."""
    try:
        instant = datetime.fromisoformat(value) if value else None
        return instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


class InstantField(forms.Field):
    def to_python(self, value: Any) -> datetime | None:
        return instant_of(value)


class InstantsField(forms.Field):
    """Any number of them; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[datetime]:
        return sorted({instant for one in value or () if (instant := instant_of(one))})


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
            why = gettext("The clock in %(zone)s skips this time. Choose another.")
            raise ValidationError(why % {"zone": self.zone.key})
        return instant


class Meeting(forms.Form):
    """How and where, and a word to the others. Every form of a session gives ``how``, ``place`` and ``word``."""

    how = forms.ChoiceField(
        label=_("How you meet"), choices=HOW, widget=forms.RadioSelect, required=False, initial=PLACE
    )
    place = forms.CharField(
        label=_("Where"),
        max_length=CoachingSession._meta.get_field("place").max_length,
        required=False,
        help_text=CoachingSession._meta.get_field("place").help_text,
    )
    word = forms.CharField(
        label=_("A word to your buddy"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands on the page of the session, and in no mail."),
    )

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or self.get_initial_for_field(self.fields["how"], "how")

    @property
    def meeting(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("how", "place", "word")}


class SlotForm(Meeting):
    """One of the free times."""

    starts_at = InstantField(error_messages={"required": _("Choose one of the times.")})
    minutes = forms.IntegerField(min_value=15, max_value=240, widget=forms.HiddenInput)


class ChoiceForm(forms.Form):
    """One of the times that somebody proposed."""

    starts_at = InstantField()


class OwnTimeForm(Meeting):
    """Any time; ``minutes`` offers the usual lengths and the one that is set."""

    field_order = ["starts_at", "minutes", "how", "place", "word"]

    def __init__(self, *args: Any, zone: ZoneInfo, length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WallTimeField(zone=zone, label=gettext("Day and time"), help_text=in_zone(zone))
        self.fields["minutes"] = forms.TypedChoiceField(
            label=gettext("Length"), coerce=int, choices=lengths(length), initial=length
        )
        self.order_fields(self.field_order)


class ProposalForm(Meeting):
    """Some of the free times, and times of one's own; ``starts`` has them all."""

    starts_at = InstantsField(required=False)
    minutes = forms.IntegerField(min_value=15, max_value=240, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].help_text = gettext("It stands on the page of these times, and in no mail.")
        for number in range(OWN_TIMES):
            label = gettext("Another time %(number)d") % {"number": number + 1}
            self.fields[f"own_{number}"] = WallTimeField(zone=zone, label=label, required=False)

    @property
    def own_times(self) -> list[forms.BoundField]:
        return [self[f"own_{number}"] for number in range(OWN_TIMES)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        own = [cleaned[f"own_{number}"] for number in range(OWN_TIMES) if cleaned.get(f"own_{number}")]
        cleaned["starts"] = sorted({*cleaned.get("starts_at", []), *own})
        if not self.errors and not 1 <= len(cleaned["starts"]) <= MOST_TIMES:
            why = gettext("Choose between one and %(most)d times.")
            self.add_error("starts_at", why % {"most": MOST_TIMES})
        return cleaned


class RhythmForm(forms.Form):
    """From when on, how often and until when. Sent as a GET: it changes nothing and leads to the dates."""

    starts_at = InstantField(required=False)
    minutes = forms.IntegerField(min_value=15, max_value=240, widget=forms.HiddenInput, required=False)
    weeks = forms.TypedChoiceField(label=_("How often"), coerce=int, choices=EVERY, initial=USUAL_WEEKS)
    times = forms.TypedChoiceField(label=_("Until when"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, until: str, span: Interval, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.span = span
        self.fields["times"].choices = [("", until), *((n, _times(n)) for n in range(2, 13))]  # type: ignore[attr-defined]
        self.fields["own"] = WallTimeField(
            zone=zone,
            label=gettext("The first day and time"),
            required=False,
            help_text=gettext("In your time zone, %(zone)s. It goes before what is chosen above.") % {"zone": zone.key},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["first"] = cleaned.get("own") or cleaned.get("starts_at")
        if not self.errors and not cleaned["first"]:
            self.add_error("starts_at", gettext("Choose the first time."))
        elif not self.errors and not self.span.start < cleaned["first"] < self.span.end:
            why = gettext("Choose a time from now on until your cohort ends.")
            self.add_error("own" if cleaned["own"] else "starts_at", why)
        return cleaned


def _times(number: int) -> str:
    return npgettext("how often", "%(count)d time", "%(count)d times", number) % {"count": number}


class DateField(forms.ChoiceField):
    """One of the times on offer for a date. What is no longer on offer is left to the booking, which says why."""

    def valid_value(self, value: Any) -> bool:
        return not value or instant_of(value) is not None


class DatesForm(Meeting):
    """For each date of a series what to book: as planned, a time near it, or nothing."""

    def __init__(self, *args: Any, dates: Sequence[tuple[str, list[tuple[str, str]], str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].help_text = gettext("It stands on the page of each session, and in no mail.")
        self.names = [f"date_{number}" for number in range(len(dates))]
        for name, (label, choices, initial) in zip(self.names, dates, strict=True):
            self.fields[name] = DateField(
                label=label,
                choices=[*choices, ("", gettext("Leave it out"))],
                initial=initial,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )

    @property
    def starts(self) -> list[datetime]:
        chosen = (instant_of(self.cleaned_data[name]) for name in self.names)
        return [start for start in chosen if start]


class WeekForm(forms.Form):
    """What the page is asked to show; nonsense is ignored."""

    minutes = forms.IntegerField(min_value=15, max_value=240, required=False)
    week = forms.DateField(required=False)
    starts_at = InstantsField(required=False)

    def get(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)
