"""The one door for mail that comes in, however it came: readers say of each whether it was for them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from outbox.errors import place

logger = logging.getLogger(__name__)

Reader = Callable[[EmailMessage], bool]

LARGEST = 5 * 1024 * 1024  # bytes; nothing that we answer to is near it

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """``reader`` answers True when the mail was for it; then nobody else is asked."""
    if reader not in _readers:
        _readers.append(reader)


def take(raw: bytes) -> bool:
    """Whether anybody here knew what to do with the mail. A reader that fails does not keep the others from it."""
    if not raw or len(raw) > LARGEST:
        return False
    mail = message_from_bytes(raw, policy=policy.default)
    return any(_reads(reader, mail) for reader in _readers)  # type: ignore[arg-type]


def _reads(reader: Reader, mail: EmailMessage) -> bool:
    try:
        return reader(mail)
    except Exception as error:
        logger.error("Reading a mail by %s failed: %s", reader.__qualname__, place(error))
        return False
