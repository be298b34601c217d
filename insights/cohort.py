"""A lead's view of a cohort: who is where, and the rhythm of pairings. Nothing that anybody wrote.

Numbers and yes or no only: sessions are counted, never dated to the hour or placed. Pairings that the
lead sits in are left out; nobody leads a pair that they are in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from buddying.models import Cohort, Participant, Person
from insights.aggregates import FEWEST
from matching.models import Pairing, PairingMember, within_cohort
from reflection import agreeing
from reflection.models import ReflectionPrompt
from sessions_log.history import Rhythm, rhythm
from sessions_log.models import CoachingSession

MOST = 100


@dataclass(frozen=True)
class Stage:
    label: str
    count: int
    url: str = ""


@dataclass(frozen=True)
class Followed:
    """One pairing as its lead sees it."""

    people: list[Person]
    signed: bool
    rhythm: Rhythm


def people(cohort: Cohort) -> QuerySet[Participant]:
    """Everybody on the list, with where they are: ``is_paired`` and ``has_met``."""
    seats = PairingMember.objects.filter(participant=OuterRef("pk"), left_at__isnull=True)
    met = CoachingSession.objects.filter(
        within_cohort("starts_at", "pairing__"),
        pairing__members__participant=OuterRef("pk"),
        held_at__isnull=False,
        pairing__cohort=cohort,
    )
    listed = cohort.participants.listed().select_related("person")
    return listed.annotate(is_paired=Exists(seats), has_met=Exists(met))


def path(cohort: Cohort) -> list[Stage]:
    """How many people came how far."""
    counts = (
        people(cohort)
        .order_by()
        .aggregate(
            listed=Count("pk"),
            joined=Count("pk", filter=Q(joined_at__isnull=False)),
            named=Count("pk", filter=Q(nominated_at__isnull=False)),
            paired=Count("pk", filter=Q(is_paired=True)),
            met=Count("pk", filter=Q(has_met=True)),
        )
    )
    listed = cohort.participants.listed().exclude(person__email=None).values("person__email")
    invited = cohort.invitations.open().exclude(email__in=listed).count()
    return [
        Stage("Invited or on the list", counts["listed"] + invited, _url("buddying:invitations", cohort)),
        Stage("Joined", counts["joined"], _url("buddying:people", cohort)),
        Stage("Named buddies", counts["named"]),
        Stage("Paired", counts["paired"], _url("matching:board", cohort)),
        Stage("Had a first session", counts["met"]),
        *_reflected(cohort),
    ]


def _reflected(cohort: Cohort) -> list[Stage]:
    """Only once at least five people were asked: of fewer, a number would say who."""
    asked = ReflectionPrompt.objects.filter(within_cohort("prompted_at", "pairing__"), pairing__cohort=cohort)
    if asked.values("person").distinct().count() < FEWEST:
        return []
    answered = asked.filter(within_cohort("answered_at", "pairing__"), answered_at__isnull=False)
    return [Stage("Reflected", answered.values("person").distinct().count())]


def _url(name: str, cohort: Cohort) -> str:
    return reverse(name, args=[cohort.pk])


def live(cohort: Cohort, lead: Person, at: datetime) -> QuerySet[Pairing]:
    return Pairing.objects.followed_by(lead, at).filter(cohort=cohort, closed_at__isnull=True)


def followed(cohort: Cohort, lead: Person, at: datetime) -> list[Followed]:
    """The live pairings, those without a booked session first; of very many the first ``MOST``."""
    pairings = live(cohort, lead, at)
    rhythms = rhythm(pairings, at)
    seats = PairingMember.objects.filter(pairing__in=pairings, left_at__isnull=True)
    names = dict(seats.order_by("pairing").values_list("pairing").annotate(first=Min("participant__person__name")))
    shown = sorted(names, key=lambda pk: (rhythms[pk].is_booked, rhythms[pk].held, names[pk]))[:MOST]
    members = _members(shown)
    signed = set(agreeing.signed_pairings().filter(pk__in=shown).values_list("pk", flat=True))
    return [Followed(members[pk], pk in signed, rhythms[pk]) for pk in shown]


def _members(pairings: Iterable[int]) -> dict[int, list[Person]]:
    seats = PairingMember.objects.filter(pairing__in=list(pairings), left_at__isnull=True)
    members: dict[int, list[Person]] = {}
    for seat in seats.select_related("participant__person"):
        members.setdefault(seat.pairing_id, []).append(seat.participant.person)
    return members


def seen(rows: Iterable[Followed]) -> set[Person]:
    return {person for row in rows for person in row.people}
