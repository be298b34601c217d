from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from sessions_log.history import Entry
from sessions_log.logs import MOST_COMMITMENTS, Log, ran_turns, turn_minutes, usual_order
from sessions_log.models import Commitment, SessionLog, SharedNote, Usefulness
from sessions_log.models.usefulness import SCALE

TURNS = [_("First turn"), _("Second turn"), _("Third turn")]
PLACES = [_("One thing"), pgettext_lazy("thing to do", "Another"), _("And one more")]


class Ticks(forms.TypedMultipleChoiceField):
    """One that was ticked already, on another page or by a second click, is no mistake."""

    def valid_value(self, value: Any) -> bool:
        return True


class NotesForm(forms.Form):
    """Two pads: one for its author alone, one that the pair reads.

    ``writer`` is for whom the page was made, ``notes_seen`` what had been kept by then: whoever is logged in by now
    in another tab, or has written on another device since, must not lose or be given words.
    """

    writer = forms.IntegerField(widget=forms.HiddenInput, required=False)
    notes_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    private_note = forms.CharField(
        label=_("A note for yourself"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you want to remember."),
    )
    shared_note = forms.CharField(
        label=_("A note to share"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you would like to read again together."),
    )

    SOMEBODY_ELSE = _("Somebody else is logged in here now. Nothing was saved.")
    WRITTEN_ELSEWHERE = _(
        "Your notes have changed since, on another device or in another tab. What stands here is what you wrote here; "
        "saving once more keeps that."
    )

    def __init__(
        self, data: Any = None, *, entry: Entry, person: Person, initial: dict[str, Any] | None = None
    ) -> None:
        self.entry, self.person = entry, person
        super().__init__(
            data, initial=self.notes() | {"writer": person.pk, "notes_seen": self.seen()} | (initial or {})
        )

    def notes(self) -> dict[str, str]:
        mine = self._mine()
        return {
            "private_note": self.entry.private_note.text if self.entry.private_note else "",
            "shared_note": mine.text if mine else "",
        }

    def seen(self) -> str:
        """What is kept now, without its words."""
        kept = [note.written_at.isoformat() if note else "" for note in (self.entry.private_note, self._mine())]
        return "|".join(kept)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("writer") not in (None, self.person.pk):
            raise forms.ValidationError(self.SOMEBODY_ELSE, code="somebody_else")
        seen, known = cleaned.get("notes_seen"), self.notes()
        typed = {name: cleaned.get(name, "").strip() for name in known}
        if seen and seen != self.seen() and typed != known:
            data = self.data.copy()  # type: ignore[attr-defined]
            data["notes_seen"] = self.seen()
            self.data = data
            raise forms.ValidationError(self.WRITTEN_ELSEWHERE, code="written_elsewhere")
        return cleaned

    def _mine(self) -> SharedNote | None:
        return next((one for one in self.entry.shared_notes if one.author_id == self.person.pk), None)


def _turn_label(number: int, minutes: int) -> str:
    label = ngettext("%(turn)s, %(count)d minute", "%(turn)s, %(count)d minutes", minutes)
    return label % {"turn": TURNS[number], "count": minutes}


class LogForm(NotesForm):
    """One member's log of a session. What is recorded already is filled in."""

    outcome = forms.ChoiceField(
        label=_("Did it take place?"),
        choices=SessionLog.OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it took place.")},
    )
    useful = forms.TypedChoiceField(
        label=_("How useful was it for you?"),
        help_text=_("1 is not at all, 5 is very."),
        choices=[(value, str(value)) for value, _ in SCALE],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    done = Ticks(
        label=_("What you have done since last time"),
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        entry: Entry,
        people: Sequence[Person],
        person: Person,
        earlier: list[Commitment],
    ) -> None:
        self.people, self.earlier = people, earlier
        super().__init__(data, entry=entry, person=person, initial=self._said(entry, person))
        self._add_usefulness()
        self._add_turns()
        self._add_commitments()
        self.fields["done"].choices = [(str(one.pk), one.text) for one in earlier if one.author_id == person.pk]  # type: ignore[attr-defined]

    def turns(self) -> list[forms.BoundField]:
        return [self[f"turn_{number}"] for number, _ in enumerate(self.people, start=1)]

    def commitments(self) -> list[forms.BoundField]:
        return [self[f"commitment_{number}"] for number in range(1, MOST_COMMITMENTS + 1)]

    def in_turn(self) -> str:
        """Who is coached first, and so on, as the page is sent if nobody changes it."""
        names = {str(one.pk): gettext("You") if one == self.person else one.name for one in self.people}
        said = [names[who] for bound in self.turns() if (who := str(bound.value())) in names]
        return ", ".join(said) or gettext("Nobody, time ran out")

    def turns_stand_open(self) -> bool:
        return self.is_bound and any(bound.errors or bound.name in self.changed_data for bound in self.turns())

    def more_commitments(self) -> list[forms.BoundField]:
        return self.commitments()[1:]

    def more_stand_open(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.more_commitments())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        coached: list[str] = []
        for bound in self.turns():
            who = cleaned.get(bound.name)
            if who and who in coached:
                self.add_error(bound.name, gettext("Each of you is coached once: choose somebody else, or nobody."))
            coached.append(who or "")
        return cleaned

    def log(self) -> Log:
        data = self.cleaned_data
        return Log(
            outcome=data["outcome"],
            coachees=self._coachees(),
            private_note=data["private_note"],
            shared_note=data["shared_note"],
            commitments=[data[bound.name] for bound in self.commitments()],
            done=data["done"],
            useful=data["useful"],
        )

    def _coachees(self) -> list[Person] | None:
        """None where there is nothing to say: it did not take place, or the turns stand as this page showed them.

        Turns that the page showed before they had all run are as they ran by now.
        """
        names = [bound.name for bound in self.turns()]
        as_shown = not set(names) & set(self.changed_data)
        if self.cleaned_data["outcome"] != SessionLog.HELD or (self.entry.turns and as_shown):
            return None
        if as_shown and (ran := ran_turns(self.entry.session)):
            return sorted((one for one in self.people if one.pk in ran), key=lambda one: list(ran).index(one.pk))
        by_number = {str(person.pk): person for person in self.people}
        return [by_number[who] for name in names if (who := self.cleaned_data[name])]

    def _said(self, entry: Entry, person: Person) -> dict[str, Any]:
        mine = entry.log_of(person)
        return {"outcome": next((log.outcome for log in ([mine] if mine else entry.logs)), SessionLog.HELD)}

    def _add_usefulness(self) -> None:
        """Once said it stands, for it may have been counted."""
        said = Usefulness.objects.visible_to(self.person).filter(session=self.entry.session).first()
        self.fields["useful"].initial = said.value if said else None
        self.fields["useful"].disabled = said is not None

    def _add_turns(self) -> None:
        session = self.entry.session
        ran = {turn.coachee_id: turn.minutes for turn in self.entry.turns} or ran_turns(session)
        usual = list(ran) or [person.pk for person in usual_order(session, self.people)]
        minutes = [*ran.values(), *[turn_minutes(session, self.people)] * len(self.people)]
        choices = [(str(one.pk), gettext("You") if one == self.person else one.name) for one in self.people]
        for number in range(len(self.people)):
            self.fields[f"turn_{number + 1}"] = forms.ChoiceField(
                label=_turn_label(number, minutes[number]),
                choices=[*choices, ("", gettext("Nobody, time ran out"))],
                required=False,
                initial=usual[number] if number < len(usual) else "",
                # What the page showed is sent along, so that a page left open does not undo what the buddy mended.
                show_hidden_initial=True,
            )

    def _add_commitments(self) -> None:
        mine = [one for one in self.entry.commitments if one.author_id == self.person.pk]
        for number in range(MOST_COMMITMENTS):
            self.fields[f"commitment_{number + 1}"] = forms.CharField(
                label=PLACES[number],
                required=False,
                max_length=300,
                initial=mine[number].text if number < len(mine) else "",
            )
