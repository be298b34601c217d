"""The rounds of one group. Each in turn coaches, is coached and observes; every screen shows the same round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from equipping.models import ObserverNote, PracticeGroup, PracticeNote, PracticeRound

OPEN_FOR = timedelta(days=28)
COACH, COACHEE, OBSERVER = "coach", "coachee", "observer"


@dataclass(frozen=True)
class Roles:
    """Of one round. In a group of four two observe, in a group of two nobody does."""

    number: int
    coach: Any
    coachee: Any
    observers: tuple[Any, ...]

    def of(self, person: Any) -> str:
        if person == self.coach:
            return COACH
        return COACHEE if person == self.coachee else OBSERVER


def roles_of(people: Sequence[Any]) -> list[Roles]:
    """As many rounds as people: each is coach once and coachee once. Somebody alone has none."""
    if len(people) < 2:
        return []
    return [_roles([*people[number:], *people[:number]], number + 1) for number in range(len(people))]


def _roles(turned: Sequence[Any], number: int) -> Roles:
    coach, coachee, *observers = turned
    return Roles(number, coach, coachee, tuple(observers))


def still_to_practise(person: Any, at: datetime) -> list[PracticeGroup]:
    """Groups that have not practised so far, for a while after they were to."""
    began = Q(practice__starts_at__gt=at - OPEN_FOR) | Q(
        practice__starts_at=None, practice__published_at__gt=at - OPEN_FOR
    )
    mine = PracticeGroup.objects.visible_to(person).filter(began, finished_at=None, practice__called_off_at=None)
    return list(mine.select_related("practice").order_by("practice__starts_at", "pk"))


@transaction.atomic
def begin(group: PracticeGroup, number: int, at: datetime | None = None) -> None:
    """Idempotent: two who press the button at once begin one round. Out of turn nothing happens."""
    group = _held(group)
    rounds, most = group.rounds.count(), len(group.people())
    is_open = group.finished_at is None and not group.is_called_off
    if is_open and number == rounds + 1 <= most and most > 1:
        PracticeRound.objects.create(group=group, number=number, started_at=at or timezone.now())


@transaction.atomic
def take_back(group: PracticeGroup, number: int) -> None:
    """A round begun too early has not begun. Only the latest, and only until the group has finished."""
    group = _held(group)
    if group.finished_at is None and group.rounds.count() == number:
        group.rounds.filter(number=number).delete()


@transaction.atomic
def finish(group: PracticeGroup, at: datetime | None = None) -> None:
    """“We have practised.” Idempotent; also for a group that kept no rounds here."""
    open_ones = PracticeGroup.objects.filter(finished_at=None, practice__called_off_at=None)
    open_ones.filter(pk=group.pk).update(finished_at=at or timezone.now())


@transaction.atomic
def observe(group: PracticeGroup, number: int, author: Any, text: str) -> None:
    """An emptied sheet is gone."""
    kept = ObserverNote.objects.filter(group=group, number=number, author=author).first()
    if not text:
        ObserverNote.objects.filter(group=group, number=number, author=author).delete()
    elif kept is None:
        ObserverNote.objects.create(group=group, number=number, author=author, text=text)
    else:
        kept.text = text
        kept.save()


@transaction.atomic
def keep(group: PracticeGroup, author: Any, strengths: str, growth: str) -> None:
    kept = PracticeNote.objects.filter(group=group, author=author).first()
    if not (strengths or growth):
        PracticeNote.objects.filter(group=group, author=author).delete()
        return
    note = kept or PracticeNote(group=group, author=author)
    note.strengths, note.growth = strengths, growth
    note.save()


def _held(group: PracticeGroup) -> PracticeGroup:
    return PracticeGroup.objects.select_for_update(of=("self",)).select_related("practice").get(pk=group.pk)
