"""Writing down afterwards that people met without having booked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Person
from buddying.models.programmes import end_of
from matching.models import Pairing
from sessions_log.booking import Refused, check_length, check_member, in_good_time, standing, unmet_condition
from sessions_log.models import PLACE, CoachingSession
from sessions_log.seats import Meeting, Overlap, locked, take


def record(
    pairing: Pairing,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    at: datetime | None = None,
    *,
    how: str = PLACE,
) -> CoachingSession:
    """Nobody is written to; it counts as held once a member says so in its log. Raises ``Refused``."""
    at, meeting = at or timezone.now(), Meeting(starts_at, minutes, place, how)
    with in_good_time(), transaction.atomic():
        check_member(pairing, locked(pairing), by)
        people = _there_then(pairing, starts_at)
        _check(pairing, people, meeting, by, at)
        try:
            return standing(pairing, starts_at) or take(pairing, people, meeting, by, at)
        except Overlap:
            raise Refused(
                _("One of you has another session at that time. Look at the time again, or log that session.")
            ) from None


def _there_then(pairing: Pairing, starts_at: datetime) -> list[Person]:
    """Of the people in it now, those who were in it by then."""
    seats = pairing.members.filter(left_at__isnull=True, joined_at__lte=starts_at)
    return [seat.participant.person for seat in seats.select_related("participant__person")]


def _check(pairing: Pairing, people: list[Person], meeting: Meeting, by: Person, at: datetime) -> None:
    if why := unmet_condition(pairing):
        raise Refused(why)
    check_length(meeting.minutes)
    if meeting.starts_at >= at or meeting.ends_at > at:
        raise Refused(_("That is not over yet. Here you note sessions that have taken place; others can be booked."))
    if by not in people or len(people) < 2:
        raise Refused(_("You were not in this pairing together then. Choose a later time."))
    if not pairing.continues_at and meeting.starts_at >= end_of(pairing.cohort.ends_on, pairing.cohort.zone):
        why = _("%(cohort)s had ended then. Choose an earlier time.")
        raise Refused(why % {"cohort": pairing.cohort.name})
