"""A person's own data: what is erased when, and what erasing the account would mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from buddying import joining, retention
from buddying.models import Cohort, ContentEnd, Participant, Person
from insights.step import Step
from trust import holdings
from trust.holdings import Fate, Holding


@dataclass(frozen=True)
class Ends:
    """When what was written in a cohort is erased, as announced or, before that, as planned."""

    cohort: Cohort
    on: date
    is_done: bool


def content_ends(person: Person) -> list[Ends]:
    mine = Participant.objects.filter(person=person, joined_at__isnull=False)
    cohorts = Cohort.objects.filter(participants__in=mine).select_related("programme", "content_end")
    return [_ends(cohort) for cohort in cohorts.order_by("-ends_on")]


def _ends(cohort: Cohort) -> Ends:
    announced = getattr(cohort, "content_end", None)
    if announced is None:
        return Ends(cohort, retention.planned_for(cohort), False)
    return Ends(cohort, announced.ends_on, announced.erased_at is not None)


def leavable(person: Person, at: datetime) -> list[Participant]:
    mine = Participant.objects.of(person).select_related("cohort__programme")
    return [participant for participant in mine if not participant.cohort.has_ended(at)]


def what_becomes_of_it() -> list[tuple[str, str]]:
    """From the table that erasure itself goes by: each line and its fate, those first of which something stays."""
    lines = [(what, _fate(held)) for what, held in holdings.joined(holdings.all_holdings()).items()]
    return [(what, str(fate.value)) for what, fate in sorted(lines, key=lambda line: MOST_STAYS.index(line[1]))]


MOST_STAYS = (Fate.WITH_THE_OTHERS, Fate.NAMELESS, Fate.AGES_OUT, Fate.EMPTIED, Fate.GONE)


def _fate(held: Iterable[Holding]) -> Fate:
    return min((one.fate for one in held), key=MOST_STAYS.index)


def what_it_means(person: Person, at: datetime) -> list[Any]:
    """For each cohort that is going on, in the sentences of leaving it."""
    return [(one.cohort, joining.what_leaving_means(one)) for one in leavable(person, at)]


def content_to_be_erased(person: Person) -> list[Step]:
    """Announced, and not done yet: time to take along what one would like to keep."""
    mine = Participant.objects.filter(person=person, joined_at__isnull=False).values("cohort")
    announced = ContentEnd.objects.filter(cohort__in=mine, erased_at=None).select_related("cohort")
    return [
        Step(
            4,
            f"What you wrote in {each.cohort.name} is erased on {each.ends_on:%-d %B %Y}",
            "Notes, commitments, agreements, reflections and goals. You can download what is yours before.",
            reverse("insights:my_data"),
            "Your data",
            "lock",
        )
        for each in announced.order_by("ends_on")
    ]
