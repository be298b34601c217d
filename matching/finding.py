"""Finding people of a draft by a part of their name, in cohorts of any size.

Never the viewer, nor whoever sits with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from buddying.models import Participant, Person
from buddying.models.participation import ParticipantQuerySet
from buddying.words import listed
from matching.models import MatchRun, ProposalSeat

A_LIST = 20


def named(words: str, prefix: str = "person__") -> Q:
    """Every word stands somewhere in the name."""
    wanted = Q()
    for word in words.split()[:6]:
        wanted &= Q(**{f"{prefix}name__icontains": word})
    return wanted


# Numbers are fetched first where a query within a query would do: of rows that were just written the database knows
# too little to choose a good way, and has taken minutes for some thousands.


def own_proposals(run: MatchRun, viewer: Any) -> list[int]:
    own = ProposalSeat.objects.filter(run=run, participant__person=viewer)
    return list(own.values_list("proposal", flat=True))


def proposals_with(run: MatchRun, words: str) -> list[int]:
    """In which somebody of this name sits."""
    seats = ProposalSeat.objects.filter(named(words, "participant__person__"), run=run)
    return list(seats.values_list("proposal", flat=True))


def people_of(run: MatchRun, viewer: Any) -> ParticipantQuerySet:
    """Whom this lead may move: everybody of the draft but themself and whoever sits with them."""
    seats = ProposalSeat.objects.filter(run=run)
    without = Q(pk__in=[row["participant"] for row in run.unplaced])
    company = seats.filter(proposal__in=own_proposals(run, viewer)).values_list("participant", flat=True)
    hidden = Q(person=viewer) | Q(pk__in=list(company))
    here = Participant.objects.filter(cohort=run.cohort_id)
    drafted = here.filter(without | Q(pk__in=seats.values("participant"))).exclude(hidden)
    return drafted.select_related("person").order_by("person__name", "pk")


def sits_with(run: MatchRun, participants: Iterable[int]) -> dict[int, str]:
    """In words, for each of them."""
    wanted = set(participants)
    tables = ProposalSeat.objects.filter(participant__in=wanted, run=run).values("proposal")
    seats = ProposalSeat.objects.filter(proposal__in=tables).select_related("participant__person").order_by("pk")
    groups: dict[int, list[Participant]] = {}
    for seat in seats:
        groups.setdefault(seat.proposal_id, []).append(seat.participant)
    together = {member.pk: group for group in groups.values() for member in group}
    return {pk: _with(pk, together.get(pk, [])) for pk in wanted}


def _with(pk: int, group: list[Participant]) -> str:
    return company_of(member for member in group if member.pk != pk)


def company_of(others: Iterable[Any]) -> str:
    names = listed(others)
    return _("with %(names)s") % {"names": names} if names else _("without a buddy")


def people_shown(run: MatchRun, participants: Iterable[int]) -> list[Person]:
    """They, and those with whom they sit."""
    wanted = set(participants)
    tables = list(ProposalSeat.objects.filter(participant__in=wanted, run=run).values_list("proposal", flat=True))
    company = ProposalSeat.objects.filter(proposal__in=tables).values_list("participant", flat=True)
    return list(Person.objects.filter(participations__in=wanted | set(company)).distinct())


class Choice(NamedTuple):
    """For a list to choose from: somebody, and with whom they sit."""

    pk: int
    name: str
    company: str


def found(run: MatchRun, viewer: Any, words: str) -> list[Choice]:
    """Who has these words in their name, with whom they sit; the first few."""
    people = list(people_of(run, viewer).filter(named(words))[:A_LIST])
    company = sits_with(run, (one.pk for one in people))
    return [Choice(one.pk, str(one), company[one.pk]) for one in people]
