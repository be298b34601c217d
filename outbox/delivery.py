"""Sending what is due: claim, ask the world again, write, fence, send, mark; one message a transaction.

A sender that dies at any point leaves a row whose lease ends; the next sender sends the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from outbox import bounces, digests, errors, mime
from outbox.carrier import Away, Carrier
from outbox.choosing import InDigest, Later, decide
from outbox.hours import language_of, zone_of
from outbox.kinds import footed, kind_of
from outbox.lanes import Lane
from outbox.models import DropReason, Message
from outbox.readers import written_for
from outbox.unsubscribing import foot_of

logger = logging.getLogger(__name__)

BATCH = 20
PAUSE = timedelta(seconds=15)


def drain(limit: int = 500, at: datetime | None = None, stopping: Callable[[], bool] = lambda: False) -> int:
    """Work through up to ``limit`` due messages; returns how many the mail server took.

    A mail server that is away ends the round; its messages wait untried. ``stopping`` is asked
    before each message.
    """
    return Round(at, stopping).run(limit)


class Round:
    def __init__(self, at: datetime | None, stopping: Callable[[], bool]) -> None:
        self._at = at
        self._stopping = stopping
        self._carrier = Carrier()
        self._over = False
        self._resume_at: datetime | None = None
        self._sent = 0

    def run(self, limit: int) -> int:
        with closing(self._carrier):
            while limit > 0 and not self._over:
                batch = Message.objects.claim(min(BATCH, limit), self._now())
                limit -= len(batch)
                self._over = not batch
                self._work_through(batch)
        return self._sent

    def _now(self) -> datetime:
        return self._at or timezone.now()

    def _work_through(self, batch: list[Message]) -> None:
        for message in batch:
            if message.lane != Lane.URGENT and not self._over:
                self._work_through(Message.objects.urgent().claim(BATCH, self._now()))
            self._over = self._over or self._stopping()
            if self._over:
                message.put_back(self._resume_at)
            else:
                self._deliver(message)

    def _deliver(self, message: Message) -> None:
        try:
            mail = write(message, self._now())
        except Exception as error:
            logger.error("Message %s could not be written: %s", message, errors.place(error))
            message.postpone(errors.outline(error), self._now())
        else:
            self._see_to(message, mail)

    def _see_to(self, message: Message, mail: bytes | DropReason | Later) -> None:
        if isinstance(mail, DropReason):
            message.drop(mail, self._now())
        elif isinstance(mail, Later):
            message.put_back(mail.at)
        elif mail:
            self._send(message, mail)

    def _send(self, message: Message, mail: bytes) -> None:
        # The row stays locked while the server answers: a slow server leads nobody to send a second copy.
        with transaction.atomic():
            if message.hold(self._now()):
                self._hand_over(message, mail)

    def _hand_over(self, message: Message, mail: bytes) -> None:
        try:
            self._carrier.carry(mime.envelope_sender(), mime.envelope_recipient(message), mail, str(message.pk))
        except Away as away:
            self._wait_for_the_server(message, away)
        except OSError as error:
            self._over = errors.is_the_servers(error)
            self._note_failure(message, error)
        else:
            message.mark_sent(self._now())
            digests.settle(message)
            bounces.accepted(message.send_to)
            self._sent += 1

    def _wait_for_the_server(self, message: Message, away: Away) -> None:
        self._over, self._resume_at = True, self._now() + PAUSE
        why = errors.outline(away.__cause__) if isinstance(away.__cause__, Exception) else ""
        logger.warning("The mail server cannot be reached (%s); messages wait.", why)
        message.put_back(self._resume_at, why)

    def _note_failure(self, message: Message, error: OSError) -> None:
        logger.warning("Message %s was not taken: %s", message, errors.outline(error))
        settle = message.fail if errors.is_final(error) else message.postpone
        settle(errors.outline(error), self._now())
        digests.settle(message)
        bounces.refused(message, error, self._now())


NOTHING = b""


def write(message: Message, at: datetime) -> bytes | DropReason | Later:
    """The mail as it goes over the wire, or why there is to be none now; NOTHING for what waits for a daily mail."""
    if reason := message.unwanted(at):
        return reason
    decision = decide(message, at)
    if isinstance(decision, InDigest):
        if digests.set_aside(message, decision.at):
            return NOTHING
        decision = None
    if decision is not None:
        return decision
    reader = message.recipient
    in_their_time, in_their_words = timezone.override(zone_of(reader)), translation.override(language_of(reader))
    with written_for(reader), in_their_time, in_their_words, footed(foot_of(message)):
        letter = kind_of(message.kind).compose(message)
    return mime.build(message, letter) if letter else DropReason.NO_LONGER_WANTED
