"""A session while it runs: one clock for everybody in it, turn by turn, each in the phases of the programme's guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Person
from buddying.session_guide import Guide, Phase
from buddying.shared_clock import epoch
from sessions_log.booking import Refused
from sessions_log.logs import coach_of, locked, turn_minutes, usual_order, write_notes
from sessions_log.models import CoachingSession, Meeting, RunningTurn

BEFORE = timedelta(minutes=30)
AFTER = timedelta(hours=12)


@dataclass(frozen=True)
class TimedPhase:
    phase: Phase
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TimedTurn:
    """``coach`` is None only where whoever is coached has left since. ``others`` listen along, in a trio."""

    number: int
    coachee: Person
    coach: Person | None
    others: list[Person]
    minutes: int
    starts_at: datetime
    phases: list[TimedPhase]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Stand:
    """All turns, begun or to come, and how many have begun."""

    turns: list[TimedTurn]
    begun: int
    ended_at: datetime | None

    @property
    def current(self) -> TimedTurn | None:
        return self.turns[self.begun - 1] if self.begun and not self.ended_at else None

    @property
    def following(self) -> TimedTurn | None:
        return self.turns[self.begun] if self.begun < len(self.turns) else None

    @property
    def version(self) -> str:
        """Changes with whatever a screen shows of it."""
        who = "-".join(str(turn.coachee.pk) for turn in self.turns)
        since = epoch(self.turns[self.begun - 1].starts_at) if self.begun else "0"
        return f"{who}.{self.begun}.{since}.{'over' if self.ended_at else 'on'}"


def stand(session: CoachingSession, guide: Guide) -> Stand:
    people, meeting = session.pairing.people(), Meeting.objects.filter(session=session).first()
    begun = list(meeting.turns.select_related("coachee")) if meeting else []
    turns = [_timed(one.number, one.coachee, one.minutes, one.started_at, people, guide) for one in begun]
    minutes = turn_minutes(session, people)
    for person in _still_to_come(session, people, meeting, begun):
        starts_at = turns[-1].ends_at if turns else session.starts_at
        turns.append(_timed(len(turns) + 1, person, minutes, starts_at, people, guide))
    return Stand(turns, len(begun), meeting.ended_at if meeting else None)


def _still_to_come(
    session: CoachingSession, people: Sequence[Person], meeting: Meeting | None, begun: Sequence[RunningTurn]
) -> list[Person]:
    order, had = usual_order(session, people), {turn.coachee_id for turn in begun}
    return [person for person in (meeting.in_order(order) if meeting else order) if person.pk not in had]


def _timed(
    number: int, coachee: Person, minutes: int, starts_at: datetime, people: Sequence[Person], guide: Guide
) -> TimedTurn:
    phases, begins = [], starts_at
    for phase in guide.of_minutes(minutes):
        phases.append(TimedPhase(phase, begins, begins + timedelta(minutes=phase.minutes)))
        begins = phases[-1].ends_at
    coach = coach_of(coachee, people) if coachee in people and len(people) > 1 else None
    others = [person for person in people if person not in (coachee, coach)]
    return TimedTurn(number, coachee, coach, others, minutes, starts_at, phases)


def is_near(session: CoachingSession, at: datetime) -> bool:
    """About to begin or under way, and nobody has said yet what became of it."""
    return session.starts_at - BEFORE <= at < session.ends_at and not session.is_logged()


# -- verbs: idempotent, so two who press at once do it once ------------------------------------------


def reason_not_to_begin(session: CoachingSession, at: datetime) -> str | None:
    if session.pairing.closed_at:
        return _("This pairing has ended: its sessions can be read, and no longer changed.")
    if not session.is_standing:
        return _("This session was cancelled. Find another time.")
    if at < session.starts_at - BEFORE:
        return _("You can begin from half an hour before the time you booked.")
    if at >= session.ends_at + AFTER:
        return _("The time of this session is over. You can still log it.")
    return None


@transaction.atomic
def begin(session: CoachingSession, number: int, by: Person, at: datetime | None = None) -> None:
    """Turn ``number``, if it is the next one; out of turn nothing happens. Raises ``Refused``."""
    at = at or timezone.now()
    people, meeting = _held(session, by, at)
    begun = list(meeting.turns.all())
    waiting = _still_to_come(session, people, meeting, begun)
    if meeting.ended_at is None and number == len(begun) + 1 and waiting:
        minutes = turn_minutes(session, people)
        RunningTurn.objects.create(meeting=meeting, number=number, coachee=waiting[0], minutes=minutes, started_at=at)


@transaction.atomic
def take_back(session: CoachingSession, number: int, by: Person, at: datetime | None = None) -> None:
    """A turn begun too early has not begun. Only the latest."""
    meeting = _held(session, by, at or timezone.now())[1]
    if meeting.ended_at is None and meeting.turns.count() == number:
        meeting.turns.filter(number=number).delete()


@transaction.atomic
def begin_with(session: CoachingSession, first: Person, by: Person, at: datetime | None = None) -> None:
    """Who is coached first, then the others in their order. Once a turn has begun nothing happens."""
    people, meeting = _held(session, by, at or timezone.now())
    if first in people and not meeting.turns.exists():
        order = [person.pk for person in meeting.in_order(usual_order(session, people))]
        meeting.order = [first.pk, *(pk for pk in order if pk != first.pk)]
        meeting.save(update_fields=["order"])


@transaction.atomic
def end(session: CoachingSession, by: Person, at: datetime | None = None) -> None:
    at = at or timezone.now()
    meeting = _held(session, by, at)[1]
    if meeting.ended_at is None and meeting.turns.exists():
        meeting.ended_at = at
        meeting.save(update_fields=["ended_at"])


@transaction.atomic
def go_on(session: CoachingSession, by: Person, at: datetime | None = None) -> None:
    """It was ended too early."""
    meeting = _held(session, by, at or timezone.now())[1]
    if meeting.ended_at is not None:
        meeting.ended_at = None
        meeting.save(update_fields=["ended_at"])


def keep_notes(session: CoachingSession, by: Person, private: str, shared: str) -> None:
    """As far as somebody has come, before, during or after the session. Raises ``Refused``."""
    if session.pairing.closed_at or by not in session.pairing.people():
        raise Refused(_("This pairing has ended: its sessions can be read, and no longer changed."))
    with transaction.atomic():
        write_notes(session, by, private, shared)


def _held(session: CoachingSession, by: Person, at: datetime) -> tuple[list[Person], Meeting]:
    """Nobody else's until the transaction ends."""
    people = locked(session)
    if by not in people:
        raise Refused(_("Only the members of a pairing can do this."))
    if why := reason_not_to_begin(session, at):
        raise Refused(why)
    return people, Meeting.objects.get_or_create(session=session)[0]
