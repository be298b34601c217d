"""What the end of an account means for sessions: their last entries go from the person's own calendar as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from buddying.letters import post_last_letter
from buddying.models import Person
from outbox.kinds import kind_of
from outbox.models import Message

CANCELLATIONS = ("session_cancelled", "session_released")


def cancel_in_their_calendar(person: Person, at: datetime) -> None:
    """The mails that take sessions out of it are written now: after this nothing is sent to this person any more."""
    waiting = Message.objects.waiting().filter(recipient=person, kind__in=CANCELLATIONS)
    for message in waiting.select_related("recipient"):
        message.dated_at = at  # in memory alone
        if person.email and (written := kind_of(message.kind).compose(message)):
            post_last_letter(replace(written, url=""), person, f"{message.kind}:{message.about_id}")
