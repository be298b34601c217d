from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from buddying.models import Person
from sessions_log.history import Entry
from sessions_log.logs import MOST_COMMITMENTS, Log, turn_minutes, usual_order
from sessions_log.models import Commitment, SessionLog

ORDINALS = ["First", "Second", "Third"]
PLACES = ["One thing", "Another", "And one more"]


class Ticks(forms.TypedMultipleChoiceField):
    """One that was ticked already, on another page or by a second click, is no mistake."""

    def valid_value(self, value: Any) -> bool:
        return True


class LogForm(forms.Form):
    """One member's log of a session. What is recorded already is filled in."""

    outcome = forms.ChoiceField(
        label="Did it take place?",
        choices=SessionLog.OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it took place."},
    )
    private_note = forms.CharField(
        label="A note for yourself",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you want to remember.",
    )
    shared_note = forms.CharField(
        label="A note to share",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you would like to read again together.",
    )
    done = Ticks(
        label="What you have done since last time",
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
        self.entry, self.people, self.person, self.earlier = entry, people, person, earlier
        super().__init__(data, initial=self._known())
        self._add_turns()
        self._add_commitments()
        self.fields["done"].choices = [(str(one.pk), one.text) for one in earlier if one.author_id == person.pk]  # type: ignore[attr-defined]

    def turns(self) -> list[forms.BoundField]:
        return [self[f"turn_{number}"] for number, _ in enumerate(self.people, start=1)]

    def commitments(self) -> list[forms.BoundField]:
        return [self[f"commitment_{number}"] for number in range(1, MOST_COMMITMENTS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        coached: list[str] = []
        for bound in self.turns():
            who = cleaned.get(bound.name)
            if who and who in coached:
                self.add_error(bound.name, "Each of you is coached once: choose somebody else, or nobody.")
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
        )

    def _coachees(self) -> list[Person] | None:
        """None where there is nothing to say: it did not take place, or the turns stand as this page showed them."""
        names = [bound.name for bound in self.turns()]
        as_shown = self.entry.turns and not set(names) & set(self.changed_data)
        if self.cleaned_data["outcome"] != SessionLog.HELD or as_shown:
            return None
        by_number = {str(person.pk): person for person in self.people}
        return [by_number[who] for name in names if (who := self.cleaned_data[name])]

    def _known(self) -> dict[str, Any]:
        mine = self.entry.log_of(self.person)
        note = next((one for one in self.entry.shared_notes if one.author_id == self.person.pk), None)
        said = next((log.outcome for log in ([mine] if mine else self.entry.logs)), SessionLog.HELD)
        return {
            "outcome": said,
            "private_note": self.entry.private_note.text if self.entry.private_note else "",
            "shared_note": note.text if note else "",
        }

    def _add_turns(self) -> None:
        session = self.entry.session
        recorded = [turn.coachee_id for turn in self.entry.turns]
        usual = recorded or [person.pk for person in usual_order(session, self.people)]
        minutes = turn_minutes(session, self.people)
        choices = [(str(one.pk), "You" if one == self.person else one.name) for one in self.people]
        for number, _ in enumerate(self.people):
            self.fields[f"turn_{number + 1}"] = forms.ChoiceField(
                label=f"{ORDINALS[number]} turn, {minutes} minutes",
                choices=[*choices, ("", "Nobody, time ran out")],
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
