"""Booking, moving and cancelling a session. What takes and releases seats, and in which order, is in ``seats``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from buddying.models import Person
from matching.models import Pairing, PairingMember
from sessions_log import notices, words
from sessions_log.availability import next_free_times, open_span
from sessions_log.models import PLACE, CoachingSession, Series, Word
from sessions_log.registry import booking_conditions
from sessions_log.seats import Meeting, Overlap, locked, seated, shift, take


class Refused(Exception):
    """A sentence for the person who asked."""


class TimeTaken(Refused):
    """Somebody has a session then. ``next_times`` are free for everybody."""

    def __init__(self, next_times: Sequence[datetime] = ()) -> None:
        super().__init__(_("That time has just been taken: one of you has another session then."))
        self.next_times = list(next_times)


def book(
    pairing: Pairing,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime | None = None,
    *,
    how: str = PLACE,
    word: str = "",
) -> CoachingSession:
    """Raises ``Refused`` or ``TimeTaken``. The same time sent twice is one session."""
    at = at or timezone.now()
    meeting = Meeting(starts_at, minutes, place, how)
    with next_times_if_taken(pairing, minutes, by, at), transaction.atomic():
        people = locked(pairing)
        check(pairing, people, meeting, by, at)
        return standing(pairing, starts_at) or take_and_tell(pairing, people, meeting, by, at, word)


def move(
    session: CoachingSession,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime | None = None,
    *,
    how: str | None = None,
    word: str = "",
) -> CoachingSession:
    """To another time, length or place; what is the same already stays as it is. Raises like ``book``."""
    at = at or timezone.now()
    pairing, meeting = session.pairing, Meeting(starts_at, minutes, place, how or session.how)
    with next_times_if_taken(pairing, minutes, by, at, session), transaction.atomic():
        people = locked(pairing, session)
        _check_may_move(session, at)
        if not meeting.is_of(session):
            check(pairing, people, meeting, by, at)
            shift(session, people, meeting, at)
            words.say(session, by, Word.MOVED, word, at)
            notices.moved(session, people, by, at)
    return session


@transaction.atomic
def cancel(
    session: CoachingSession, by: Person | None, at: datetime | None = None, *, word: str = ""
) -> CoachingSession:
    """Idempotent. Nobody (``by`` is None) cancels what stands when a pairing has closed."""
    at = at or timezone.now()
    people = locked(session.pairing, session)
    if session.is_standing:
        if by:
            check_member(session.pairing, people, by)
            words.say(session, by, Word.CANCELLED, word, at)
        _check_may_cancel(session, at)
        session.cancelled_at, session.cancelled_by, session.sequence = at, by, session.sequence + 1
        session.save(update_fields=["cancelled_at", "cancelled_by", "sequence"])
        told = seated(session)
        session.seats.filter(released_at__isnull=True).update(released_at=at)
        notices.cancelled(session, told, at)
    return session


def take_and_tell(
    pairing: Pairing,
    people: Sequence[Person],
    meeting: Meeting,
    by: Person,
    at: datetime,
    word: str = "",
    series: Series | None = None,
) -> CoachingSession:
    session = take(pairing, people, meeting, by, at, series)
    words.say(session, by, Word.BOOKED, word, at)
    notices.booked(session, people, at)
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
    locked(session.pairing, session)
    if session.seats.filter(person=person, released_at__isnull=True).update(released_at=at):
        notices.released(session, person, at)
    if len(seated(session)) < 2:
        cancel(session, by=None, at=at)


def reason_not_to_book(pairing: Pairing, at: datetime | None = None) -> str | None:
    """A sentence that says why nothing can be booked now, whatever the time."""
    if pairing.closed_at:
        return _("This pairing has ended, so nothing new can be booked.")
    if pairing.is_over(at):
        why = _("%(cohort)s ended on %(day)s, so nothing new can be booked.")
        return why % {"cohort": pairing.cohort.name, "day": _day(pairing)}
    return unmet_condition(pairing)


def unmet_condition(pairing: Pairing) -> str | None:
    """What a higher floor asks for before a pair meets."""
    return next((why for condition in booking_conditions if (why := condition(pairing))), None)


def cancel_what_stands_in_closed_pairings(at: datetime | None = None) -> None:
    """A pairing that closes leaves its sessions behind; nobody is kept busy by them."""
    at = at or timezone.now()
    for session in CoachingSession.objects.upcoming(at).filter(
        pairing__closed_at__isnull=False, held_at__isnull=True, missed_at__isnull=True
    ):
        cancel(session, by=None, at=at)


def check(pairing: Pairing, people: Sequence[Person], meeting: Meeting, by: Person, at: datetime) -> None:
    check_member(pairing, people, by)
    if why := reason_not_to_book(pairing, at):
        raise Refused(why)
    check_length(meeting.minutes)
    if meeting.starts_at <= at:
        raise Refused(_("That time has passed. Choose a later one."))
    if meeting.starts_at >= open_span(pairing, at).end:
        if pairing.continues_at:
            raise Refused(_("Choose a time in the coming three months."))
        why = _("%(cohort)s ends on %(day)s. Choose a time until then.")
        raise Refused(why % {"cohort": pairing.cohort.name, "day": _day(pairing)})


def check_length(minutes: int) -> None:
    if not 15 <= minutes <= 240:
        raise Refused(_("A session lasts between 15 minutes and 4 hours."))


def check_member(pairing: Pairing, people: Sequence[Person], by: Person) -> None:
    if by not in people:
        raise Refused(_("Only the members of a pairing can arrange its sessions."))
    if pairing.closed_at:
        raise Refused(_("This pairing has ended: its sessions can be read, and no longer changed."))


def _check_may_move(session: CoachingSession, at: datetime) -> None:
    if not session.is_standing:
        raise Refused(_("This session was cancelled, so it cannot be moved."))
    if session.is_logged() or session.is_over(at):
        raise Refused(
            _("This session is over, so it can no longer be moved. You can say in its log what became of it.")
        )


def _check_may_cancel(session: CoachingSession, at: datetime) -> None:
    if session.is_logged() or session.is_over(at):
        raise Refused(
            _("This session is over, so it can no longer be cancelled. You can say in its log what became of it.")
        )


def standing(pairing: Pairing, starts_at: datetime) -> CoachingSession | None:
    return CoachingSession.objects.standing().filter(pairing=pairing, starts_at=starts_at).first()


@contextmanager
def next_times_if_taken(
    pairing: Pairing, minutes: int, by: Person, at: datetime, session: CoachingSession | None = None
) -> Iterator[None]:
    """Outside the transaction: nobody waits while the next free times are worked out."""
    try:
        with in_good_time():
            yield
    except Overlap:
        if session:
            session.refresh_from_db()
        raise TimeTaken(next_free_times(pairing, minutes, by, at, ignoring=session)) from None


@contextmanager
def in_good_time() -> Iterator[None]:
    """Who stands in line for too long is asked to try again."""
    try:
        yield
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        raise Refused(_("Many people are booking at this moment. Please try again.")) from error


def _day(pairing: Pairing) -> str:
    return date_format(pairing.cohort.ends_on, "DATE_FORMAT")
