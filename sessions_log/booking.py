"""Booking, moving and cancelling a session: the only places where seats are taken and released.

Whoever changes seats first locks the pairing, then its people in the order of their numbers: bookings of
one person stand in line instead of meeting in a deadlock. The exclusion constraint has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from buddying.models import Person
from matching.models import Pairing, PairingMember
from sessions_log import notices
from sessions_log.availability import next_free_times, open_span
from sessions_log.models import CoachingSession, Seat
from sessions_log.registry import booking_conditions

LOCKS = 0x5EA7 << 40  # our range of advisory locks: this, plus a person's number


class Refused(Exception):
    """A sentence for the person who asked."""


class TimeTaken(Refused):
    """Somebody has a session then. ``next_times`` are free for everybody."""

    def __init__(self, next_times: Sequence[datetime] = ()) -> None:
        super().__init__("That time has just been taken: one of you has another session then.")
        self.next_times = list(next_times)


class _Overlap(Exception):
    pass


def book(
    pairing: Pairing, starts_at: datetime, minutes: int, place: str, by: Person, at: datetime | None = None
) -> CoachingSession:
    """Raises ``Refused`` or ``TimeTaken``. The same time sent twice is one session."""
    at = at or timezone.now()
    with _next_times_if_taken(pairing, minutes, by, at), transaction.atomic():
        people = _locked(pairing)
        _check(pairing, people, starts_at, minutes, by, at)
        return _standing(pairing, starts_at) or _take(pairing, people, starts_at, minutes, place, by, at)


def move(
    session: CoachingSession,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime | None = None,
) -> CoachingSession:
    """To another time, length or place; what is the same already stays as it is. Raises like ``book``."""
    at = at or timezone.now()
    pairing = session.pairing
    with _next_times_if_taken(pairing, minutes, by, at, session), transaction.atomic():
        people = _locked(pairing, session)
        _check_open(session, "moved", at)
        if (session.starts_at, session.minutes, session.place) != (starts_at, minutes, place):
            _check(pairing, people, starts_at, minutes, by, at)
            _shift(session, people, starts_at, minutes, place, by, at)
    return session


@transaction.atomic
def cancel(session: CoachingSession, by: Person | None, at: datetime | None = None) -> CoachingSession:
    """Idempotent. Nobody (``by`` is None) cancels what stands when a pairing has closed."""
    at = at or timezone.now()
    people = _locked(session.pairing, session)
    if session.is_standing:
        if by:
            _check_member(session.pairing, people, by)
        _check_open(session, "cancelled", at)
        session.cancelled_at, session.cancelled_by, session.sequence = at, by, session.sequence + 1
        session.save(update_fields=["cancelled_at", "cancelled_by", "sequence"])
        seated = _seated(session)
        session.seats.filter(released_at__isnull=True).update(released_at=at)
        notices.cancelled(session, seated, at)
    return session


@transaction.atomic
def give_up_seats(member: PairingMember, at: datetime) -> None:
    """Called when somebody's seat in a pairing has ended: nobody is kept busy by its sessions to come."""
    pairing = Pairing.objects.get(pk=member.pairing_id)
    for session in CoachingSession.objects.upcoming(at).unlogged().filter(pairing=pairing):
        if pairing.closed_at:
            cancel(session, by=None, at=at)
        else:
            _release(session, member.participant.person, at)


def _release(session: CoachingSession, person: Person, at: datetime) -> None:
    """The session stands for the others; one of them alone is no session."""
    _locked(session.pairing, session)
    if session.seats.filter(person=person, released_at__isnull=True).update(released_at=at):
        notices.released(session, person, at)
    if len(_seated(session)) < 2:
        cancel(session, by=None, at=at)


def _seated(session: CoachingSession) -> list[Person]:
    """Who is asked to come. Somebody who joined the pairing after the booking is not, until it is moved."""
    seats = session.seats.filter(released_at__isnull=True).select_related("person")
    return [seat.person for seat in seats.order_by("person__name", "pk")]


def reason_not_to_book(pairing: Pairing, at: datetime | None = None) -> str | None:
    """A sentence that says why nothing can be booked now, whatever the time."""
    if pairing.closed_at:
        return "This pairing has ended, so nothing new can be booked."
    if pairing.is_over(at):
        return f"{pairing.cohort.name} ended on {_day(pairing)}, so nothing new can be booked."
    return next((why for condition in booking_conditions if (why := condition(pairing))), None)


def cancel_what_stands_in_closed_pairings(at: datetime | None = None) -> None:
    """A pairing that closes leaves its sessions behind; nobody is kept busy by them."""
    at = at or timezone.now()
    for session in CoachingSession.objects.upcoming(at).filter(
        pairing__closed_at__isnull=False, held_at__isnull=True, missed_at__isnull=True
    ):
        cancel(session, by=None, at=at)


def _locked(pairing: Pairing, session: CoachingSession | None = None) -> list[Person]:
    """Lock and read anew the pairing, its people and the session; returns the people."""
    for row in filter(None, (pairing, session)):
        fresh = type(row)._base_manager.select_for_update(no_key=True)
        row.refresh_from_db(from_queryset=fresh)
    people = pairing.people()
    with connection.cursor() as cursor:
        for number in sorted(person.pk for person in people):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCKS + number])
    return people


def _check(
    pairing: Pairing, people: Sequence[Person], starts_at: datetime, minutes: int, by: Person, at: datetime
) -> None:
    _check_member(pairing, people, by)
    if why := reason_not_to_book(pairing, at):
        raise Refused(why)
    if not 15 <= minutes <= 240:
        raise Refused("A session lasts between 15 minutes and 4 hours.")
    if starts_at <= at:
        raise Refused("That time has passed. Choose a later one.")
    if starts_at >= open_span(pairing, at).end:
        if pairing.continues_at:
            raise Refused("Choose a time in the coming three months.")
        raise Refused(f"{pairing.cohort.name} ends on {_day(pairing)}. Choose a time until then.")


def _check_member(pairing: Pairing, people: Sequence[Person], by: Person) -> None:
    if by not in people:
        raise Refused("Only the members of a pairing can arrange its sessions.")
    if pairing.closed_at:
        raise Refused("This pairing has ended: its sessions can be read, and no longer changed.")


def _check_open(session: CoachingSession, verb: str, at: datetime) -> None:
    if not session.is_standing:
        raise Refused(f"This session was cancelled, so it cannot be {verb}.")
    if session.is_logged() or session.is_over(at):
        raise Refused(f"This session is over, so it can no longer be {verb}. You can say in its log what became of it.")


def _standing(pairing: Pairing, starts_at: datetime) -> CoachingSession | None:
    return CoachingSession.objects.standing().filter(pairing=pairing, starts_at=starts_at).first()


def _take(
    pairing: Pairing,
    people: Sequence[Person],
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime,
) -> CoachingSession:
    session = CoachingSession(
        pairing=pairing, starts_at=starts_at, minutes=minutes, place=place, booked_by=by, booked_at=at, arranged_at=at
    )
    with _overlaps_noticed():
        session.save()
        _seat(session, people)
    notices.booked(session, people, at)
    return session


def _shift(
    session: CoachingSession,
    people: Sequence[Person],
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime,
) -> None:
    session.starts_at, session.minutes, session.place = starts_at, minutes, place
    session.sequence, session.arranged_at = session.sequence + 1, at
    with _overlaps_noticed():
        session.save()
        session.seats.filter(released_at__isnull=True).update(period=_period(session), answer="", answered_at=None)
        _seat(session, set(people) - set(_seated(session)))
    notices.moved(session, people, by, at)


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
        raise _Overlap from error


@contextmanager
def _next_times_if_taken(
    pairing: Pairing, minutes: int, by: Person, at: datetime, session: CoachingSession | None = None
) -> Iterator[None]:
    """Outside the transaction: nobody waits while the next free times are worked out."""
    try:
        yield
    except _Overlap:
        if session:
            session.refresh_from_db()
        raise TimeTaken(next_free_times(pairing, minutes, by, at, ignoring=session)) from None
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        raise Refused("Many people are booking at this moment. Please try again.") from error


def _day(pairing: Pairing) -> str:
    return date_format(pairing.cohort.ends_on, "j F Y")
