"""Whatever happens, in whatever order: each reminder that is due while its date stands goes out once.

A sender that dies does so at any point that the database can tell from another: with a batch claimed, with a mail
written, and with a mail taken by the mail server and not yet marked. The mail server is a real one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any
from unittest.mock import patch

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from buddying.models import Person
from matching.models import Pairing
from outbox import delivery
from outbox.carrier import Carrier
from outbox.models import LEASE, DropReason, Message
from outbox.models.messages import MessageQuerySet
from sessions_log import booking, notices
from sessions_log.models import CoachingSession
from tests.outbox.conftest import Sink, sink

__all__ = ["sink"]  # pytest finds the fixture here

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Died(BaseException):
    """No code catches it, as none runs on in a process that was killed."""


class Senders(RuleBasedStateMachine):
    # What pytest's fixtures made; set before the machine runs.
    pairing: Pairing
    people: list[Person]
    sink: Sink
    began: datetime

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.stack.callback(transaction.set_rollback, True)
        self.clock = self.stack.enter_context(time_machine.travel(self.began, tick=False))
        self.die_at, self.mails_left = "", 0
        self.stack.enter_context(patch.object(Carrier, "carry", self._carry(Carrier.carry)))
        self.stack.enter_context(patch.object(MessageQuerySet, "claim", self._claim(MessageQuerySet.claim)))
        self.sink.taken.clear()
        self.sessions: list[CoachingSession] = []
        self.died_with: Counter[str] = Counter()  # message -> how often the mail was taken and not marked
        self.any_died = False
        self.looked_at = 0
        self.latest = self.began  # that any clock has shown

    def teardown(self) -> None:
        self.stack.close()

    # -- where a sender dies --------------------------------------------------------------------

    def _claim(self, claim: Any) -> Any:
        def claimed(queryset: Any, *args: Any) -> Any:
            batch = claim(queryset, *args)
            if batch and self.die_at == "with a batch claimed":
                raise Died
            return batch

        return claimed

    def _carry(self, carry: Any) -> Any:
        def carried(carrier: Carrier, sender: str, recipient: str, mail: bytes) -> None:
            self.mails_left -= 1
            if self.die_at == "with a mail written" and self.mails_left < 0:
                raise Died
            carry(carrier, sender, recipient, mail)
            if self.die_at == "with a mail taken" and self.mails_left < 0:
                self.died_with[number_of(mail)] += 1
                raise Died

        return carried

    # -- what people do -------------------------------------------------------------------------

    @initialize()
    def one_is_booked(self) -> None:
        self.book(30, 60)

    @rule(hours=st.integers(1, 60), minutes=st.sampled_from([15, 60]))
    def book(self, hours: int, minutes: int) -> None:
        start = timezone.now() + hours * HOUR
        try:
            session = booking.book(self.pairing, start, minutes, "", by=self.people[0])
        except booking.Refused:
            return
        if session not in self.sessions:
            self.sessions.append(session)

    @precondition(lambda self: self.sessions)
    @rule(number=st.integers(0, 99), hours=st.integers(1, 60), place=st.sampled_from(["", "Room 4"]))
    def move(self, number: int, hours: int, place: str) -> None:
        session = self.sessions[number % len(self.sessions)]
        with suppress(booking.Refused):
            booking.move(session, timezone.now() + hours * HOUR, session.minutes, place, by=self.people[1])

    @precondition(lambda self: self.sessions)
    @rule(number=st.integers(0, 99))
    def cancel(self, number: int) -> None:
        with suppress(booking.Refused):
            booking.cancel(self.sessions[number % len(self.sessions)], by=self.people[0])

    # PREFERENCES: once people can pause or switch reminders off, their rules belong here (switch off, switch on),
    # and ``wanted`` below leaves out whoever had them off at the tick.

    # -- what machines do -----------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 2, 20, 59, 60, 61, 300, 1380, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(minutes * MINUTE)

    @rule(number=st.integers(0, 2), seconds=st.sampled_from([-1, 0, 0, 1]), at_work=st.booleans())
    def the_next_hour_strikes(self, number: int, seconds: int, at_work: bool) -> None:
        self._strike(number, seconds)
        if at_work:
            self.tick()

    def _strike(self, number: int = 0, seconds: int = 0) -> None:
        """To the second around a moment from which, or until which, a reminder is wanted."""
        edges = sorted(
            session.starts_at - before
            for session in CoachingSession.objects.standing()
            for one in notices.REMINDERS
            for before in (one.before, one.until)
            if session.starts_at - before > timezone.now() + 2 * SECOND
        )
        if edges:
            self.clock.move_to(edges[number % len(edges)] + seconds * SECOND)

    @rule(minutes=st.sampled_from([1, 30, 120]))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.clock.shift(-minutes * MINUTE)

    @rule()
    def tick(self) -> None:
        for _ in range(100):
            if not delivery.drain():
                break
        self._nothing_is_late()

    @rule(
        point=st.sampled_from(
            ["with a batch claimed", "with a mail written", "with a mail taken", "with a mail taken"]
        ),
        mails=st.integers(0, 1),
        another_comes=st.booleans(),
    )
    def a_sender_dies(self, point: str, mails: int, another_comes: bool) -> None:
        """At the next hour, if there is nothing to send now."""
        if not Message.objects.due().exists():
            self._strike()
        self.die_at, self.mails_left = point, mails
        try:
            delivery.drain()
        except Died:
            self.any_died = True
        finally:
            self.die_at = ""
        if another_comes:
            self.clock.shift(LEASE + SECOND)
            self.tick()

    @rule()
    def what_is_missing_is_put_back(self) -> None:
        notices.put_back_what_is_missing()

    @rule()
    def rows_are_lost_and_put_back(self) -> None:
        Message.objects.waiting().filter(claim_token__isnull=True, kind="session_reminder").delete()
        notices.put_back_what_is_missing()

    # -- what must hold -------------------------------------------------------------------------

    def _nothing_is_late(self) -> None:
        """After a whole round nothing that is wanted now waits, but for what a sender holds who has died."""
        now, sent = timezone.now(), Message.objects.sent()
        for key in self.wanted(now):
            row = Message.objects.get(key=key)
            held = self.any_died and row.claimed_until is not None and now < row.claimed_until
            given_up = row.drop_reason == DropReason.TOO_LATE and row.expires_at <= self.latest  # the clock went back
            assert sent.filter(key=key).exists() or held or given_up, key
            assert row.claimed_until is None or row.claimed_until <= now + LEASE + 3 * HOUR

    def wanted(self, now: datetime) -> list[str]:
        """The key of each reminder whose time is now, by what the rows of sessions say."""
        return [
            f"session_reminder:{session.pk}:{session.sequence}:{person.pk}:{name}"
            for session in CoachingSession.objects.standing()
            for person in self.people
            for name, before, notice, until in notices.REMINDERS
            if session.starts_at - session.arranged_at >= notice
            and session.starts_at - before <= now < session.starts_at - until
        ]

    @invariant()
    def the_clock_has_been_read(self) -> None:
        self.latest = max(self.latest, timezone.now())

    @invariant()
    def nothing_is_doubled_but_by_a_death_and_then_it_is_the_same_letter(self) -> None:
        copies: dict[str, list[bytes]] = defaultdict(list)
        for received in self.sink.taken:
            copies[number_of(received.content)].append(received.content)
        for number, contents in copies.items():
            assert len(contents) <= 1 + self.died_with[number]
            assert len(set(contents)) == 1

    @invariant()
    def nothing_goes_out_for_a_date_that_does_not_stand(self) -> None:
        """Each reminder is looked at once, at the moment after it has arrived."""
        fresh, self.looked_at = self.sink.taken[self.looked_at :], len(self.sink.taken)
        rows = Message.objects.in_bulk([number_of(received.content) for received in fresh])
        for row in rows.values():
            if row.kind == "session_reminder":
                assert row.key in self.wanted(timezone.now())


def number_of(mail: bytes) -> str:
    return str(message_from_bytes(mail)["Message-ID"]).strip("<>").partition("@")[0]


def test_reminders(pairing: Pairing, ada: Person, ben: Person, now: datetime, sink: Sink) -> None:
    world = type("World", (Senders,), {"pairing": pairing, "people": [ada, ben], "sink": sink, "began": now})
    quick = settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(world, settings=quick)  # type: ignore[arg-type]
