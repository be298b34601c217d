"""Never in two pairings, never silently in none: whatever people and leads do, in whatever order, and all at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying import joining
from buddying.models import Participant
from matching import ending, pausing, placing
from matching.models import MatchRun, Pairing
from matching.publishing import CannotPublish, publish
from matching.running import CannotStart, execute, request_run
from sessions_log.booking import Refused, book
from tests.matching.looking import at_once, nobody_is_lost

pytestmark = pytest.mark.usefixtures("quiet_broker")

ANSWERS = (placing.NotPossible, CannotPublish, CannotStart, Refused, pausing.CannotPause)


class Somebody:
    """Does one thing after another, at random, as people and leads do; keeps what nobody should be told."""

    def __init__(self, seed: int, cohort: Any, lead: Any) -> None:
        self.dice, self.cohort, self.lead = random.Random(seed), cohort, lead

    def act(self, times: int) -> None:
        for _ in range(times):
            try:
                self.dice.choice(self.deeds())()
            except ANSWERS:
                continue

    def deeds(self) -> list[Callable[[], Any]]:
        return [
            self.leave,
            self.come_back,
            self.ask,
            self.pair,
            self.pair,
            self.add,
            self.repair,
            self.pause,
            self.round,
        ]

    def anybody(self, **only: Any) -> Participant:
        return self.dice.choice(list(self.cohort.participants.filter(**only).select_related("person", "cohort")))

    def any_pairing(self) -> Pairing:
        live = list(Pairing.objects.live().filter(cohort=self.cohort))
        if not live:
            raise placing.NotPossible
        return self.dice.choice(live)

    def leave(self) -> None:
        joining.leave(self.anybody())

    def come_back(self) -> None:
        joining.join_as_listed(self.anybody())

    def ask(self) -> None:
        pairing = self.any_pairing()
        ending.rematch(pairing, (pairing.people() or [self.lead])[0])

    def pair(self) -> None:
        placing.pair({self.anybody(), self.anybody()}, self.lead)

    def add(self) -> None:
        placing.add(self.anybody(), self.any_pairing(), self.lead)

    def repair(self) -> None:
        pairing = self.any_pairing()
        members = [seat.participant for seat in pairing.members.filter(left_at=None)]
        if members:
            placing.repair(pairing, [[members[0], self.anybody()]], self.lead)

    def pause(self) -> None:
        one = self.anybody(left_at=None) if self.dice.random() < 0.3 else None
        if one:
            pausing.pause(one, timezone.now().date() + timedelta(days=self.dice.randint(1, 9)))
        else:
            pausing.resume(self.anybody())

    def round(self) -> None:
        run = request_run(self.cohort, self.lead)
        execute(run.pk)
        publish(MatchRun.objects.get(pk=run.pk), self.lead)

    def book(self) -> None:
        pairing = self.any_pairing()
        at = timezone.now() + timedelta(days=self.dice.randint(1, 3))
        people = pairing.people()
        book(pairing, at.replace(minute=0, second=0, microsecond=0), 60, "", by=people[0] if people else self.lead)


class SomebodyWhoBooks(Somebody):
    def deeds(self) -> list[Callable[[], Any]]:
        return [self.book, self.book, self.leave, self.come_back, self.ask, self.pair]


@pytest.fixture
def crowd(published: MatchRun, make_person: Any, take_part: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("sessions_log.booking.booking_conditions", [])
    for name in ("Gus", "Hal", "Ida"):
        one = take_part(make_person(name), published.cohort)
        joining.leave(one)
        Participant.objects.filter(pk=one.pk).update(left_at=None, joined_at=None)
    return published.cohort


@pytest.mark.parametrize("seed", range(6))
def test_one_after_another(crowd: Any, dora: Any, seed: int) -> None:
    somebody = SomebodyWhoBooks(seed, crowd, dora) if seed % 2 else Somebody(seed, crowd, dora)
    for _ in range(30):
        somebody.act(1)
        assert nobody_is_lost(crowd)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_all_at_once(crowd: Any, dora: Any, seed: int) -> None:
    people = [
        kind(10 * seed + n, crowd, dora) for n, kind in enumerate((Somebody, Somebody, Somebody, SomebodyWhoBooks))
    ]
    assert at_once([lambda one=one: one.act(12) for one in people]) == [None] * 4  # type: ignore[misc]
    assert nobody_is_lost(crowd)
    assert not Pairing.objects.filter(closed_at__isnull=False, sessions__cancelled_at=None, sessions__isnull=False)
