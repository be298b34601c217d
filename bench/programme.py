"""Made cohorts as rows of the database, with names that read like names: for looking at screens and for timing them.

    python -m bench.programme 20 60 200 2000

Each becomes a cohort of the programme "Made", led by whoever has the address given by --lead, with a draft.
"""

from __future__ import annotations

import argparse
import os
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import django

from bench.cohorts import made_cohort
from matching.engine import Problem

if TYPE_CHECKING:
    from buddying.models import Cohort, Participant, Person, Programme
    from matching.models import MatchRun

FIRST = """Ada Ben Cleo Dan Elif Farid Gwen Hana Ivo Joy Kai Lena Milo Nia Otto Pia Quinn Rosa Sami Tess Uma Viktor Wren
Xenia Yara Zoe Amir Bela Chen Dina Emil Fay Gus Hugo Inga Jana Karim Lou Mara Noor Omar Petra Rui Sana Theo"""
LAST = """Okafor Larsen Martin Haddad Pryce Sato Novak Mensah Brandt Rossi Dupont Evans Lind Holm Doyle Silva Virtanen
Walker Rao Weiss Hughes Moreau Petrov Kim Costa Nowak Fischer Tanaka Ali Berg Castro Dahl Eriksen Fontana Garcia
Huber"""
DEPARTMENTS = """Engineering Sales Service Finance People Research Legal Operations Design Marketing Purchasing
Logistics Quality Security Training Facilities"""
BATCH = 2000


def cohort_of(people: int, programme: Programme) -> Cohort:
    """A cohort of so many, all of whom have joined, said when they are free and named whom they would like."""
    from django.utils import timezone

    from buddying.models import Cohort

    today = timezone.now().date()
    cohort = Cohort.objects.create(
        programme=programme,
        name=f"{people:,} people",
        sign_up_opens_on=today - timedelta(days=14),
        nominations_close_on=today + timedelta(days=4),
        pairs_published_on=today + timedelta(days=9),
        starts_on=today + timedelta(days=14),
        ends_on=today + timedelta(days=105),
    )
    problem = made_cohort(people)
    participants = _participants(problem, cohort)
    _hours(problem, participants)
    _wishes(problem, participants)
    return cohort


def _participants(problem: Problem, cohort: Cohort) -> list[Participant]:
    from django.utils import timezone

    from buddying.models import Participant

    now, topics, persons = timezone.now(), cohort.programme.topics, _persons(problem, cohort.pk)
    return Participant.objects.bulk_create(
        [
            Participant(
                cohort=cohort,
                person=person,
                joined_at=now,
                profile_completed_at=now,
                nominated_at=now,
                hours_per_month=made.hours_per_month,
                working_on="Something that I put off.",
                great_support="Ask me hard questions.",
                wants=_topics(made.wants, topics),
                offers=_topics(made.offers, topics),
            )
            for made, person in zip(problem.people, persons, strict=True)
        ],
        batch_size=BATCH,
    )


def _persons(problem: Problem, cohort: int) -> list[Person]:
    from buddying.models import Person

    names = _names(len(problem.people))
    persons = [
        Person(
            email=f"{name.lower().replace(' ', '.')}.{cohort}@made.example",
            name=name,
            team=_department(made.department),
            department=_department(made.department),
            level=made.level,
        )
        for made, name in zip(problem.people, names, strict=True)
    ]
    for person in persons:
        person.set_unusable_password()
    Person.objects.bulk_create(persons, batch_size=BATCH)
    for made, person in zip(problem.people, persons, strict=True):
        person.manager = persons[int(made.manager_id)] if made.manager_id else None
    Person.objects.bulk_update(persons, ["manager"], batch_size=BATCH)
    return persons


def _names(people: int) -> list[str]:
    whole = [f"{first} {last}" for last in LAST.split() for first in FIRST.split()]
    random.Random(1).shuffle(whole)
    return [whole[n % len(whole)] + (f" {n // len(whole) + 1}" if n >= len(whole) else "") for n in range(people)]


def _department(made: str | None) -> str:
    number, known = int((made or "0").split()[-1]), DEPARTMENTS.split()
    name, more = known[number % len(known)], number // len(known)
    return f"{name} {more + 1}" if more else name


def _topics(tags: frozenset[str], topics: list[str]) -> list[str]:
    return sorted({topics[int(tag.split()[-1]) % len(topics)] for tag in tags})


def _hours(problem: Problem, participants: list[Participant]) -> None:
    """As whole hours of the week in UTC."""
    from datetime import time

    from buddying.models import WeeklyWindow

    rows = [
        WeeklyWindow(person_id=one.person_id, weekday=slot // 48, starts_at=time(slot % 48 // 2), minutes=60)
        for made, one in zip(problem.people, participants, strict=True)
        for slot in sorted(made.free)
        if slot % 2 == 0
    ]
    WeeklyWindow.objects.bulk_create(rows, batch_size=BATCH)


def _wishes(problem: Problem, participants: list[Participant]) -> None:
    from buddying.models import Nomination

    rows = [
        Nomination(nominator=participants[int(wish.from_id)], nominee=participants[int(wish.to_id)], rank=wish.rank)
        for wish in problem.nominations
    ]
    Nomination.objects.bulk_create(rows, batch_size=BATCH)


def draft_of(cohort: Cohort, lead: Person) -> MatchRun:
    from matching import engine
    from matching.execution import execute
    from matching.models import MatchRun

    policy = engine.Policy(rules=engine.HardRules(min_common_hours=1))
    run = MatchRun.objects.create(cohort=cohort, requested_by=lead, policy=policy.to_dict())
    execute(run.pk)
    run.refresh_from_db()
    return run


def programme_led_by(lead: Person) -> Programme:
    from buddying.models import Programme
    from buddying.topics import USUAL

    programme = Programme.objects.create(
        name="Made", template="three-month-buddying", purpose="To be looked at.", topics=list(USUAL), created_by=lead
    )
    programme.add_lead(lead, added_by=lead)
    return programme


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("people", type=int, nargs="+")
    asked.add_argument("--lead", default="dora@demo.example", help="address of somebody who is there")
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    django.setup()
    from buddying.models import Person

    lead = Person.objects.get(email=given.lead)
    programme = programme_led_by(lead)
    for people in given.people:
        cohort = cohort_of(people, programme)
        run = draft_of(cohort, lead)
        print(
            f"cohort {cohort.pk}, run {run.pk}: {people:,} people, {run.figures.get('pairings')} pairings {run.failure}"
        )


if __name__ == "__main__":
    main()
