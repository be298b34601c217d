"""What the end of an account means for sessions: their last entries go from the person's own calendar as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils import timezone, translation

from buddying.letters import post_last_letter
from buddying.models import Person
from outbox.hours import language_of, zone_of
from outbox.kinds import Letter, kind_of
from outbox.models import Message

CANCELLATIONS = ("session_cancelled", "session_released")


def cancel_in_their_calendar(person: Person, at: datetime) -> None:
    """The mails that take sessions out of it are written now: after this nothing is sent to this person any more."""
    waiting = Message.objects.waiting().filter(recipient=person, kind__in=CANCELLATIONS)
    for message in waiting.select_related("recipient"):
        message.dated_at = at  # in memory alone
        if person.email and (written := _written(message, person)):
            post_last_letter(replace(written, url=""), person, f"{message.kind}:{message.about_id}")


def _written(message: Message, person: Person) -> Letter | None:
    """By whoever erases, and all the same in the words and at the hours of whom it is for."""
    with translation.override(language_of(person)), timezone.override(zone_of(person)):
        return kind_of(message.kind).compose(message)
