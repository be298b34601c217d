"""What stands on a person's home page: one next step, what is coming, and where they belong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from buddying.models import Cohort, Participant, Person
from insights import administering, leading
from insights.learning import to_learn
from insights.my_data import content_to_be_erased
from insights.relationship import unread_conversations
from insights.step import Step
from insights.steps import before_pairing, in_pairing, pausing
from matching.models import Pairing, Pause
from sessions_log import answers
from sessions_log.models import CoachingSession

SHOWN = 2  # beside the next step


@dataclass(frozen=True)
class PairingCard:
    pairing: Pairing
    buddies: list[Person]


@dataclass(frozen=True)
class Home:
    steps: list[Step] = field(default_factory=list)
    upcoming: list[CoachingSession] = field(default_factory=list)
    pairings: list[PairingCard] = field(default_factory=list)
    participations: list[Participant] = field(default_factory=list)
    led: list[Cohort] = field(default_factory=list)

    @property
    def next_step(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @property
    def later_steps(self) -> list[Step]:
        return self._beside_it[:SHOWN]

    @property
    def resting_steps(self) -> list[Step]:
        """Folded up: two things at a time are enough to look at."""
        return self._beside_it[SHOWN:]

    @property
    def _beside_it(self) -> list[Step]:
        """A session that only has to come stands under what is coming up, and not a second time."""
        coming = {reverse("sessions_log:session", args=[session.pk]) for session in self.upcoming}
        return [step for step in self.steps[1:] if step.url not in coming]


def home_for(person: Person, at: datetime) -> Home:
    pairings = list(
        Pairing.objects.visible_to(person).filter(closed_at__isnull=True).select_related("cohort__programme")
    )
    participations = _current_participations(person, at)
    led = [c for c in Cohort.objects.led_by(person).select_related("programme") if not c.has_ended(at)]
    pauses = _pauses(person, at)
    resting = {pause.participant_id for pause in pauses}
    steps = [pausing(pause) for pause in pauses] + unread_conversations(person)
    steps += [step for pairing in pairings for step in in_pairing(pairing, person, at)]
    steps += [before_pairing(p, at) for p in participations if not _paired(p, pairings) and p.pk not in resting]
    steps += to_learn(person, pairings, at)
    steps += content_to_be_erased(person)
    steps += leading.steps_of(led, at) + administering.steps_of(person)
    return Home(
        steps=sorted(steps, key=lambda step: step.urgency),
        upcoming=_upcoming(person, at),
        pairings=[PairingCard(pairing, pairing.buddies_of(person)) for pairing in pairings],
        participations=participations,
        led=led,
    )


def _current_participations(person: Person, at: datetime) -> list[Participant]:
    mine = Participant.objects.listed().filter(person=person).select_related("cohort__programme")
    return [participant for participant in mine if not participant.cohort.has_ended(at)]


def _pauses(person: Person, at: datetime) -> list[Pause]:
    mine = Pause.objects.visible_to(person).in_force(at).filter(participant__person=person)
    return list(mine.select_related("participant__cohort"))


def _paired(participant: Participant, pairings: list[Pairing]) -> bool:
    return participant.cohort_id in {pairing.cohort_id for pairing in pairings}


def _upcoming(person: Person, at: datetime) -> list[CoachingSession]:
    mine = CoachingSession.objects.visible_to(person).filter(pairing__closed_at__isnull=True)
    coming = list(mine.upcoming(at)[:5])
    answers.show(coming, person)
    return coming
