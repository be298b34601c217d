"""The daily mail: one message a person and day, in which what waited is named, each in a line with its link.

A row that waits for it is claimed by nobody. It is marked in the transaction in which the mail server takes the
daily mail, so it is neither lost nor told twice when a sender dies in between.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox import errors, kinds
from outbox.choosing import DIGEST, can_wait
from outbox.groups import DAILY, Mode
from outbox.kinds import Kind, Letter, kind_of, letter
from outbox.models import DropReason, MailChoices, Message
from outbox.models.states import UNFINISHED
from outbox.posting import post
from outbox.words import Words

A_DAY = timedelta(days=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    subject: Words
    label: Words
    url: str


def register_kind() -> None:
    kinds.register(
        Kind(
            DIGEST,
            _("Your daily mail"),
            compose,
            group=DAILY,
            when=_("Once a day, to those who want some of their mail in one."),
            preview=preview,
        )
    )


@transaction.atomic
def set_aside(message: Message, due_at: datetime) -> bool:
    """For the daily mail of that time, or the next if that one is on its way. False if neither can be waited for."""
    choices = MailChoices.of(message.recipient)
    for at in (due_at, choices.next_digest(due_at)):
        if can_wait(message, at) and (digest := _open_one(choices, at)):
            return message.wait_for(digest)
    return False


def _open_one(choices: MailChoices, due_at: datetime) -> Message | None:
    """Locked: whoever sends it waits for us, or we see that it has been taken."""
    key = f"{DIGEST}:{choices.person_id}:{choices.day_of(due_at)}"
    post(DIGEST, key=key, to=choices.person, due_at=due_at)
    return Message.objects.waiting().filter(key=key, claim_token=None).select_for_update().first()


def compose(digest: Message) -> Letter | None:
    """What is no longer wanted falls out; nothing left, no mail."""
    choices = MailChoices.of(digest.recipient)
    lines = [line for message in _gathered(digest) if (line := _line(message, digest, choices))]
    return _letter(digest.recipient, lines) if lines else None


def preview(cohort: object) -> Letter:
    lines = [
        Line(_("How was your session with Ben Example?"), _("A session wants to be logged"), settings.BASE_URL + "/"),
        Line(_("A moment to reflect with Ben Example"), _("Time to reflect"), settings.BASE_URL + "/"),
    ]
    return _letter(SimpleNamespace(name="Ada Example"), lines)


def settle(digest: Message) -> None:
    """What became of the daily mail became of everything in it; in the transaction in which it did."""
    if digest.kind != DIGEST:
        return
    digest.refresh_from_db(fields=["sent_at", "failed_at", "dated_at", "last_error"])
    gathered = digest.gathered.filter(UNFINISHED)
    if digest.sent_at:
        gathered.update(sent_at=digest.sent_at, dated_at=digest.dated_at)
    elif digest.failed_at:
        gathered.update(failed_at=digest.failed_at, last_error=digest.last_error)


def release_what_was_left(at: datetime | None = None) -> int:
    """For the reconciler: a daily mail that ended without being sent gives back what waited for it."""
    ended = ~Q(digest__sent_at=None, digest__dropped_at=None, digest__failed_at=None)
    left = Message.objects.waiting().filter(ended, digest__isnull=False).values("pk")
    return Message.objects.filter(pk__in=left).update(digest=None, next_try_at=at or timezone.now())


def _gathered(digest: Message) -> list[Message]:
    return list(Message.objects.waiting().filter(digest=digest).order_by("due_at", "id"))


def _line(message: Message, digest: Message, choices: MailChoices) -> Line | None:
    try:
        found = _found(message, digest, choices)
    except Exception as error:
        logger.error("Message %s could not be put into a daily mail: %s", message, errors.place(error))
        _try_tomorrow(message, errors.outline(error), digest.dated_at or timezone.now())
        return None
    if isinstance(found, DropReason):
        message.drop(found, digest.dated_at or timezone.now())
        return None
    return Line(found.subject, kind_of(message.kind).label, found.url)


def _found(message: Message, digest: Message, choices: MailChoices) -> Letter | DropReason:
    if reason := message.unwanted(digest.dated_at or timezone.now()):
        return reason
    kind = kind_of(message.kind)
    if choices.mode_of(kind.group) == Mode.NEVER:
        return DropReason.SWITCHED_OFF
    message.recipient, message.dated_at = digest.recipient, digest.dated_at
    with transaction.atomic():  # one that cannot be written spoils no other
        return kind.compose(message) or DropReason.NO_LONGER_WANTED


def _try_tomorrow(message: Message, error: str, at: datetime) -> None:
    mine = Message.objects.waiting().filter(pk=message.pk)
    mine.update(digest=None, next_try_at=at + A_DAY, attempts=message.attempts + 1, last_error=error)


def _letter(person: object, lines: list[Line]) -> Letter:
    home = {"action_url": settings.BASE_URL + "/", "action_label": _("Open your page")}
    return letter("digest", {"person": person, "lines": lines, "others": len(lines) - 1} | home)
