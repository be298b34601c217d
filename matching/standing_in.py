"""A lead who takes part where somebody would otherwise be left without a buddy.

Until pairs are published their place is a row of the cohort that left at the moment it was added: it is on no list, and
nobody is told of it. Publishing makes them a participant. A run that comes to nothing takes its place with it.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from buddying import registry
from buddying.models import Cohort, Participant, Person
from matching.models import MatchRun, ProposalSeat
from matching.waiting import to_be_matched


def leads_who_can_join(cohort: Cohort) -> QuerySet[Person]:
    """Leads of the programme who are not on the cohort's list."""
    listed = Participant.objects.listed().filter(cohort=cohort).values("person")
    leads = Person.objects.filter(programmes_led__programme=cohort.programme_id, deactivated_at=None)
    return leads.exclude(pk__in=listed).order_by("name", "pk")


def keep_place(run: MatchRun, at: datetime) -> None:
    if run.stand_in_id:
        empty = {"added_at": at, "left_at": at}
        Participant.objects.get_or_create(cohort=run.cohort, person=run.stand_in, defaults=empty)


def place_of(run: MatchRun) -> Participant | None:
    """Of the lead who stands in, as long as they may: they still lead the programme and can log in."""
    may = Q(person__programmes_led__programme=run.cohort.programme_id, person__deactivated_at=None)
    places = Participant.objects.filter(may, cohort=run.cohort_id, person=run.stand_in_id)
    return places.select_related("person").first() if run.stand_in_id else None


def with_stand_in(run: MatchRun) -> dict[int, Participant]:
    """Everybody who can be in the run's pairings now: who is to be matched, and the lead who sits in one of them."""
    people = {participant.pk: participant for participant in to_be_matched(run.cohort).select_related("person")}
    place = place_of(run)
    if place and ProposalSeat.objects.filter(run=run, participant=place).exists():
        people[place.pk] = place
    return people


def join(run: MatchRun, at: datetime) -> None:
    """The lead becomes a participant, if the draft still has a buddy for them."""
    place = place_of(run)
    if place and not place.is_present and ProposalSeat.objects.filter(run=run, participant=place).exists():
        place.join(at)
        for hook in registry.when_joined:
            hook(place, at)


def let_go() -> None:
    """Places that no run needs any more: it was cancelled, or went on without them, or another one is published."""
    published = MatchRun.objects.published().filter(cohort=OuterRef("cohort"), round=OuterRef("round"))
    needing = MatchRun.objects.filter(cohort=OuterRef("cohort"), stand_in=OuterRef("person"))
    needing = needing.filter(Q(figures__stand_in_used=True) | Q(pk__in=MatchRun.objects.unfinished().values("pk")))
    never_on_the_list = Participant.objects.filter(joined_at=None, left_at=F("added_at"))
    never_on_the_list.exclude(Exists(needing.exclude(Exists(published)))).delete()
