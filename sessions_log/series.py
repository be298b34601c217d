"""Booking a series in one go, and cancelling what is left of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.models import Person
from buddying.words import listed
from matching.models import Pairing
from sessions_log.booking import Refused, cancel, check, check_member, in_good_time, standing, take_and_tell
from sessions_log.models import PLACE, CoachingSession, Series
from sessions_log.rhythm import MOST_DATES
from sessions_log.seats import Meeting, Overlap, locked


class DatesTaken(Refused):
    """Somebody was faster for these; nothing of the series is booked."""

    def __init__(self, starts: Sequence[datetime], reader: Person) -> None:
        self.starts = list(starts)
        days = listed((_day(start, reader) for start in starts), at_most=len(starts))
        why = ngettext(
            "%(days)s has just been taken: one of you has another session then. "
            "Nothing is booked yet. Look at the dates again.",
            "%(days)s have just been taken: one of you has another session then. "
            "Nothing is booked yet. Look at the dates again.",
            len(starts),
        )
        super().__init__(why % {"days": days})


def book_series(
    pairing: Pairing,
    starts: Sequence[datetime],
    minutes: int,
    place: str,
    weeks: int,
    by: Person,
    at: datetime | None = None,
    *,
    how: str = PLACE,
    word: str = "",
) -> list[CoachingSession]:
    """All of them or none. What stands already is not doubled. Raises ``Refused`` or ``DatesTaken``."""
    at = at or timezone.now()
    meetings = [Meeting(start, minutes, place, how) for start in sorted(set(starts))]
    with in_good_time(), transaction.atomic():
        people = locked(pairing)
        _check(pairing, people, meetings, by, at)
        known = {meeting: standing(pairing, meeting.starts_at) for meeting in meetings}
        fresh = [meeting for meeting in meetings if not known[meeting]]
        booked = _take_all(pairing, people, fresh, weeks, by, at, word)
        return [known[meeting] or booked[meeting] for meeting in meetings]


@transaction.atomic
def cancel_from(session: CoachingSession, by: Person, at: datetime | None = None, *, word: str = "") -> int:
    """This session and all later ones of its series; returns how many were cancelled."""
    at = at or timezone.now()
    check_member(session.pairing, locked(session.pairing), by)
    left = list(later_ones(session, at))
    for one in [session, *left]:
        cancel(one, by, at, word=word)
    return len(left) + 1


def later_ones(session: CoachingSession, at: datetime | None = None) -> list[CoachingSession]:
    """Those of the same series that come after it and can still be changed."""
    if session.series_id is None:
        return []
    to_come = CoachingSession.objects.upcoming(at).unlogged().filter(series=session.series_id)
    return list(to_come.filter(starts_at__gt=session.starts_at).order_by("starts_at"))


def _check(pairing: Pairing, people: Sequence[Person], meetings: Sequence[Meeting], by: Person, at: datetime) -> None:
    if not meetings:
        raise Refused(_("Every date is left out, so there is nothing to book."))
    if len(meetings) > MOST_DATES:
        raise Refused(_("A series has at most %(most)d dates.") % {"most": MOST_DATES})
    for meeting, following in pairwise(meetings):
        if following.starts_at < meeting.ends_at:
            day = _day(following.starts_at, by)
            raise Refused(_("Two of these overlap on %(day)s. Leave one of them out.") % {"day": day})
    for meeting in meetings:
        check(pairing, people, meeting, by, at)


def _take_all(
    pairing: Pairing,
    people: Sequence[Person],
    meetings: Sequence[Meeting],
    weeks: int,
    by: Person,
    at: datetime,
    word: str,
) -> dict[Meeting, CoachingSession]:
    booked, lost = {}, []
    series = Series.objects.create(pairing=pairing, weeks=weeks, booked_by=by, booked_at=at) if meetings else None
    for meeting in meetings:
        try:
            booked[meeting] = take_and_tell(pairing, people, meeting, by, at, word, series)
        except Overlap:
            lost.append(meeting.starts_at)
    if lost:
        raise DatesTaken(lost, by)
    return booked


def _day(start: datetime, reader: Person) -> str:
    return date_format(start.astimezone(reader.zone), "WEEKDAY_MOMENT_FORMAT")
