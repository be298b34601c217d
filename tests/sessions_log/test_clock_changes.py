"""Reminders around every change of a clock from 2026 to 2028, in five zones, through the real outbox.

A day and an hour before are instants; what the mail names is the clock on its reader's wall.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import time_machine

from buddying.models import Cohort, Participant, Person, Programme
from matching.models import Pairing
from outbox.delivery import drain
from outbox.models import Message
from sessions_log.availability import next_free_times
from sessions_log.booking import book
from sessions_log.models import CoachingSession
from tests.outbox.conftest import Received, Sink, sink, words
from tests.sessions_log.test_free_times import CHANGES, LONDON, ZONES

__all__ = ["sink"]  # pytest finds the fixture here

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
APIA = ZoneInfo("Pacific/Apia")
HALF_HOURS = range(-60, 61)
AT_THE_EDGES = {-48, -2, -1, 0, 1, 2, 48}
# Nothing changes in Apia, a day ahead of London: it is read there when London's clock changes.
EVERY_CHANGE = CHANGES + [(APIA, change) for zone, change in CHANGES if zone == LONDON]


class Reminder(NamedTuple):
    at: datetime
    to: str
    session: int


@pytest.fixture
def make_pair(programme: Programme, make_pairing: Callable[..., Pairing]) -> Callable[..., Pairing]:
    """Ada in one zone and Ben in another, in a cohort around a day."""

    def make(day: datetime, *zones: ZoneInfo) -> Pairing:
        cohort = Cohort.objects.create(
            programme=programme,
            name="Spring",
            sign_up_opens_on=(day - 40 * DAY).date(),
            nominations_close_on=(day - 30 * DAY).date(),
            pairs_published_on=(day - 25 * DAY).date(),
            starts_on=(day - 20 * DAY).date(),
            ends_on=(day + 60 * DAY).date(),
        )
        people = [Person.objects.get(name=name) for name in ("Ada", "Ben")]
        for person, zone in zip(people, zones, strict=True):
            person.time_zone = zone.key
            person.save()
        seats = [Participant.objects.create(cohort=cohort, person=one, joined_at=day - 20 * DAY) for one in people]
        return make_pairing(*seats, opened_at=day - 20 * DAY)

    return make


def elsewhere(zone: ZoneInfo) -> ZoneInfo:
    return ZONES[(ZONES.index(zone) + 1) % len(ZONES)]


def around(change: datetime) -> list[datetime]:
    """The edges of the hours that are skipped or come twice, a day before and after them, and some others."""
    others = random.Random(change.timestamp()).sample(sorted(set(HALF_HOURS) - AT_THE_EDGES), 3)
    return [change + half_hours * HOUR / 2 for half_hours in sorted(AT_THE_EDGES | set(others))]


def on_the_wall(session: CoachingSession, person: Person) -> str:
    start, end = (moment.astimezone(ZoneInfo(person.time_zone)) for moment in (session.starts_at, session.ends_at))
    return f"{start:%A} {start.day} {start:%B %Y}, {start:%H:%M}–{end:%H:%M} ({person.time_zone} time)"


def reminders(sink: Sink, at: datetime) -> list[Reminder]:
    """What arrived at this moment; each names its session's time as its reader's clock shows it."""
    arrived, sink.taken[:] = list(sink.taken), []
    return [remembered(one, at) for one in arrived if one.mail["Subject"].startswith("Coming up")]


def remembered(received: Received, at: datetime) -> Reminder:
    text = words(received.mail.get_body(("plain",)))
    found = re.search(r"/sessions/(\d+)/", text)
    assert found
    session = CoachingSession.objects.get(pk=found[1])
    assert on_the_wall(session, Person.objects.get(email=received.to[0])) in text
    return Reminder(at, received.to[0], session.pk)


def what_comes(sink: Sink, clock: Any, moments: Iterable[datetime]) -> list[Reminder]:
    """Everything that arrives at these moments, or within the second before."""
    found = []
    for moment in moments:
        for at in (moment - SECOND, moment):
            clock.move_to(at)
            drain()
            found += reminders(sink, at)
    return found


def expected(sessions: Iterable[CoachingSession], people: Iterable[Person]) -> list[Reminder]:
    people = list(people)
    return sorted(
        Reminder(session.starts_at - before, str(person.email), session.pk)
        for session in sessions
        for person in people
        for before in (24 * HOUR, HOUR)
    )


@pytest.mark.parametrize(
    ("zone", "change"), EVERY_CHANGE, ids=[f"{zone.key}-{change:%Y-%m-%d}" for zone, change in EVERY_CHANGE]
)
def test_each_reminder_comes_once_at_its_instant_and_names_the_readers_time(
    zone: ZoneInfo, change: datetime, make_pair: Callable[..., Pairing], ada: Person, ben: Person, sink: Sink
) -> None:
    with time_machine.travel(change - 6 * DAY, tick=False) as clock:
        pairing = make_pair(change, zone, elsewhere(zone))
        sessions = [book(pairing, start, 30, "", by=ada) for start in around(change)]
        drain()
        sink.taken.clear()
        wanted = expected(sessions, [ada, ben])
        came = what_comes(sink, clock, sorted({reminder.at for reminder in wanted}))
        assert sorted(came) == wanted
        clock.move_to(change + 4 * DAY)
        drain()
        assert reminders(sink, change) == []
        assert not Message.objects.waiting().exists()


@pytest.mark.parametrize("zone", ZONES, ids=[zone.key for zone in ZONES])
def test_nine_on_offer_is_nine_in_the_mail_before_and_after_every_change(
    zone: ZoneInfo,
    make_pair: Callable[..., Pairing],
    office_hours: Callable[..., None],
    ada: Person,
    ben: Person,
    sink: Sink,
) -> None:
    office_hours(ada, ben)
    for change in [at for known, at in CHANGES if known == zone] or [at for known, at in CHANGES if known == LONDON]:
        with time_machine.travel(change - 6 * DAY, tick=False) as clock:
            Cohort.objects.all().delete()
            pairing = make_pair(change, zone, zone)
            ada.refresh_from_db()
            times = next_free_times(pairing, 60, ada, change - 4 * DAY, count=10)
            nines = [at for at in times if f"{at.astimezone(zone):%H:%M}" == "09:00"]
            assert min(nines) < change < max(nines)
            sessions = [book(pairing, at, 60, "", by=ada) for at in (min(nines), max(nines))]
            came = what_comes(sink, clock, sorted({one.at for one in expected(sessions, [ada, ben])}))
            assert sorted(came) == expected(sessions, [ada, ben])
            assert all(" 09:00–10:00 " in on_the_wall(session, ada) for session in sessions)
