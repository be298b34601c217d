"""What a person has been told by mail, in plain words: no texts, which are not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from outbox import kinds
from outbox.choosing import DIGEST
from outbox.kinds import UnknownKind
from outbox.models import DropReason, Message
from outbox.models.states import BY_CHOICE
from outbox.words import Words

NOT_SENT = {
    DropReason.SWITCHED_OFF: _("Not sent: you have switched these off"),
    DropReason.MAIL_PAUSED: _("Not sent: you wanted no mail at that time"),
}


@dataclass(frozen=True)
class Entry:
    label: str
    at: datetime
    state: Words
    tone: str = ""
    url: str = ""


def told(person: Any) -> QuerySet[Message]:
    """Everything that was sent, failed or held back by choice, the latest first; nothing of what is to come."""
    ended = Q(sent_at__isnull=False) | Q(failed_at__isnull=False) | Q(drop_reason__in=BY_CHOICE)
    mine = Message.objects.visible_to(person).filter(ended | Q(digest__isnull=False, dropped_at=None))
    own = mine.exclude(kind=DIGEST).annotate(at=Coalesce("sent_at", "failed_at", "dropped_at", "due_at"))
    return own.order_by("-at", "-id")


def entry(message: Any) -> Entry:
    return Entry(kinds.label_of(message.kind), message.at, *_state(message), _page(message))


def _state(message: Message) -> tuple[Words, str]:
    if message.bounced_at:
        return _("Came back: it was not delivered"), "caution"
    if message.sent_at:
        return _("Sent in your daily mail") if message.digest_id else _("Sent"), "good"
    if message.failed_at:
        return _("Could not be delivered"), "caution"
    if message.dropped_at:
        return NOT_SENT[DropReason(message.drop_reason)], ""
    return _("Waits for your daily mail"), ""


def _page(message: Message) -> str:
    try:
        page = kinds.kind_of(message.kind).page
        return reverse(page, args=[message.about_id]) if page and message.about_id else ""
    except (UnknownKind, NoReverseMatch):
        return ""
