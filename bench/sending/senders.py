"""Several senders at once: children of this process, each of which may be killed; it makes another at once.

    python -m bench.sending.senders NUMBER STRATEGY

They are forked from a process that has Django in memory: a killed sender costs the next one no start of a second.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

import django
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils import timezone

ON_DEATH_OF_PARENT = 1
BATCH = 20


def ours() -> None:
    call_command("run_outbox", "--every", "0.2")


def mark_first() -> None:
    """A rival: mark as sent, then send."""
    from outbox.models import Message

    for message in Message.objects.claim(BATCH):
        if message.mark_sent(timezone.now()):
            _send(message)


def batch_in_a_transaction() -> None:
    """A rival: lock a batch, send and mark each, commit once."""
    from outbox.models import Message

    with transaction.atomic():
        due = Message.objects.due().select_for_update(skip_locked=True).order_by("next_try_at", "id")
        for message in due[:BATCH]:
            message.dated_at = message.dated_at or message.due_at
            _send(message)
            Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), dated_at=message.dated_at)


def _send(message: object) -> None:
    from outbox import delivery, mime
    from outbox.models import Message

    assert isinstance(message, Message)
    mail = delivery.write(message, timezone.now())
    assert isinstance(mail, bytes)
    _carrier().carry(mime.envelope_sender(), mime.envelope_recipient(message), mail)


_lines: list[object] = []


def _carrier():  # type: ignore[no-untyped-def]
    from outbox.carrier import Carrier

    if not _lines:
        _lines.append(Carrier())
    return _lines[0]


def again_and_again(strategy: str) -> None:
    if strategy == "ours":
        return ours()
    step = {"mark_first": mark_first, "batch": batch_in_a_transaction}[strategy]
    while True:
        with suppress(OSError, Error):
            step()
        connection.close_if_unusable_or_obsolete()
        time.sleep(0.02)


def keep(number: int, strategy: str) -> None:
    living: set[int] = set()
    while True:
        while len(living) < number:
            living.add(_fork(strategy))
        ended, _ = os.wait()
        living.discard(ended)


def _fork(strategy: str) -> int:
    if child := os.fork():
        return child
    ctypes.CDLL(None).prctl(ON_DEATH_OF_PARENT, signal.SIGKILL)
    try:
        again_and_again(strategy)
    finally:
        os._exit(1)


if __name__ == "__main__":
    django.setup()
    keep(int(sys.argv[1]), sys.argv[2])
