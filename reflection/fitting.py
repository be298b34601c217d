"""The fit check: after the first session that was held, and after the next for whoever is still deciding."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing, PairingMember
from matching.pausing import is_pausing
from outbox.posting import post
from reflection.models import FitCheck, ReflectionPrompt
from sessions_log.models import CoachingSession
from trust.acting import Purpose, acting_as, acting_as_system

# Whoever logs the session finds the question on their page; only if it waits there for a day, a mail asks.
MAIL_AFTER = timedelta(hours=20)
MAIL_UNTIL = timedelta(days=14)


class Over(Exception):
    """The pairing has ended, or the person is not in it any more."""


def ask_when_due(session: CoachingSession, at: datetime) -> None:
    """Called when a session is first recorded as held."""
    here = session.pairing.members.filter(left_at=None, joined_at__lte=session.starts_at)
    for seat in here.select_related("participant__person"):
        with acting_as(seat.participant.person):
            _ask(session, seat, at)


def _ask(session: CoachingSession, seat: PairingMember, at: datetime) -> None:
    person = seat.participant.person
    latest = newest(session.pairing, person)
    if latest is not None and (latest.answer != FitCheck.DECIDING or latest.session_id == session.pk):
        return
    check = FitCheck(
        pairing=session.pairing, session=session, person=person, round=latest.round + 1 if latest else 1, asked_at=at
    )
    FitCheck.objects.bulk_create([check], ignore_conflicts=True)
    for fresh in FitCheck.objects.filter(session=session, person=person):
        _tell(fresh)


def newest(pairing: Pairing, person: Person) -> FitCheck | None:
    return FitCheck.objects.filter(pairing=pairing, person=person).order_by("-round").first()


def is_over(check: FitCheck) -> bool:
    return check.pairing.closed_at is not None or check.person not in check.pairing.people()


def rests(check: FitCheck) -> bool:
    """It is over, or its reader is asked to reflect, which asks more of the same. The page stays open to them."""
    prompts = ReflectionPrompt.objects.filter(pairing=check.pairing_id, person=check.person_id)
    return is_over(check) or prompts.exists()


@transaction.atomic
def answer(check: FitCheck, answer: str, at: datetime | None = None) -> None:
    """The first answer stands: it may have been counted. Idempotent; raises Over."""
    check = FitCheck.objects.select_for_update(of=("self",)).select_related("pairing", "person").get(pk=check.pk)
    if is_over(check):
        raise Over
    FitCheck.objects.unanswered().filter(pk=check.pk).update(answer=answer, answered_at=at or timezone.now())


def _tell(check: FitCheck) -> None:
    """Somebody who pauses is told afterwards, by the reconciler."""
    if not is_pausing(check.person, check.pairing.cohort):
        post(
            "fit_check",
            key=f"fit_check:{check.pairing_id}:{check.person_id}:{check.round}",
            to=check.person,
            about_id=check.pk,
            due_at=check.asked_at + MAIL_AFTER,
            expires_at=check.asked_at + MAIL_UNTIL,
        )


def tell_those_asked(at: datetime | None = None) -> None:
    """For the reconciler: a question whose message is missing gets one; the unique key keeps it one."""
    fresh = (at or timezone.now()) - MAIL_UNTIL
    waiting = FitCheck.objects.unanswered().filter(asked_at__gt=fresh, pairing__closed_at=None)
    with acting_as_system(Purpose.ASKING):
        unanswered = list(waiting.select_related("person", "pairing__cohort"))
    for check in unanswered:
        _tell(check)
