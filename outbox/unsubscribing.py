"""A link that stops one group of mails for one person, without logging in (RFC 8058).

The token is encrypted, so it says nothing to anybody but this server, and always the same for the same two:
each try of a mail has the same bytes. It works for as long as the secret key does.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.crypto import salted_hmac

from outbox.groups import GROUPS, Group
from outbox.kinds import Foot, kind_of
from outbox.models import MailChoices, Message

PURPOSE = "outbox.unsubscribing"


@dataclass(frozen=True)
class Stop:
    """One person, one group."""

    choices: MailChoices
    group: Group


def address_for(message: Message) -> str:
    """Where to stop mails like this one; nothing for what cannot be stopped, or has no person."""
    kind = kind_of(message.kind)
    if kind.is_essential or message.recipient_id is None:
        return ""
    return settings.BASE_URL + reverse("outbox:stop", args=[token(message.recipient_id, kind.group)])


def foot_of(message: Message) -> Foot | None:
    if message.recipient_id is None:
        return None
    about = kind_of(message.kind).about
    choices_url = settings.BASE_URL + reverse("outbox:choices")
    return Foot(about.because, choices_url, address_for(message), about.always)


def token(person_id: int, group: str) -> str:
    sealed = AESSIV(_key(settings.SECRET_KEY)).encrypt(f"{person_id}:{group}".encode(), [PURPOSE.encode()])
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def stop_of(token: str) -> Stop | None:
    """None for anything that this server has not written, and for people and groups that are gone."""
    person_id, _, group = _opened(token).partition(":")
    person: Any = get_user_model()._default_manager.filter(pk=person_id).first() if person_id else None
    if person is None or group not in GROUPS or GROUPS[group].is_essential:
        return None
    return Stop(MailChoices.of(person), GROUPS[group])


def _opened(token: str) -> str:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            return AESSIV(_key(secret)).decrypt(sealed, [PURPOSE.encode()]).decode()
        except (InvalidTag, Error, ValueError):
            continue
    return ""


def _key(secret: str | bytes) -> bytes:
    return salted_hmac(PURPOSE, "key", secret=secret, algorithm="sha256").digest()
