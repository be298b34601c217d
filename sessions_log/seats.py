"""Taking, moving and releasing seats.

Whoever changes seats first locks the pairing, then its people in the order of their numbers: bookings of
one person stand in line instead of meeting in a deadlock. The exclusion constraint has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import PLACE, CoachingSession, Seat, Series

LOCKS = 0x5EA7 << 40  # our range of advisory locks: this, plus a person's number


class Overlap(Exception):
    """Somebody has a seat elsewhere then."""


class Meeting(NamedTuple):
    starts_at: datetime
    minutes: int
    place: str = ""
    how: str = PLACE

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_of(self, session: CoachingSession) -> bool:
        return self == Meeting(session.starts_at, session.minutes, session.place, session.how)

    def given_to(self, session: CoachingSession) -> CoachingSession:
        session.starts_at, session.minutes, session.place, session.how = self
        return session


def locked(pairing: Pairing, session: CoachingSession | None = None) -> list[Person]:
    """Lock and read anew the pairing, its people and the session; returns the people."""
    for row in filter(None, (pairing, session)):
        fresh = type(row)._base_manager.select_for_update(no_key=True)
        row.refresh_from_db(from_queryset=fresh)
    people = pairing.people()
    lock_people(people)
    return people


def lock_people(people: Iterable[Person]) -> None:
    numbers = [LOCKS + number for number in sorted(person.pk for person in people)]
    with connection.cursor() as cursor:
        # A list is unnested in its order, and each row's lock is taken before the next row is looked at.
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers])


def take(
    pairing: Pairing, people: Sequence[Person], meeting: Meeting, by: Person, at: datetime, series: Series | None = None
) -> CoachingSession:
    """Raises ``Overlap``, and then has left nothing behind."""
    if is_taken(people, meeting):
        raise Overlap
    return insert(pairing, people, meeting, by, at, series)


def insert(
    pairing: Pairing, people: Sequence[Person], meeting: Meeting, by: Person, at: datetime, series: Series | None = None
) -> CoachingSession:
    booked = CoachingSession(pairing=pairing, booked_by=by, booked_at=at, arranged_at=at, series=series)
    session = meeting.given_to(booked)
    with _overlaps_noticed():
        session.save()
        _seat(session, people)
    return session


def shift(session: CoachingSession, people: Sequence[Person], meeting: Meeting, at: datetime) -> None:
    """Raises ``Overlap``. Who joined the pairing since the booking is now asked to come too."""
    if is_taken(people, meeting, but=session):
        raise Overlap
    rewrite(session, people, meeting, at)


def rewrite(session: CoachingSession, people: Sequence[Person], meeting: Meeting, at: datetime) -> None:
    meeting.given_to(session)
    session.sequence, session.arranged_at = session.sequence + 1, at
    with _overlaps_noticed():
        session.save()
        session.seats.filter(released_at__isnull=True).update(period=_period(session), answer="", answered_at=None)
        _seat(session, set(people) - set(seated(session)))


def is_taken(people: Iterable[Person], meeting: Meeting, but: CoachingSession | None = None) -> bool:
    """Asked under the locks, so that whoever comes too late hears it in one query and keeps nobody waiting."""
    period = (meeting.starts_at, meeting.ends_at)
    seats = Seat.objects.filter(person__in=people, released_at__isnull=True, period__overlap=period)
    return seats.exclude(session=but).exists()


def seated(session: CoachingSession) -> list[Person]:
    """Who is asked to come. Somebody who joined the pairing after the booking is not, until it is moved."""
    seats = session.seats.filter(released_at__isnull=True).select_related("person")
    return [seat.person for seat in seats.order_by("person__name", "pk")]


def _seat(session: CoachingSession, people: Iterable[Person]) -> None:
    Seat.objects.bulk_create(Seat(session=session, person=person, period=_period(session)) for person in people)


def _period(session: CoachingSession) -> tuple[datetime, datetime]:
    return (session.starts_at, session.starts_at + timedelta(minutes=session.minutes))


@contextmanager
def _overlaps_noticed() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "nobody_is_booked_twice" not in str(error):
            raise
        raise Overlap from error
