"""What erasing an account means for words that others share: agreements without the name, conversations ended."""

from __future__ import annotations

from datetime import datetime

from buddying.models import Person
from buddying.models.people import somebody
from matching.models import PairingMember
from reflection.models import Agreement, FitCheck, HelpThread, ReflectionPrompt
from trust.erasing import destroy_keys
from trust.fields import ERASED


def take_the_name_out(person: Person, at: datetime) -> None:
    """The agreement stays with whoever else signed it."""
    seats = PairingMember.objects.filter(participant__person=person)
    for agreement in Agreement.objects.filter(pairing__in=seats.values("pairing")):
        if person.name and person.name in (text := agreement.text):
            agreement.text = text.replace(person.name, somebody())
            agreement.save(update_fields=["text"])


def end_conversations(person: Person, at: datetime) -> None:
    """Their own go with their key. Of those that others began with them, the others keep what they wrote."""
    theirs = HelpThread.objects.filter(writer=person)
    destroy_keys("help-thread", list(theirs.values_list("pk", flat=True)), at)
    HelpThread.objects.open().filter(lead=person).update(closed_at=at)


def take_back_questions(person: Person, at: datetime) -> None:
    """What they were asked and have not answered; answers may have been counted, and stay as numbers."""
    FitCheck.objects.filter(person=person, answered_at=None).delete()
    ReflectionPrompt.objects.filter(person=person, answered_at=None).delete()


def leave_no_text_behind(person: Person, at: datetime) -> None:
    """Once everybody of a pairing is erased, so is what they shared."""
    seats = PairingMember.objects.filter(participant__person=person).values("pairing")
    others = PairingMember.objects.exclude(participant__person=person).filter(participant__person__erased_at=None)
    alone = set(seats.values_list("pairing", flat=True)) - set(others.values_list("pairing", flat=True))
    Agreement.objects.filter(pairing__in=alone).update(text=ERASED)
    destroy_keys("pairing", alone, at)
