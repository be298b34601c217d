"""A cohort from each template, from its first day to its reflection, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from buddying import joining
from buddying.models import Cohort, Person, Programme
from buddying.programme_templates import TEMPLATES, ProgrammeTemplate
from buddying.setting_up import WORDS, propose_cohort, start_cohort, start_programme
from equipping import arranging, rounds
from equipping.models import Practice
from insights.home import home_for
from matching import ending
from matching.models import Pairing
from matching.publishing import publish
from matching.running import execute, request_run
from reflection import agreeing
from reflection.models import ReflectionPrompt
from reflection.questions import words_of
from sessions_log.availability import next_free_times
from sessions_log.booking import book
from sessions_log.logs import Log, log

As = Callable[[Person | None], Client]
TODAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
NAMES = ("Gus", "Hana", "Ivo", "Joy", "Kai", "Lena")


@pytest.fixture
def people(make_person: Callable[..., Person], office_hours: Callable[..., None]) -> list[Person]:
    everybody = [make_person(name, time_zone="UTC") for name in NAMES]
    office_hours(*everybody)
    return everybody


def cohort_from(template: ProgrammeTemplate, dora: Person) -> Cohort:
    words = {name: getattr(template, name) for name in WORDS}
    programme = start_programme(Programme(name=template.label, **words), template, by=dora)
    return start_cohort(Cohort(name="First", **propose_cohort(programme, TODAY.date())), programme, by=dora)


def noon(day: object) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)  # type: ignore[arg-type]


def match(cohort: Cohort, dora: Person) -> list[Pairing]:
    run = request_run(cohort, by=dora)
    execute(run.pk)
    run.refresh_from_db()
    publish(run, by=dora)
    return list(Pairing.objects.live().filter(cohort=cohort))


def practise(cohort: Cohort, dora: Person) -> None:
    practice = arranging.propose(Practice(), cohort, by=dora)
    arranging.publish(practice, by=dora)
    for group in practice.groups.all():
        for number in (1, 2, 3):
            rounds.begin(group, number)
        rounds.finish(group)
    assert [group.rounds.count() for group in practice.groups.all()] == [3, 3]


def sign(pairing: Pairing) -> None:
    agreement = agreeing.latest(pairing)
    assert agreement is not None
    for person in pairing.people():
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)


def meet(pairing: Pairing, clock: time_machine.Traveller, on: datetime) -> None:
    clock.move_to(on)
    people, minutes = pairing.people(), pairing.cohort.session_minutes
    session = book(pairing, next_free_times(pairing, minutes, people[0], on)[0], minutes, "Room 4", people[0])
    clock.move_to(session.ends_at + timedelta(minutes=5))
    for person in people:
        log(session, person, Log("held", coachees=people))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_to_its_reflection(template: ProgrammeTemplate, dora: Person, people: list[Person], as_: As) -> None:
    with time_machine.travel(TODAY, tick=False) as clock:
        cohort = cohort_from(template, dora)
        clock.move_to(noon(cohort.sign_up_opens_on))
        for person in people:
            joining.enter(joining.by_link(cohort.join_token), person)
        clock.move_to(noon(cohort.pairs_published_on))
        practise(cohort, dora)
        pairings = match(cohort, dora)
        assert [len(pairing.people()) for pairing in pairings] == [2, 2, 2]
        pairing = pairings[0]
        gus = pairing.people()[0]
        sign(pairing)
        weeks = template.weeks / template.target_sessions
        if template.new_pairs_weeks:
            weeks = template.new_pairs_weeks / template.target_sessions
        for number in range(template.reflection_point):
            assert not ReflectionPrompt.objects.exists()
            meet(pairing, clock, noon(cohort.starts_on) + number * timedelta(weeks=weeks))
        assert {prompt.person for prompt in ReflectionPrompt.objects.all()} == set(pairing.people())
        assert not cohort.has_ended()
        step = home_for(gus, datetime.now(UTC)).next_step
        assert step is not None
        assert step.title.startswith("Take a moment to reflect")
        asked = as_(gus).get(step.url).content.decode()
        for words in words_of(cohort.programme).values():
            assert words in asked


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_its_pages_show_its_own_words(template: ProgrammeTemplate, dora: Person, people: list[Person], as_: As) -> None:
    with time_machine.travel(TODAY, tick=False) as clock:
        cohort = cohort_from(template, dora)
        clock.move_to(noon(cohort.sign_up_opens_on))
        for person in people[:2]:
            joining.enter(joining.by_link(cohort.join_token), person)
        (pairing,) = match(cohort, dora)
        sign(pairing)
        minutes, at = cohort.session_minutes, noon(cohort.starts_on)
        clock.move_to(at)
        session = book(pairing, next_free_times(pairing, minutes, people[0], at)[0], minutes, "", people[0])
        page = as_(people[0]).get(reverse("sessions_log:session", args=[session.pk]))
        assert sum(phase.minutes for phase in page.context["phases"]) == minutes // 2
        about = as_(people[0]).get(reverse("buddying:about_cohort", args=[cohort.pk])).content.decode()
        guide = page.context["guide"]
        for words in (guide.preparation, *(phase.aim for phase in guide.phases)):
            assert words in about
            assert words in page.content.decode()
        for meeting in template.meetings:
            assert meeting.what in about


def test_after_a_quarter_everybody_in_a_learning_group_gets_another_buddy(
    dora: Person, people: list[Person], as_: As
) -> None:
    with time_machine.travel(TODAY, tick=False) as clock:
        cohort = cohort_from(TEMPLATES["learning-group"], dora)
        clock.move_to(noon(cohort.sign_up_opens_on))
        for person in people:
            joining.enter(joining.by_link(cohort.join_token), person)
        clock.move_to(noon(cohort.pairs_published_on))
        first = {frozenset(pairing.people()) for pairing in match(cohort, dora)}
        day = cohort.new_pairs_on()
        assert day is not None
        assert day == cohort.starts_on + timedelta(weeks=13)
        clock.move_to(noon(day))
        page = as_(dora).get(reverse("insights:cohort", args=[cohort.pk])).content.decode()
        assert "New pairs are due:" in page
        for pairing in Pairing.objects.live().filter(cohort=cohort):
            ending.rematch(pairing, by=dora)
        second = {frozenset(pairing.people()) for pairing in match(cohort, dora)}
        assert (len(second), first & second) == (3, set())
