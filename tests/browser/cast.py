"""People and what they have done so far, made by the product's own verbs: the way to the point a test is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from buddying.models import Cohort, Participant, Person, Programme, RoleGrant, WeeklyWindow
from matching.models import Pairing, PairingMember
from reflection import agreeing
from reflection.models import Signature
from sessions_log import booking
from sessions_log.logs import Log
from sessions_log.logs import log as log_session
from sessions_log.models import CoachingSession

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Cast:
    """Dora leads, Olga administers; the rest take part in her cohorts, or not at all."""

    now: datetime
    dora: Person
    olga: Person
    programme: Programme

    @classmethod
    def enters(cls, now: datetime) -> Cast:
        dora, olga = person("Dora"), person("Olga")
        RoleGrant.objects.create(person=dora, role=RoleGrant.LEAD)
        RoleGrant.objects.create(person=olga, role=RoleGrant.ADMINISTRATOR)
        programme = Programme.objects.create(
            name="Buddies", template="three-month-buddying", purpose="Learn together.", created_by=dora
        )
        programme.add_lead(dora, added_by=dora)
        return cls(now, dora, olga, programme)

    def cohort(self, name: str, *, days_to_start: int) -> Cohort:
        start = self.now.date() + timedelta(days=days_to_start)
        return Cohort.objects.create(
            programme=self.programme,
            name=name,
            sign_up_opens_on=start - timedelta(days=28),
            nominations_close_on=start - timedelta(days=10),
            pairs_published_on=start - timedelta(days=5),
            starts_on=start,
            ends_on=start + timedelta(weeks=13),
        )

    def takes_part(self, somebody: Person, cohort: Cohort) -> Participant:
        """Joined, with a profile and office hours."""
        participant = Participant.objects.create(
            cohort=cohort,
            person=somebody,
            working_on=f"{somebody.name} learns to say no.",
            great_support="Ask me hard questions.",
            hours_per_month=4,
        )
        participant.join(self.now)
        participant.complete_profile(self.now)
        if not somebody.windows.exists():
            WeeklyWindow.objects.bulk_create(
                WeeklyWindow(person=somebody, weekday=day, starts_at=time(9), minutes=9 * 60) for day in range(5)
            )
        return participant

    def pair(self, *participants: Participant, signed: bool = True) -> Pairing:
        opened_at = self.now - 60 * DAY
        pairing = Pairing.objects.create(
            cohort=participants[0].cohort, opened_at=opened_at, reasons=["You work in different departments."]
        )
        for participant in participants:
            PairingMember.objects.create(pairing=pairing, participant=participant, joined_at=opened_at)
        agreeing.draft_for(pairing, opened_at)
        for somebody in pairing.people() if signed else ():
            Signature.objects.create(agreement=pairing.agreements.get(), person=somebody, signed_at=self.now)
        return pairing

    def meets(self, pairing: Pairing, starts_at: datetime, *, log: bool = False) -> CoachingSession:
        """A session, booked early enough for both reminders; one that is over may be logged by everybody."""
        first, *_ = people = pairing.people()
        booked_at = min(self.now, starts_at - 3 * DAY)
        session = booking.book(pairing, starts_at, 60, "Room 4", by=first, at=booked_at)
        for somebody in people if log else ():
            entry = Log("held", coachees=people, shared_note="We walked.", commitments=["Ask Mira."])
            log_session(session, somebody, entry, at=starts_at + HOUR)
        return session


def person(name: str, team: str = "") -> Person:
    return Person.objects.create_user(email=f"{name.lower()}@example.org", name=name, team=team)
