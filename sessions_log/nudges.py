"""What a pair is reminded of by itself: commitments before the next session, and that no session is booked.

Each is posted from the rows alone, once for its occasion, by day where its reader is; and asked again at delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from buddying.models import Person
from buddying.models.programmes import end_of
from matching.models import Pairing, PairingMember, Pause
from outbox.hours import in_daytime
from outbox.posting import Draft, post_missing
from sessions_log.models import CoachingSession, Commitment
from trust.acting import acting_as

COMMITMENTS, NOTHING_BOOKED = "commitments_open", "nothing_booked"
COMMITMENTS_AHEAD = timedelta(days=2)
COMMITMENTS_UNTIL = timedelta(hours=25)  # before the start: then comes the day's reminder
GAP = timedelta(days=21)


def post_what_is_due(at: datetime | None = None) -> None:
    """For the reconciler."""
    at = at or timezone.now()
    post_missing(_about_commitments(at))
    post_missing(_about_nothing_booked(at))


# Commitments before the next session


def _about_commitments(at: datetime) -> Iterator[Draft]:
    soon = (at + COMMITMENTS_UNTIL, at + COMMITMENTS_AHEAD)
    sessions = CoachingSession.objects.unlogged().filter(starts_at__range=soon, pairing__closed_at=None)
    for session in sessions.select_related("pairing__cohort"):
        for person in session.pairing.people():
            if _has_open_commitments(person, session):
                yield _commitments_draft(session, person, at)


def _has_open_commitments(person: Person, session: CoachingSession) -> bool:
    with acting_as(person):
        return open_commitments_of(person, session).exists()


def open_commitments_of(person: Person, session: CoachingSession) -> Any:
    """What ``person`` said in earlier sessions of the pairing that they would do, and has not ticked off."""
    mine = Commitment.objects.visible_to(person).open().filter(pairing=session.pairing, author=person)
    return mine.filter(session__starts_at__lt=session.starts_at)


def _commitments_draft(session: CoachingSession, person: Person, at: datetime) -> Draft:
    return Draft(
        COMMITMENTS,
        f"{COMMITMENTS}:{session.pk}:{person.pk}",
        to=person,
        due_at=in_daytime(person, at),
        expires_at=session.starts_at - timedelta(hours=1),
        about_id=session.pk,
        cohort_id=session.pairing.cohort_id,
    )


# No session booked for three weeks


def _about_nothing_booked(at: datetime) -> Iterator[Draft]:
    for pairing in _running(at):
        since = quiet_since(pairing, at)
        if since is not None and since <= at - GAP:
            yield from (_gap_draft(pairing, person, since, at) for person in pairing.people())


def _running(at: datetime) -> Iterable[Pairing]:
    """Live, of a cohort that runs, opened long enough ago, with no session since and none booked."""
    a_day = timedelta(days=1)  # zones are looked at one by one, later
    days = Q(cohort__starts_on__lte=(at - GAP).date() + a_day, cohort__ends_on__gte=at.date() - a_day)
    lately = CoachingSession.objects.standing().filter(ends_at__gt=at - GAP).order_by().values("pairing")
    live = Pairing.objects.live().filter(days, opened_at__lte=at - GAP)
    return live.exclude(pk__in=lately).select_related("cohort")


def quiet_since(pairing: Pairing, at: datetime) -> datetime | None:
    """Since when there has been no session, though there could: the last one, the start, a pause. None: no gap."""
    cohort = pairing.cohort
    begins = end_of(cohort.starts_on - timedelta(days=1), cohort.zone)
    if at < begins or at >= end_of(cohort.ends_on, cohort.zone):
        return None
    sessions = CoachingSession.objects.standing().filter(pairing=pairing)
    last = sessions.order_by("-ends_at").values_list("ends_at", flat=True).first()
    if last and last > at:
        return None
    return max(pairing.opened_at, begins, last or begins, _back_since(pairing, at) or begins)


def _back_since(pairing: Pairing, at: datetime) -> datetime | None:
    """When the last of its members came back from a pause; ``at`` while one still pauses."""
    members = PairingMember.objects.filter(pairing=pairing, left_at=None).values("participant")
    pauses = Pause.objects.filter(participant__in=members, paused_at__lte=at).values_list("until", "ended_at")
    ends = [min(filter(None, (until, ended_at, at))) for until, ended_at in pauses]
    return max(ends, default=None)


def _gap_draft(pairing: Pairing, person: Person, since: datetime, at: datetime) -> Draft:
    day = since.astimezone(pairing.cohort.zone).date()
    return Draft(
        NOTHING_BOOKED,
        f"{NOTHING_BOOKED}:{pairing.pk}:{day}:{person.pk}",
        to=person,
        due_at=in_daytime(person, at),
        expires_at=end_of(pairing.cohort.ends_on, pairing.cohort.zone),
        about_id=pairing.pk,
        cohort_id=pairing.cohort_id,
    )
