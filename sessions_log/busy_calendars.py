"""Keeping people's busy times up to date from their own calendars: fetched in the background, a few times an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from buddying.models import Person
from buddying.nudge import nudge
from sessions_log.busy_times import Busy, Unreadable, read_apart
from sessions_log.fetching import Answer, Failed, fetch, normal
from sessions_log.models import BusyCalendar, BusyTime
from trust.acting import Purpose, acting_as, acting_as_system

AHEAD = timedelta(days=120)
EVERY = timedelta(minutes=20)
LONGEST_REST = timedelta(hours=12)
LEASE = timedelta(seconds=60)
REST = timedelta(minutes=1)


class Refused(Exception):
    """A sentence for the person who asked."""


@transaction.atomic
def connect(person: Person, address: str, at: datetime | None = None) -> BusyCalendar:
    """Another address takes the place of the first; what was read from that one is erased. Raises ``Refused``."""
    from sessions_log.tasks import refresh_calendar

    at = at or timezone.now()
    try:
        address = normal(address)
    except Failed as failed:
        raise Refused(str(BusyCalendar.PROBLEMS[failed.problem])) from None
    first = {"address": address, "added_at": at, "next_fetch_at": _first_knock(person, at)}
    calendar, is_new = BusyCalendar.objects.select_for_update().get_or_create(person=person, defaults=first)
    if not is_new:
        if calendar.address == address:
            return calendar
        _replaced(calendar, address, at).save()
    nudge(refresh_calendar, str(calendar.pk))
    return calendar


def disconnect(person: Person, at: datetime | None = None) -> None:
    """Idempotent; address and intervals are gone. That there was one is known for a minute, see ``_first_knock``."""
    if BusyCalendar.objects.filter(person=person).delete()[0]:
        cache.set(f"calendar_erased:{person.pk}", at or timezone.now(), timeout=int(REST.total_seconds()))


def _first_knock(person: Person, at: datetime) -> datetime:
    """Erasing an address and giving another does not make us knock at once either."""
    erased_at: datetime | None = cache.get(f"calendar_erased:{person.pk}")
    return max(at, erased_at + REST) if erased_at else at


def refresh(pk: str, at: datetime | None = None) -> bool:
    """Fetch and keep what it says, if it is due. Two workers at once fetch once; returns whether this one did."""
    at = at or timezone.now()
    calendar = _claimed(pk, at)
    if calendar is None:
        return False
    try:
        answer = fetch(_address(calendar), calendar.etag, calendar.last_modified)
        times = _times(answer, calendar.person, at)
    except (Failed, Unreadable) as failed:
        _keep(calendar, partial(_failed, problem=failed.problem), at)
    else:
        _keep(calendar, partial(_read, answer=answer, times=times), at)
    return True


def _claimed(pk: str, at: datetime) -> BusyCalendar | None:
    """The row is locked while it is looked at: an UPDATE of what is due would join, and look at the row as it was."""
    with acting_as_system(Purpose.CALENDARS):
        due = BusyCalendar.objects.due(at).select_for_update(of=("self",)).select_related("person")
        calendar = due.filter(pk=pk).first()
        if calendar:
            calendar.claimed_until = at + LEASE
            calendar.save(update_fields=["claimed_until"])
    return calendar


def _address(calendar: BusyCalendar) -> str:
    """It opens for its person alone."""
    with acting_as(calendar.person):
        return calendar.address


def _times(answer: Answer, person: Person, at: datetime) -> list[Busy] | None:
    return None if answer.content is None else read_apart(answer.content, person.time_zone, at, at + AHEAD)


def _replaced(known: BusyCalendar, address: str, at: datetime) -> BusyCalendar:
    """Nobody makes us knock at one door after another: a new address waits a little after the last try."""
    known.times.all().delete()
    known.address, known.added_at = address, at
    known.etag = known.last_modified = known.problem = ""
    known.fetched_at, known.failures, known.claimed_until = None, 0, None
    known.next_fetch_at = max(at, known.tried_at + REST) if known.tried_at else at
    return known


@transaction.atomic
def _keep(fetched: BusyCalendar, change: partial[None], at: datetime) -> None:
    """Unless the address was changed or taken away meanwhile."""
    with acting_as_system(Purpose.CALENDARS):
        calendar = BusyCalendar.objects.select_for_update().filter(pk=fetched.pk, added_at=fetched.added_at).first()
        if calendar:
            calendar.tried_at, calendar.claimed_until = at, None
            change(calendar, at=at)
            calendar.save()


def _failed(calendar: BusyCalendar, at: datetime, problem: str) -> None:
    """What was read before stays: a server that is away for an hour frees nobody."""
    calendar.problem, calendar.failures = problem, min(calendar.failures + 1, 100)
    calendar.next_fetch_at = at + min(EVERY * 2 ** min(calendar.failures - 1, 10), LONGEST_REST)


def _read(calendar: BusyCalendar, at: datetime, answer: Answer, times: list[Busy] | None) -> None:
    calendar.problem, calendar.failures, calendar.fetched_at = "", 0, at
    calendar.next_fetch_at = at + EVERY
    if times is None:
        return
    calendar.etag, calendar.last_modified = answer.etag, answer.last_modified
    calendar.times.all().delete()
    BusyTime.objects.bulk_create((BusyTime(calendar=calendar, period=busy) for busy in times), batch_size=1000)
