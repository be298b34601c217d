from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights.models import Snapshot
from insights.snapshots import take_when_due
from matching.models import Pairing
from reflection.models import FitCheck
from sessions_log.models import CoachingSession

Pairs = Callable[..., list[Pairing]]


@pytest.fixture
def pairs(
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> Pairs:
    """So many new pairs, in the running cohort or in another."""

    def pairs(number: int, of: Cohort | None = None) -> list[Pairing]:
        known = Person.objects.count()
        return [
            make_pairing(*(take_part(make_person(f"P{known + one}{side}"), of or cohort) for side in "ab"))
            for one in range(number)
        ]

    return pairs


@pytest.fixture
def say() -> Callable[..., None]:
    """Whether it is a good fit, each of a pairing in turn; None says nothing."""

    def say(pairing: Pairing, *said: str | None) -> None:
        session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=2))
        for person, answer in zip(pairing.people(), said, strict=True):
            if answer:
                FitCheck.objects.create(
                    pairing=pairing, session=session, person=person, answer=answer, answered_at=timezone.now()
                )

    return say


@pytest.fixture
def months_pass(db: None) -> Iterator[Callable[[int], Snapshot | None]]:
    """So many months from the beginning of the test it is the first of a month, and the one before is taken."""
    begun = timezone.now()
    with time_machine.travel(begun, tick=False) as clock:

        def pass_(months: int) -> Snapshot | None:
            clock.move_to((begun.replace(day=1) + timedelta(days=31 * months + 3)).replace(day=1, hour=0))
            return take_when_due()

        yield pass_
