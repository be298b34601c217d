"""The door for mail that comes in. Higher apps register readers; each says whether a mail was for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import InterfaceError, OperationalError

from outbox import errors

logger = logging.getLogger(__name__)

Reader = Callable[[EmailMessage], bool]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    if reader not in _readers:
        _readers.append(reader)


def take(raw: bytes) -> bool:
    """Whether somebody knew what to do with it. Whatever stands in a mail raises nothing; a lost database does."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        return any(reader(mail) for reader in _readers)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # strangers write these mails: nothing in them is to stop the next
        logger.warning("A mail could not be read: %s", errors.place(error))
        return False
