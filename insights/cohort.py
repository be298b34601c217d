"""A lead's view of a cohort: who is where, and the rhythm of pairings. Nothing that anybody wrote.

Numbers and yes or no only: sessions are counted, never dated to the hour or placed. Pairings that the
lead sits in are left out; nobody leads a pair that they are in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, QuerySet

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing, PairingMember, within_cohort
from reflection import agreeing
from sessions_log.history import Rhythm, rhythm
from sessions_log.models import CoachingSession

MOST = 25


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
