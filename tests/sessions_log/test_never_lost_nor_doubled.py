"""Whatever happens, in whatever order: each reminder that is due while its date stands goes out once, if it is wanted
when its turn comes. What people choose may change at any moment; that a session is moved or off is told in any case.

What is expected is said by ``mail_wishes``, which knows the product's promises and none of its code. A sender that
dies does so at any point that the database can tell from another: with a batch claimed, with a mail written, and
with a mail taken by the mail server and not yet marked. The mail server is a real one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

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
from outbox import delivery, digests
from outbox.carrier import Carrier
from outbox.models import LEASE, MailChoices, Message
from outbox.models.messages import MessageQuerySet
from sessions_log import booking, notices
from sessions_log.models import CoachingSession
from tests.outbox.conftest import Sink, sink
from tests.sessions_log.mail_wishes import IN_DAILY_MAIL, SENT, SWITCHED_OFF, TOO_LATE, WAITS, Fate, Wishes

__all__ = ["sink"]  # pytest finds the fixture here

ZONES = [ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Honolulu")]  # nights on which clocks change have their own tests
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


WHO = st.integers(0, 1)
LATE = st.sampled_from([None, 0, 2, 2])


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
        self.maybe_left: set[str] = set()  # keys that a sender held who died
        self.wishes = {person: Wishes(zone) for person, zone in zip(self.people, ZONES, strict=True)}
        self.arranged_at: dict[tuple[int, int], datetime] = {}  # session and sequence
        self.waits_until: dict[str, datetime] = {}
        self.gathered: set[str] = set()
        self.ended: dict[str, str] = {}
        self.know: set[tuple[int, int]] = set()  # session and person
        self.wrongly_sent: list[str] = []
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
        def carried(carrier: Carrier, sender: str, recipient: str, mail: bytes, number: str) -> None:
            self.mails_left -= 1
            if self.die_at == "with a mail written" and self.mails_left < 0:
                raise Died
            self._check_that_it_is_wanted(number_of(mail))
            carry(carrier, sender, recipient, mail, number)
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
            self.arranged_at[session.pk, session.sequence] = timezone.now()

    @precondition(lambda self: self.sessions)
    @rule(number=st.integers(0, 99), hours=st.integers(1, 60), place=st.sampled_from(["", "Room 4"]))
    def move(self, number: int, hours: int, place: str) -> None:
        session = self.sessions[number % len(self.sessions)]
        with suppress(booking.Refused):
            booking.move(session, timezone.now() + hours * HOUR, session.minutes, place, by=self.people[1])
            self.arranged_at.setdefault((session.pk, session.sequence), timezone.now())

    @precondition(lambda self: self.sessions)
    @rule(number=st.integers(0, 99))
    def cancel(self, number: int) -> None:
        with suppress(booking.Refused):
            booking.cancel(self.sessions[number % len(self.sessions)], by=self.people[0])

    @rule(who=WHO, late=LATE, reminders=st.sampled_from(["both", "day", "hour", "none"]))
    def choose_reminders(self, who: int, late: int | None, reminders: str) -> None:
        self._choose(who, late, lambda: {"reminders": reminders})

    @rule(who=WHO, late=LATE, begin=st.sampled_from([-8, -1, 0]), hours=st.sampled_from([0, 8, 23, 23]))
    def choose_quiet_hours(self, who: int, late: int | None, begin: int, hours: int) -> None:
        """Beginning so many hours from now; of no length: none any more."""

        def quiet() -> dict[str, Any]:
            start = timezone.now().astimezone(ZONES[who]).replace(second=0, microsecond=0) + begin * HOUR
            return {"quiet": (start.time(), (start + hours * HOUR).time()) if hours else None}

        self._choose(who, late, quiet)

    @rule(who=WHO, late=LATE, days=st.sampled_from([0, 1, 2, 4]))
    def pause_mail(self, who: int, late: int | None, days: int) -> None:
        """Until a day to come; until today: the pause ends."""

        def pause() -> dict[str, Any]:
            today = timezone.now().astimezone(ZONES[who]).date()
            return {"paused_until": today + days * 24 * HOUR if days else None}

        self._choose(who, late, pause)

    @rule(who=WHO, mode=st.sampled_from(["at once", "daily", "never"]))
    def choose_how_bookings_are_told(self, who: int, mode: str) -> None:
        self._choose(who, None, lambda: {"sessions": mode})

    def _choose(self, who: int, late: int | None, wished: Callable[[], dict[str, Any]]) -> None:
        """``late``: so many hours after a reminder's time has come, and before any sender looks."""
        if late is not None:
            self._move_to(self._times_of_reminders(), seconds=late * 3600)
        person = self.people[who]
        self.wishes[person] = replace(self.wishes[person], **wished())
        MailChoices.objects.update_or_create(person=person, defaults=self.wishes[person].columns())
        if late is not None:
            self.tick()

    # -- what machines do -----------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 2, 20, 59, 60, 61, 300, 1380, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(minutes * MINUTE)

    @rule(number=st.integers(0, 3), seconds=st.sampled_from([-1, 0, 0, 1]), at_work=st.booleans())
    def the_next_hour_strikes(self, number: int, seconds: int, at_work: bool) -> None:
        self._strike(number, seconds)
        if at_work:
            self.tick()

    def _strike(self, number: int = 0, seconds: int = 0) -> None:
        """To the second around a moment from which, or until which, something is wanted."""
        self._move_to(self._edges(timezone.now()), number, seconds)

    def _move_to(self, edges: Iterable[datetime], number: int = 0, seconds: int = 0) -> None:
        soon = timezone.now() + 2 * SECOND
        if ahead := sorted({edge for edge in edges if edge > soon}):
            self.clock.move_to(ahead[number % len(ahead)] + seconds * SECOND)

    def _times_of_reminders(self) -> list[datetime]:
        sessions = CoachingSession.objects.standing()
        return [session.starts_at - one.before for session in sessions for one in notices.REMINDERS]

    def _edges(self, now: datetime) -> Iterator[datetime]:
        yield from self._times_of_reminders()
        for session in CoachingSession.objects.standing():
            yield from (session.starts_at - one.until for one in notices.REMINDERS)
        for wishes in self.wishes.values():
            yield from wishes.edges(now)

    @rule(minutes=st.sampled_from([1, 30, 120]))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.clock.shift(-minutes * MINUTE)

    @rule()
    def tick(self) -> None:
        for _ in range(100):
            if not delivery.drain():
                break
        self._compare(all_looked_at=True)

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
            self.maybe_left |= set(Message.objects.filter(claim_token__isnull=False).values_list("key", flat=True))
        finally:
            self.die_at = ""
        self._compare(all_looked_at=False)
        if another_comes:
            self.clock.shift(LEASE + SECOND)
            self.tick()

    @rule(hours=st.integers(2, 60), mails=st.integers(0, 1))
    def a_sender_dies_with_an_invitation_and_the_session_is_off(self, hours: int, mails: int) -> None:
        known = len(self.sessions)
        self.book(hours, 15)
        self.a_sender_dies("with a mail taken", mails, another_comes=False)
        if len(self.sessions) > known:
            self.cancel(known)

    @rule()
    def what_is_missing_is_put_back(self) -> None:
        notices.put_back_what_is_missing()
        digests.release_what_was_left()

    @rule()
    def rows_are_lost_and_put_back(self) -> None:
        lost = Message.objects.waiting().filter(claim_token__isnull=True, kind="session_reminder")
        for key in lost.values_list("key", flat=True):
            self.waits_until.pop(key, None)
        lost.delete()
        notices.put_back_what_is_missing()

    # -- what must hold -------------------------------------------------------------------------

    def _expected(self, now: datetime) -> dict[str, Fate]:
        """By key, what is to become now of each mail whose time it is, by what the rows of sessions say."""
        found: dict[str, Fate] = {}
        for session in CoachingSession.objects.all():
            for person in self.people:
                of_it = self._of_standing if session.is_standing else self._of_gone
                found |= of_it(session, person, now)
        waiting = {key: Fate(WAITS, until) for key, until in self.waits_until.items() if until > now}
        return found | {key: fate for key, fate in waiting.items() if key in found}

    def _of_standing(self, session: CoachingSession, person: Person, now: datetime) -> dict[str, Fate]:
        tail, start, wishes = f"{session.pk}:{session.sequence}:{person.pk}", session.starts_at, self.wishes[person]
        found = {}
        for name, before, notice, until in notices.REMINDERS:
            key = f"session_reminder:{tail}:{name}"
            if start - session.arranged_at >= notice and start - before <= now < start - until:
                found[key] = wishes.of_reminder(name, start - until, now, key in self.maybe_left)
        if self.arranged_at[session.pk, session.sequence] <= now < start:
            booked, moved = f"session_booked:{tail}", f"session_moved:{tail}"
            if session.sequence == 0:
                found[booked] = wishes.of_booking(start, now, booked in self.maybe_left)
            else:
                found[moved] = wishes.of_change(start, start, now, moved in self.maybe_left)
        return found

    def _of_gone(self, session: CoachingSession, person: Person, now: datetime) -> dict[str, Fate]:
        """Whoever had heard of it, or had chosen not to, hears that it is off."""
        key = f"session_cancelled:{session.pk}:{session.sequence}:{person.pk}"
        assert session.cancelled_at
        if (session.pk, person.pk) not in self.know or not session.cancelled_at <= now < session.ends_at:
            return {}
        wishes = self.wishes[person]
        return {key: wishes.of_change(session.starts_at, session.ends_at, now, key in self.maybe_left)}

    def _compare(self, all_looked_at: bool) -> None:
        """After a round: each mail is where it is expected, but for what a sender holds who has died."""
        now = timezone.now()
        expected = self._expected(now)
        rows = {row.key: row for row in Message.objects.filter(key__in=expected).select_related("digest")}
        for key, fate in expected.items():
            row = rows[key]
            assert row.claimed_until is None or row.claimed_until <= now + LEASE + 3 * HOUR
            came_back = outcome(row) == TOO_LATE and row.expires_at <= self.latest  # the clock went back
            looked_at = all_looked_at or outcome(row) != WAITS or row.next_try_at > now
            if looked_at and not came_back and not self._is_held(row, now):
                self._compare_one(row, fate, now)

    def _is_held(self, row: Message, now: datetime) -> bool:
        return self.any_died and row.claimed_until is not None and now < row.claimed_until

    def _compare_one(self, row: Message, fate: Fate, now: datetime) -> None:
        if row.key in self.gathered and row.key not in self.ended:
            self._compare_gathered(row, now)
            return
        assert outcome(row) == self.ended.get(row.key, fate.what), row.key
        self._note(row, fate)

    def _note(self, row: Message, fate: Fate) -> None:
        if row.kind in ("session_booked", "session_moved"):
            self.know.add((int(row.about_id), row.recipient_id))
        if outcome(row) == IN_DAILY_MAIL:
            self.gathered.add(row.key)
        elif outcome(row) != WAITS:
            self.ended[row.key] = outcome(row)
        elif fate.until:
            assert row.next_try_at == fate.until
            self.waits_until[row.key] = fate.until

    def _compare_gathered(self, row: Message, now: datetime) -> None:
        """It ends with its daily mail, in which it is told once, or because it is not wanted any more."""
        if outcome(row) == IN_DAILY_MAIL:
            assert row.digest.next_try_at > now or self._is_held(row.digest, now), row.key
            return
        never = self.wishes[self._person(row)].sessions == "never"
        assert outcome(row) == (SWITCHED_OFF if never else SENT), row.key
        assert never or row.sent_at == row.digest.sent_at
        self.ended[row.key] = outcome(row)

    def _person(self, row: Message) -> Person:
        return next(person for person in self.people if person.pk == row.recipient_id)

    def _check_that_it_is_wanted(self, number: str) -> None:
        """At the very moment at which it leaves."""
        row, now = Message.objects.get(pk=number), timezone.now()
        if row.kind in ("session_reminder", "session_booked", "session_moved"):
            self.wrongly_sent += [row.key] if self._expected(now).get(row.key) != Fate(SENT) else []
        if row.kind in ("session_booked", "session_moved"):
            self.know.add((int(row.about_id), row.recipient_id))
        if row.kind == "digest" and row.key not in self.maybe_left and self.wishes[self._person(row)].pause_end(now):
            self.wrongly_sent.append(row.key)

    @invariant()
    def the_clock_has_been_read(self) -> None:
        self.latest = max(self.latest, timezone.now())

    @invariant()
    def nothing_is_doubled_but_by_a_death_and_then_it_is_the_same_letter(self) -> None:
        daily = {str(pk) for pk in Message.objects.filter(kind="digest").values_list("pk", flat=True)}
        copies: dict[str, list[bytes]] = defaultdict(list)
        for received in self.sink.taken:
            copies[number_of(received.content)].append(received.content)
        for number, contents in copies.items():
            assert len(contents) <= 1 + self.died_with[number]
            assert len(set(contents)) == 1 or number in daily  # of which a line may have fallen out

    @invariant()
    def nothing_goes_out_that_is_not_wanted_at_that_moment(self) -> None:
        assert self.wrongly_sent == []


def outcome(row: Message) -> str:
    if row.sent_at or row.failed_at:
        return SENT if row.sent_at else "failed"
    return row.drop_reason or (IN_DAILY_MAIL if row.digest_id else WAITS)


def number_of(mail: bytes) -> str:
    return str(message_from_bytes(mail)["Message-ID"]).strip("<>").partition("@")[0]


def test_reminders(pairing: Pairing, ada: Person, ben: Person, now: datetime, sink: Sink) -> None:
    for person, zone in zip([ada, ben], ZONES, strict=True):
        person.time_zone = str(zone)
        person.save()
    world = type("World", (Senders,), {"pairing": pairing, "people": [ada, ben], "sink": sink, "began": now})
    quick = settings(max_examples=50, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(world, settings=quick)  # type: ignore[arg-type]
