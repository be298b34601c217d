"""What is to become of a message whose turn has come, by its recipient's choices: asked at delivery.

Nothing that a person wants is lost to their hours: what cannot wait until then goes at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outbox.groups import REMINDERS, Mode, Reminders
from outbox.kinds import Kind, kind_of
from outbox.models import DropReason, MailChoices, Message


@dataclass(frozen=True)
class Later:
    """Not before ``at``."""

    at: datetime


@dataclass(frozen=True)
class InDigest:
    """In the daily mail that is due at ``at``."""

    at: datetime


Decision = DropReason | Later | InDigest | None

DIGEST = "digest"


def decide(message: Message, at: datetime) -> Decision:
    """None: send it now. What may have been sent before is not held back any more, only dropped."""
    if message.recipient is None:
        return None
    choices, kind = MailChoices.of(message.recipient), kind_of(message.kind)
    decision = _by_wish(message, kind, choices, at)
    if decision is None and not kind.is_urgent(message, at):
        decision = _by_hour(message, choices, at)
    return decision if message.is_fresh or isinstance(decision, DropReason) else None


def _by_wish(message: Message, kind: Kind, choices: MailChoices, at: datetime) -> Decision:
    if kind.name == DIGEST:
        return Later(choices.next_digest(at)) if choices.is_paused(at) else None
    if kind.is_essential:
        return None
    if choices.mode_of(kind.group) == Mode.NEVER or not _is_a_wished_reminder(message, kind, choices):
        return DropReason.SWITCHED_OFF
    digest = _digest_for(message, kind, choices, at)
    if choices.is_paused(at):
        return digest or DropReason.MAIL_PAUSED
    return digest if choices.mode_of(kind.group) == Mode.DAILY else None


def _is_a_wished_reminder(message: Message, kind: Kind, choices: MailChoices) -> bool:
    either = choices.reminders == Reminders.BOTH or kind.group != REMINDERS
    return either or message.params.get("reminder") == choices.reminders


def _digest_for(message: Message, kind: Kind, choices: MailChoices, at: datetime) -> InDigest | None:
    """The next daily mail, if the message may be in one and can wait so long."""
    due_at = choices.next_digest(at)
    return InDigest(due_at) if kind.may_digest and can_wait(message, due_at) else None


def _by_hour(message: Message, choices: MailChoices, at: datetime) -> Later | None:
    quiet_end = choices.quiet_end(at)
    return Later(quiet_end) if quiet_end and can_wait(message, quiet_end) else None


def can_wait(message: Message, until: datetime) -> bool:
    return message.expires_at is None or message.expires_at > until
