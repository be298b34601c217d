"""Addresses that mail comes back from: noted when the mail server refuses one, or when a report arrives (RFC 3464).

A refusal at sending is forgotten with the next mail that is taken. A reported one is not: most servers take
everything and report later, so it stands until the person says that the address works, or logs in with a code.

Anybody can write a report. It counts if it names the number of a mail of ours, which is random and in that one mail
alone, and it says something about that mail's address alone: nobody can mark an address that is not their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.message import Message as Part
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from outbox import errors
from outbox.models import AddressFailure, Failure, Message

OURS = re.compile(r"^<?([0-9a-f-]{36})(?:@[^>]+>)?$", re.IGNORECASE)
REASONS = {"5.1": Failure.UNKNOWN, "5.2.2": Failure.FULL, "5.7": Failure.REFUSED}


def accepted(address: str) -> None:
    """The mail server took a mail for it."""
    _failures([address]).filter(source=AddressFailure.AT_SENDING).delete()


def refused(message: Message, error: Exception, at: datetime) -> None:
    """Only a final no to the recipient says something about the address; strangers' are not kept."""
    if errors.is_final(error) and errors.refuses_the_recipient(error) and _is_known(message):
        _note(message.send_to, errors.enhanced_status(error), AddressFailure.AT_SENDING, at)


def _is_known(message: Message) -> bool:
    """Of a person, or invited to a cohort: not whatever somebody typed at the log-in page."""
    if message.recipient_id or message.cohort_id:
        return True
    return get_user_model()._default_manager.filter(email__iexact=message.address).exists()


def works_again(address: str) -> None:
    """Its owner says so, or has typed a code that was sent there. Idempotent."""
    _failures([address]).delete()


def forget(addresses: Iterable[str]) -> None:
    """Nobody here is reached there any more. Idempotent."""
    _failures(addresses).delete()


def failure_of(person: Any) -> AddressFailure | None:
    return _failures([person.email]).first() if person.is_authenticated and person.email else None


def failing(addresses: Iterable[str | None]) -> set[str]:
    """Those of them, in small letters, that took no mail when last tried."""
    return set(_failures(addresses).values_list("lower", flat=True))


@transaction.atomic
def bounced(message: Message, status: str, at: datetime | None = None) -> None:
    """A report says that this mail of ours was not delivered."""
    at = at or timezone.now()
    Message.objects.filter(pk=message.pk, bounced_at=None).update(bounced_at=at)
    _note(message.send_to, status, AddressFailure.REPORTED, at)


def read_report(mail: EmailMessage) -> bool:
    """A reader of incoming mail: True for a delivery report that is about a mail of ours."""
    if mail.get_content_type() != "multipart/report":
        return False
    message = _sent_as(_message_id(mail)) or _sent_as(_envelope_id(mail))
    if message is None:
        return False
    for status in _failures_in(mail):
        bounced(message, status)
    return True


def _sent_as(number_of_mail: str) -> Message | None:
    found = OURS.search(number_of_mail)
    try:
        number = UUID(found[1]) if found else None
    except ValueError:
        return None
    return Message.objects.sent().filter(pk=number).select_related("recipient").first() if number else None


def _failures_in(mail: EmailMessage) -> Iterable[str]:
    """The status of each delivery that has failed for good."""
    return [str(fields["Status"]).split()[0][:10] for fields in _delivery_fields(mail) if _is_final(fields)]


def _delivery_fields(mail: EmailMessage) -> Iterable[Any]:
    """First what is said of the mail, then of each recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from part.get_payload()


def _is_final(fields: Any) -> bool:
    action, status = str(fields.get("Action", "")).strip().lower(), str(fields.get("Status", "")).strip()
    return action == "failed" and status.startswith("5")


def _envelope_id(mail: EmailMessage) -> str:
    """As it was given to the server that was asked to name it."""
    found = (str(fields["Original-Envelope-Id"]).strip() for fields in _delivery_fields(mail))
    return next((number for number in found if OURS.search(number)), "")


def _message_id(mail: EmailMessage) -> str:
    """Of the mail that the report is about: its headers come with it, whole or alone."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            return _header(str(part.get_payload(decode=False)))
        if part.get_content_type() == "message/rfc822":
            return next((str(inner["Message-ID"] or "") for inner in _inside(part)), "")
    return ""


def _header(text: str) -> str:
    found = re.search(r"^message-id:\s*(<[^>]*>)", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def _inside(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Part)] if isinstance(payload, list) else []


def _note(address: str, status: str, source: str, at: datetime) -> None:
    if address:
        seen = {"failed_at": at, "reason": _reason(status), "source": source, "status": status[:10]}
        AddressFailure.objects.update_or_create(address=address.lower(), defaults=seen)


def _reason(status: str) -> str:
    begin = (reason for start, reason in REASONS.items() if status == start or status.startswith(f"{start}."))
    return next(begin, Failure.OTHER)


def _failures(addresses: Iterable[str | None]) -> Any:
    small = [address.lower() for address in addresses if address]
    return AddressFailure.objects.annotate(lower=Lower("address")).filter(lower__in=small)
