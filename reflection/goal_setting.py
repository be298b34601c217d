"""Each participant's own goals, and how far they see themselves: at the start, at the reflection, at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from buddying.models import Participant, Person, Programme
from buddying.models.programmes import end_of
from matching.models import Pairing
from reflection.models import GoalOutcome, Goals, OutcomeRating, ReflectionPrompt

LOOK_BACK = timedelta(days=14)


class Aim(NamedTuple):
    """An outcome as it was typed, and where its author sees themself now."""

    text: str
    now: int | None


class HopedFor(NamedTuple):
    """One line of the programme's outcomes. Its digest stays the same for as long as its words do."""

    digest: str
    words: str


def is_closing(participant: Participant, at: datetime | None = None) -> bool:
    """From two weeks before the cohort's end on, people look back."""
    cohort = participant.cohort
    return (at or timezone.now()) >= end_of(cohort.ends_on, cohort.zone) - LOOK_BACK


def stage_of(participant: Participant, at: datetime | None = None) -> str:
    if is_closing(participant, at):
        return "end"
    asked = ReflectionPrompt.objects.filter(person=participant.person_id, pairing__cohort=participant.cohort_id)
    return "middle" if asked.exists() else "start"


def goals_in(pairing: Pairing, person: Person) -> Goals | None:
    mine = Goals.objects.visible_to(person).filter(participant__cohort=pairing.cohort_id, skipped_at=None)
    return mine.prefetch_related("outcomes").first()


@transaction.atomic
def keep(participant: Participant, focus: str, aims: Sequence[Aim], at: datetime | None = None) -> Goals:
    """In place of what was there. An outcome without words goes, with its numbers."""
    at = at or timezone.now()
    goals = _mine(participant, at)
    goals.focus, goals.written_at, goals.skipped_at = focus, at, None
    goals.save()
    stage = f"at_{stage_of(participant, at)}"
    for number, aim in enumerate(aims, start=1):
        if aim.text:
            _keep_outcome(goals, number, aim, stage)
        else:
            goals.outcomes.filter(number=number).delete()
    return goals


def _mine(participant: Participant, at: datetime) -> Goals:
    """Held until the transaction ends; made where there is none."""
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    goals = Goals.objects.filter(participant=participant).first()
    return goals or Goals.objects.create(
        participant=participant, author_id=participant.person_id, focus="", written_at=at
    )


def _keep_outcome(goals: Goals, number: int, aim: Aim, stage: str) -> None:
    outcome = goals.outcomes.filter(number=number).first()
    outcome = outcome or GoalOutcome(goals=goals, author_id=goals.author_id, number=number)
    outcome.text = aim.text
    setattr(outcome, stage, aim.now)
    outcome.save()


@transaction.atomic
def skip(participant: Participant, at: datetime | None = None) -> None:
    """Not asked again. What was written before stays."""
    at = at or timezone.now()
    if not Goals.objects.filter(participant=participant).exists():
        goals = _mine(participant, at)
        Goals.objects.filter(pk=goals.pk).update(skipped_at=at)


def hoped_for(programme: Programme) -> list[HopedFor]:
    """The programme's outcomes, a line each, without the marks of a list."""
    lines = (line.strip().lstrip("-*•–").strip() for line in programme.outcomes.splitlines())
    return [HopedFor(sha256(line.encode()).hexdigest()[:16], line) for line in dict.fromkeys(lines) if line]


def still_to_rate(participant: Participant, at: datetime | None = None) -> list[HopedFor]:
    """Asked before it begins and when it ends; half-way is neither."""
    if stage_of(participant, at) == "middle":
        return []
    ratings = OutcomeRating.objects.filter(participant=participant, moment=_moment(participant, at))
    given = set(ratings.values_list("outcome", flat=True))
    return [one for one in hoped_for(participant.cohort.programme) if one.digest not in given]


def rate(participant: Participant, values: Mapping[str, int], at: datetime | None = None) -> None:
    """By digest. What was given stands, because it may have been counted."""
    at = at or timezone.now()
    known = {one.digest for one in still_to_rate(participant, at)}
    moment = _moment(participant, at)
    OutcomeRating.objects.bulk_create(
        [
            OutcomeRating(participant=participant, moment=moment, outcome=outcome, value=value, given_at=at)
            for outcome, value in values.items()
            if outcome in known
        ],
        ignore_conflicts=True,
    )


def _moment(participant: Participant, at: datetime | None) -> str:
    return OutcomeRating.AFTER if is_closing(participant, at) else OutcomeRating.BEFORE
