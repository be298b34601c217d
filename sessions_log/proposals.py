"""Proposing several times, of which another member chooses one.

In a trio the times on offer suit all three; the first of the others to choose books for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Person
from matching.models import Pairing, PairingMember
from sessions_log import notices, words
from sessions_log.availability import seats_of
from sessions_log.booking import (
    Refused,
    check,
    check_member,
    in_good_time,
    next_times_if_taken,
    standing,
    take_and_tell,
)
from sessions_log.free_times import Interval
from sessions_log.models import PLACE, CoachingSession, Proposal, ProposedTime, Word
from sessions_log.models.proposals import MOST_TIMES
from sessions_log.seats import Meeting, locked
from trust.acting import Purpose, acting_as_system


@dataclass(frozen=True)
class Offer:
    """A proposed time as it stands now."""

    starts_at: datetime
    is_past: bool
    is_taken: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_past or self.is_taken)


def propose(
    pairing: Pairing,
    starts: Sequence[datetime],
    minutes: int,
    place: str,
    by: Person,
    at: datetime | None = None,
    *,
    how: str = PLACE,
    note: str = "",
) -> Proposal:
    """Takes the place of a proposal that is still open. The same one sent twice is one. Raises ``Refused``."""
    at = at or timezone.now()
    starts = sorted(set(starts))
    with in_good_time(), transaction.atomic():
        people = locked(pairing)
        _check_times(pairing, people, starts, minutes, by, at)
        proposal = Proposal(
            pairing=pairing, proposed_by=by, proposed_at=at, minutes=minutes, place=place, how=how, note=note.strip()
        )
        if same := _same(proposal, starts, at):
            return same
        for other in pairing.proposals.filter(closed_at__isnull=True):
            _close(other, at)
        proposal.save()
        ProposedTime.objects.bulk_create(ProposedTime(proposal=proposal, starts_at=start) for start in starts)
        notices.proposed(proposal, [person for person in people if person != by], at)
    return proposal


def choose(proposal: Proposal, starts_at: datetime, by: Person, at: datetime | None = None) -> CoachingSession:
    """Idempotent. Raises ``Refused`` or ``TimeTaken``."""
    at, pairing = at or timezone.now(), proposal.pairing
    with next_times_if_taken(pairing, proposal.minutes, by, at), transaction.atomic():
        people = locked(pairing)
        proposal.refresh_from_db(from_queryset=Proposal._base_manager.select_for_update(no_key=True))
        chosen = proposal.session
        if chosen and chosen.is_standing and chosen.starts_at == starts_at and by in people:
            return chosen
        meeting = Meeting(starts_at, proposal.minutes, proposal.place, proposal.how)
        _check_choice(proposal, people, meeting, by, at)
        check(pairing, people, meeting, by, at)
        session = standing(pairing, starts_at) or take_and_tell(pairing, people, meeting, by, at)
        # As of when it was said: who has joined since then does not read it.
        words.say(session, proposal.proposed_by, Word.BOOKED, proposal.note, proposal.proposed_at)
        _close(proposal, at, session)
    return session


@transaction.atomic
def withdraw(proposal: Proposal, by: Person, at: datetime | None = None) -> None:
    """Idempotent."""
    check_member(proposal.pairing, locked(proposal.pairing), by)
    if proposal.proposed_by_id != by.pk:
        raise Refused(_("Only who proposed the times can withdraw them."))
    _close(proposal, at or timezone.now())


def withdraw_those_of(member: PairingMember, at: datetime) -> None:
    """Called when somebody's seat in a pairing has ended."""
    person = member.participant.person_id
    theirs = Proposal.objects.filter(pairing=member.pairing_id, proposed_by=person, closed_at__isnull=True)
    with acting_as_system(Purpose.PROPOSALS):
        for proposal in theirs:
            _close(proposal, at)


def offers(proposal: Proposal, at: datetime | None = None) -> list[Offer]:
    at = at or timezone.now()
    starts = [time.starts_at for time in proposal.times.all()]
    taken = _taken(proposal.pairing.people(), starts, proposal.minutes)
    return [Offer(start, start <= at, start in taken) for start in starts]


def put_back_what_is_missing(at: datetime | None = None) -> None:
    with acting_as_system(Purpose.PROPOSALS):
        on_offer = list(Proposal.objects.open(at).select_related("pairing", "proposed_by"))
    for proposal in on_offer:
        notices.proposed(proposal, proposal.pairing.buddies_of(proposal.proposed_by), at)


def _check_times(
    pairing: Pairing, people: Sequence[Person], starts: Sequence[datetime], minutes: int, by: Person, at: datetime
) -> None:
    if not 1 <= len(starts) <= MOST_TIMES:
        raise Refused(_("Choose between one and %(most)d times.") % {"most": MOST_TIMES})
    for start in starts:
        check(pairing, people, Meeting(start, minutes), by, at)
    if _taken(people, starts, minutes):
        raise Refused(_("One of these times has just been taken: one of you has another session then."))


def _check_choice(proposal: Proposal, people: Sequence[Person], meeting: Meeting, by: Person, at: datetime) -> None:
    check_member(proposal.pairing, people, by)
    if proposal.closed_at:
        raise Refused(_("These times are no longer on offer: one of them was chosen, or they were withdrawn."))
    if proposal.proposed_by_id == by.pk:
        raise Refused(_("You proposed these times, so it is for your buddy to choose."))
    if not proposal.times.filter(starts_at=meeting.starts_at).exists():
        raise Refused(_("That time is not among those that were proposed."))


def _taken(people: Sequence[Person], starts: Sequence[datetime], minutes: int) -> set[datetime]:
    if not starts:
        return set()
    meetings = [Meeting(start, minutes) for start in starts]
    seated = seats_of(people, Interval(min(starts), max(one.ends_at for one in meetings)), None)
    busy = [interval for intervals in seated.values() for interval in intervals]
    return {one.starts_at for one in meetings for seat in busy if one.starts_at < seat.end and seat.start < one.ends_at}


def _same(proposal: Proposal, starts: Sequence[datetime], at: datetime) -> Proposal | None:
    """The open proposal that says just this already."""
    known = Proposal.objects.open(at).filter(pairing=proposal.pairing, proposed_by=proposal.proposed_by).first()
    if not known or [time.starts_at for time in known.times.all()] != list(starts):
        return None
    alike = all(getattr(known, name) == getattr(proposal, name) for name in ("minutes", "place", "how", "note"))
    return known if alike else None


def _close(proposal: Proposal, at: datetime, session: CoachingSession | None = None) -> None:
    if proposal.closed_at is None:
        proposal.closed_at, proposal.session = at, session
        proposal.save(update_fields=["closed_at", "session"])
        notices.withdrawn(proposal)
