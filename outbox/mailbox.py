"""Reading the mailbox to which people's answers come, by IMAP.

What somebody knew what to do with is marked as read. Everything else stays unread and is flagged, so that it is
looked at once, and a person can find it. A mail that is read again after a crash changes nothing.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import Error
from imapclient import FLAGGED, SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from outbox import errors, incoming

MOST_BYTES = 1024 * 1024
SECONDS = 20


def look(stopping: Callable[[], bool] = lambda: False) -> str:
    """Read what is new. What went wrong, in a word; nothing if nothing did."""
    try:
        read(stopping=stopping)
    except (IMAPClientError, OSError, Error) as error:
        return errors.outline(error)
    return ""


def read(limit: int = 100, stopping: Callable[[], bool] = lambda: False) -> int:
    """How many of up to ``limit`` new mails were taken. Raises what IMAP, the line or the database raise."""
    if settings.MAILBOX is None:
        return 0
    with _opened(settings.MAILBOX) as line:
        fresh = line.search(["UNSEEN", "UNFLAGGED", "UNDELETED"])[:limit]
        return sum(_settle(line, number) for number in fresh if not stopping())


def _settle(line: IMAPClient, number: int) -> bool:
    taken = _is_small(line, number) and incoming.take(_content(line, number))
    line.add_flags([number], [SEEN if taken else FLAGGED], silent=True)
    return taken


def _is_small(line: IMAPClient, number: int) -> bool:
    size = line.fetch([number], ["RFC822.SIZE"]).get(number, {}).get(b"RFC822.SIZE", 0)
    return int(size) <= MOST_BYTES


def _content(line: IMAPClient, number: int) -> bytes:
    return bytes(line.fetch([number], ["BODY.PEEK[]"]).get(number, {}).get(b"BODY[]") or b"")


@contextmanager
def _opened(mailbox: dict[str, Any]) -> Iterator[IMAPClient]:
    context = ssl.create_default_context()
    implicit = None if mailbox["starttls"] else context
    line = IMAPClient(mailbox["host"], mailbox["port"], ssl=bool(implicit), ssl_context=implicit, timeout=SECONDS)
    with line:  # logs out at the end
        if mailbox["starttls"]:
            line.starttls(context)
        line.login(mailbox["user"], mailbox["password"])
        line.select_folder(mailbox["folder"])
        yield line
