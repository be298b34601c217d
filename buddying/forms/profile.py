"""The profile in two short pages: in words, and in hours."""

from __future__ import annotations

from datetime import time
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.availability import PARTS, PRESETS, Hours, Part, Tick, hours_of, replace_week, ticks_and_rest, week_of
from buddying.forms.accounts import zones
from buddying.forms.topics import TopicBoxes
from buddying.models import Participant
from buddying.models.availability import WEEKDAYS
from buddying.words import length
from outbox.words import Words

USUAL_HOURS_A_MONTH = 2
ROWS_OF_EXACT_HOURS = 2
WORDS = ["working_on", "great_support", "looking_for"]
CAN_WAIT = {"looking_for", "wants", "offers"}
TOPICS = {"wants": _("I would like to get better at"), "offers": _("I can help others with")}
ABOUT_ONESELF = {"name": _("Your name"), "team": _("Your team")}


class ProfileForm(forms.ModelForm):
    """Name and team are asked only while they are empty, topics where the programme has some."""

    class Meta:
        model = Participant
        fields = WORDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in WORDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.person
        self.asked = [name for name in ABOUT_ONESELF if not getattr(person, name)]
        for name in self.asked:
            self.fields[name] = forms.CharField(label=ABOUT_ONESELF[name], max_length=120, required=name == "name")
        for name in ("working_on", "great_support"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Write a few words. A sentence is plenty.")
        self.fields["working_on"].help_text = ""
        self.fields["great_support"].help_text = _("Say, “ask me hard questions”.")
        self.fields["looking_for"].help_text = _("If you have somebody in mind, you name them in a moment.")
        self._offer_topics()
        self.order_fields([*ABOUT_ONESELF, *WORDS, *TOPICS])

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in CAN_WAIT]

    @property
    def more(self) -> list[forms.BoundField]:
        """What stands behind a fold."""
        return [self[name] for name in self.fields if name in CAN_WAIT]

    @property
    def more_stands_open(self) -> bool:
        return any(field.errors or field.value() for field in self.more)

    def _offer_topics(self) -> None:
        topics = self.instance.cohort.programme.topics
        for name, label in TOPICS.items():
            if topics or getattr(self.instance, name):
                self.initial[name] = getattr(self.instance, name)
                self.fields[name] = TopicBoxes(label, topics, self.initial[name])

    @transaction.atomic
    def save(self, commit: bool = True) -> Participant:
        person = self.instance.person
        for name in self.asked:
            setattr(person, name, self.cleaned_data[name])
        if self.asked:
            person.save(update_fields=self.asked)
        ticked = [name for name in TOPICS if name in self.fields]
        for name in ticked:
            setattr(self.instance, name, self.cleaned_data[name])
        self.instance.save(update_fields=[*WORDS, *ticked])
        return self.instance


class Cell(NamedTuple):
    part: Part
    value: str
    ticked: bool
    label: str


class Day(NamedTuple):
    name: Words
    short: Words
    cells: list[Cell]


def _cell(day: int, part: Part, ticked: set[str]) -> Cell:
    value = value_of((day, part.slug))
    when = {"day": WEEKDAYS[day], "part": part.name, "begins": part.begins, "ends": part.ends}
    return Cell(part, value, value in ticked, gettext("%(day)s, %(part)s, %(begins)d to %(ends)d") % when)


def value_of(tick: Tick) -> str:
    return f"{tick[0]}-{tick[1]}"


TICKS = {value_of((day, part.slug)): (day, part.slug) for day in range(7) for part in PARTS}


class HoursForm(forms.Form):
    """Hours a month, the zone, and parts of the day; exact hours come as a formset beside it."""

    hours_per_month = forms.IntegerField(
        label=_("Hours a month"),
        min_value=1,
        max_value=20,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": _("Between 1 and 20 hours a month."),
            "max_value": _("Between 1 and 20 hours a month."),
        },
    )
    time_zone = forms.ChoiceField(label=_("My time zone"), help_text=_("The hours above are meant in it."))
    parts = forms.MultipleChoiceField(
        label=_("When I can usually meet"),
        choices=[(value, value) for value in TICKS],
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, participant: Participant) -> None:
        self.participant = participant
        person = participant.person
        ticks, self.rest = ticks_and_rest(week_of(person))
        initial = {
            "hours_per_month": participant.hours_per_month or USUAL_HOURS_A_MONTH,
            "time_zone": person.time_zone,
            "parts": [value_of(tick) for tick in ticks],
        }
        super().__init__(data, initial=initial)
        each = participant.cohort.session_minutes
        self.fields["hours_per_month"].help_text = gettext("Two sessions of %(minutes)d minutes are usual.") % {
            "minutes": each
        }
        here = person.time_zone
        known = zones()
        self.fields["time_zone"].choices = known if here in dict(known) else [(here, here), *known]  # type: ignore[attr-defined]
        self.exact = ExactHours(data, prefix="exact", initial=[initial_of(hours) for hours in self.rest])

    @property
    def zone(self) -> str:
        return str(dict(self.fields["time_zone"].choices).get(self["time_zone"].value(), ""))  # type: ignore[attr-defined]

    @property
    def zone_stands_open(self) -> bool:
        return bool(self["time_zone"].errors) or self["time_zone"].value() != self.participant.person.time_zone

    @property
    def ticked(self) -> set[str]:
        given = self.data.getlist("parts") if self.is_bound else self.initial["parts"]  # type: ignore[attr-defined]
        return set(given) & set(TICKS)

    @property
    def days(self) -> list[Day]:
        ticked = self.ticked
        return [
            Day(name, WEEKDAYS_ABBR[day], [_cell(day, part, ticked) for part in PARTS])
            for day, name in enumerate(WEEKDAYS)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.exact.is_valid():
            raise ValidationError(_("Please look at the exact hours again."))
        ticks = [TICKS[value] for value in cleaned.get("parts", [])]
        cleaned["week"] = hours_of(ticks, [row.hours for row in self.exact if row.hours])
        if "parts" in cleaned and not cleaned["week"]:
            self.add_error("parts", _("Tick at least one time, so that you and your buddy can find an hour."))
        return cleaned

    @transaction.atomic
    def save(self) -> None:
        person = self.participant.person
        if person.time_zone != self.cleaned_data["time_zone"]:
            person.time_zone = self.cleaned_data["time_zone"]
            person.save(update_fields=["time_zone"])
        replace_week(person, self.cleaned_data["week"])
        self.participant.hours_per_month = self.cleaned_data["hours_per_month"]
        self.participant.save(update_fields=["hours_per_month"])
        self.participant.complete_profile()


def with_preset(data: QueryDict) -> QueryDict:
    """What was sent, with a preset's boxes ticked too; “Clear” takes all ticks away."""
    preset = next((known for known in PRESETS if known.slug == data.get("preset")), None)
    filled = data.copy()
    if preset:
        ticked = set(data.getlist("parts")) | {value_of(tick) for tick in preset.ticks}
        filled.setlist("parts", sorted(ticked) if preset.parts else [])
    return filled


def lengths() -> list[tuple[int, str]]:
    quarters = [*range(15, 4 * 60, 15), *range(4 * 60, 24 * 60 + 1, 30)]
    return [(minutes, length(minutes)) for minutes in quarters]


def initial_of(hours: Hours) -> dict[str, Any]:
    return {"weekday": hours.weekday, "starts_at": hours.starts_at, "minutes": hours.minutes}


class ExactHoursForm(forms.Form):
    """One row: a day, a start and a length. A row without a day says nothing."""

    weekday = forms.TypedChoiceField(
        label=_("Day"), coerce=int, empty_value=None, required=False, choices=[("", "–"), *enumerate(WEEKDAYS)]
    )
    starts_at = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(label=_("For"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = lengths()
        odd = (self.initial or {}).get("minutes")
        if odd and odd not in dict(choices):
            choices = sorted([*choices, (odd, length(odd))])
        self.fields["minutes"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def clean_starts_at(self) -> time | None:
        starts: time | None = self.cleaned_data["starts_at"]
        if starts and starts.minute % 15 and "starts_at" in self.changed_data:
            raise ValidationError(_("Choose a full quarter of an hour."))
        return starts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("weekday") is not None:
            for name, sentence in (("starts_at", _("From when?")), ("minutes", _("For how long?"))):
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, sentence)
        elif cleaned.get("starts_at") and "weekday" not in self.errors:
            self.add_error("weekday", _("On which day?"))
        return cleaned

    @property
    def hours(self) -> Hours | None:
        cleaned = self.cleaned_data
        if cleaned.get("weekday") is None:
            return None
        starts = cleaned["starts_at"]
        return Hours(cleaned["weekday"], starts.hour * 60 + starts.minute, cleaned["minutes"])


ExactHours = forms.formset_factory(
    ExactHoursForm, extra=ROWS_OF_EXACT_HOURS, max_num=40, absolute_max=60, validate_max=True
)
