"""What a lead sees of practice: who is with whom, and whether they have practised. Nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from buddying.models import Cohort, Participant, Person
from equipping.models import Practice, PracticeGroup, PracticeSeat


@dataclass(frozen=True)
class Shown:
    practice: Practice
    groups: list[PracticeGroup]  # each with ``seated``, its seats
    not_placed: list[Person]

    @property
    def done(self) -> int:
        return sum(group.finished_at is not None for group in self.groups)

    @property
    def may_be_called_off(self) -> bool:
        is_open = self.practice.called_off_at is None and self.done < len(self.groups)
        return is_open and self.practice.is_ahead()


def practices_of(cohort: Cohort) -> list[Shown]:
    """The newest first. Asks a fixed number of queries."""
    there = PracticeSeat.objects.filter(participant__left_at=None).select_related("participant__person")
    groups = PracticeGroup.objects.prefetch_related(Prefetch("seats", there, to_attr="seated"))
    found = list(
        Practice.objects.filter(cohort=cohort).select_related("cohort").prefetch_related(Prefetch("groups", groups))
    )
    names = _people({pk for practice in found for pk in practice.not_placed})
    return [
        Shown(practice, list(practice.groups.all()), [names[pk] for pk in practice.not_placed if pk in names])
        for practice in found
    ]


def _people(participants: set[int]) -> dict[int, Person]:
    rows = Participant.objects.filter(pk__in=participants, left_at=None).select_related("person")
    return {row.pk: row.person for row in rows}


def people_in(shown: Iterable[Shown]) -> set[Person]:
    return {
        person
        for one in shown
        for person in [*one.not_placed, *(seat.participant.person for group in one.groups for seat in group.seated)]  # type: ignore[attr-defined]
    }
