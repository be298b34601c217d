"""What a lead sees of a cohort after publishing: who is paired, who waits since when and why, and what has ended.

Not who ended it, and of a pairing that the lead is in, nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet

from buddying.models import Cohort, Participant, Person
from matching import waiting
from matching.models import MatchRun, Pairing, PairingMember, Pause, Waiting

A_PAGE = 40
LATEST = 20
MOST = 100


@dataclass(frozen=True)
class Row:
    pairing: Pairing
    people: list[Person]

    @property
    def is_trio(self) -> bool:
        return len(self.people) == 3


@dataclass(frozen=True)
class Waiter:
    """Somebody without a buddy; ``wait`` is missing for the moment before it is noticed that they wait."""

    participant: Participant
    wait: Waiting | None
    paused_until: date | None
    is_viewer: bool

    @property
    def person(self) -> Person:
        return self.participant.person

    @property
    def can_be_placed(self) -> bool:
        return not (self.is_viewer or self.paused_until)


@dataclass(frozen=True)
class Pairings:
    is_published: bool
    live: list[Row]
    page: Page[Pairing]
    waiting: list[Waiter]
    not_shown: int
    closed: list[Row]
    paused: list[Pause]
    under_way: MatchRun | None
    draft: MatchRun | None
    own_is_hidden: bool

    @property
    def can_match(self) -> bool:
        return self.under_way is None and sum(1 for one in self.waiting if not one.paused_until) > 1

    def people(self) -> set[Person]:
        rows = [person for row in self.live + self.closed for person in row.people]
        return {*rows, *(one.person for one in self.waiting), *(pause.participant.person for pause in self.paused)}


def pairings_of(cohort: Cohort, lead: Person, page: str | None, at: datetime) -> Pairings:
    followed = Pairing.objects.followed_by(lead).filter(cohort=cohort)
    shown = Paginator(with_people(followed.live().order_by("-opened_at", "pk")), A_PAGE).get_page(page)
    waiters = waiting_in(cohort, lead, at)
    runs = MatchRun.objects.filter(cohort=cohort).defer("snapshot", "plan")
    settled = runs.published().values_list("round")
    return Pairings(
        is_published=waiting.is_published(cohort),
        live=[row_of(pairing) for pairing in shown],
        page=shown,
        waiting=waiters[:MOST],
        not_shown=len(waiters[MOST:]),
        closed=[row_of(pairing) for pairing in with_people(_closed(followed))[:LATEST]],
        paused=_paused_in_pairings(cohort, at),
        under_way=runs.unfinished().first(),
        draft=runs.drafts().exclude(round__in=settled).first(),
        own_is_hidden=PairingMember.objects.filter(pairing__cohort=cohort, participant__person=lead).exists(),
    )


def waiting_in(cohort: Cohort, viewer: Any, at: datetime | None = None) -> list[Waiter]:
    """Everybody without a buddy, those who have waited longest first."""
    open_ones = {wait.participant_id: wait for wait in Waiting.objects.open().filter(participant__cohort=cohort)}
    pauses = Pause.objects.in_force(at).filter(participant__cohort=cohort).select_related("participant__cohort")
    paused = {pause.participant_id: pause.day for pause in pauses}
    waiters = [
        Waiter(one, open_ones.get(one.pk), paused.get(one.pk), one.person_id == viewer.pk)
        for one in waiting.without_buddy(cohort).select_related("person")
    ]
    return sorted(waiters, key=lambda one: (one.wait is None, one.wait and one.wait.since, one.person.name))


def with_people(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Their present members or, once closed, those at the end."""
    stayed = Q(left_at=None) | Q(left_at=F("pairing__closed_at"))
    seats = PairingMember.objects.filter(stayed).select_related("participant__person")
    return pairings.prefetch_related(Prefetch("members", seats, to_attr="seated"))


def pairs_to_join(cohort: Cohort, lead: Person, wanted: str) -> QuerySet[Pairing]:
    """Pairs of two that a third may join, as far as ``lead`` follows them."""
    two = Pairing.objects.followed_by(lead).live().filter(cohort=cohort)
    two = two.annotate(seats=Count("members", filter=Q(members__left_at=None))).filter(seats=2)
    if wanted:
        named = PairingMember.objects.filter(left_at=None, participant__person__name__icontains=wanted)
        two = two.filter(pk__in=named.values("pairing"))
    return with_people(two.order_by("-opened_at", "pk"))


def _closed(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    return pairings.filter(closed_at__isnull=False).order_by("-closed_at", "pk")


def _paused_in_pairings(cohort: Cohort, at: datetime) -> list[Pause]:
    seated = PairingMember.objects.filter(left_at=None, participant__cohort=cohort).values("participant")
    pauses = Pause.objects.in_force(at).filter(participant__in=seated)
    return list(pauses.select_related("participant__person", "participant__cohort").order_by("until")[:MOST])


def row_of(pairing: Pairing) -> Row:
    return Row(pairing, [seat.participant.person for seat in pairing.seated])  # type: ignore[attr-defined]
