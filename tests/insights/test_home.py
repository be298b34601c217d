from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from buddying.models import Cohort, Organisation, Participant, Person
from insights import leading
from insights.home import home_for
from matching.models import Pairing
from reflection import agreeing, reflecting
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession
from sessions_log.proposals import propose, withdraw


def title(person: Person) -> str | None:
    step = home_for(person, timezone.now()).next_step
    return step.title if step else None


def sign(pairing: Pairing, *people: Person) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in people:
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)


def test_somebody_in_no_cohort_has_nothing_to_do(eve: Person) -> None:
    assert title(eve) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"joined_at": None}, "You are invited to Buddies: Summer"),
        ({"profile_completed_at": None}, "Tell your fellows what you work on"),
        ({}, "Name two or three people you would like as a buddy"),
        ({"nominated_at": timezone.now()}, "You are all set"),
    ],
)
def test_before_the_pairs_are_published(
    nominating_cohort: Cohort,
    cleo: Person,
    take_part: Callable[..., Participant],
    fields: dict[str, Any],
    expected: str,
) -> None:
    take_part(cleo, nominating_cohort, **fields)
    assert title(cleo) == expected


def test_when_a_session_is_near_its_page_comes_first(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing, ada, ben)
    now = timezone.now()
    session = CoachingSession.objects.create(pairing=pairing, starts_at=now + timedelta(minutes=40))

    def first(minutes: int) -> tuple[str, str]:
        step = home_for(ada, now + timedelta(minutes=minutes)).next_step
        assert step is not None
        return step.title[:10], step.url

    assert first(0)[1] == f"/sessions/{session.pk}/"
    assert first(15) == ("You meet B", f"/sessions/{session.pk}/meet/")
    assert first(99)[1] == f"/sessions/{session.pk}/meet/"
    assert first(100)[1] == f"/sessions/{session.pk}/log/"


def test_a_pair_first_agrees_then_books_then_meets_then_logs(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing)
    assert title(ada) == "Agree with Ben how you want to do this"
    sign(pairing, ada)
    assert title(ada) == "You have signed the agreement"
    sign(pairing, ben)
    assert title(ada) == "Find a time with Ben"
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() + timedelta(days=1))
    assert str(title(ada)).startswith("You meet Ben on ")
    session.starts_at = timezone.now() - timedelta(hours=2)
    session.save()
    assert title(ada) == "How was your session with Ben?"


def test_times_that_a_buddy_proposes_come_before_booking(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing, ada, ben)
    soon = timezone.now() + timedelta(days=3)
    proposal = propose(pairing, [soon + timedelta(days=day) for day in range(3)], 60, "", by=ben)
    assert title(ada) == "Ben proposes 3 times for a session"
    assert title(ben) == "You have proposed times to Ada"
    withdraw(proposal, by=ben)
    assert title(ada) == title(ben).replace("Ada", "Ben") == "Find a time with Ben"  # type: ignore[union-attr]
    propose(pairing, [soon], 60, "", by=ben)
    assert title(ada) == "Ben proposes a time for a session"


def test_the_reflection_comes_before_the_next_booking(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing, ada, ben)
    reflecting.prompt_members(pairing, timezone.now())
    home = home_for(ada, timezone.now())
    assert [step.title for step in home.steps] == [
        "Take a moment to reflect on your sessions with Ben",
        "Find a time with Ben",
        "Before your first session, read how it goes",
        f"What would you like to be different by {date_format(pairing.cohort.ends_on, 'j F')}?",
    ]


def test_a_session_to_come_stands_on_the_page_once(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing, ada, ben)
    reflecting.prompt_members(pairing, timezone.now())
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() + timedelta(days=1))
    home = home_for(ada, timezone.now())
    assert home.upcoming == [session]
    assert [step.title for step in home.later_steps + home.resting_steps] == [
        "Before your first session, read how it goes",
        f"What would you like to be different by {date_format(pairing.cohort.ends_on, 'j F')}?",
    ]


def test_an_administrator_says_who_they_are_then_looks_at_the_whole(olga: Person) -> None:
    assert title(olga) == "Say which organisation this is"
    Organisation.objects.create(pk=1)
    assert title(olga) == "See how all cohorts are getting on"


def test_a_lead_is_told_what_their_cohort_needs(cohort: Cohort, dora: Person) -> None:
    assert title(dora) == "Bring people into Spring"


def test_home_shows_nothing_of_other_pairs(as_: Callable[[Person], Client], pairing: Pairing, cleo: Person) -> None:
    CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() + timedelta(days=1), place="marked place")
    assert "marked place" not in as_(cleo).get("/").content.decode()
    assert home_for(cleo, timezone.now()).upcoming == []


def test_a_lead_of_many_cohorts_is_told_in_as_many_queries(
    make_cohort: Callable[..., Cohort], dora: Person, django_assert_num_queries: Any
) -> None:
    for number in (1, 3):
        led = [make_cohort(f"C{number}{one}") for one in range(number)]
        with django_assert_num_queries(4):
            assert len(leading.steps_of(led, timezone.now())) == number


def test_one_of_the_proposed_times_is_booked_from_home(
    as_: Callable[[Person], Client], pairing: Pairing, ada: Person, ben: Person
) -> None:
    sign(pairing, ada, ben)
    soon = timezone.now() + timedelta(days=3)
    propose(pairing, [soon, soon + timedelta(days=1)], 60, "Park", by=ben)
    step = home_for(ada, timezone.now()).next_step
    assert step is not None
    assert list(step.times) == [soon, soon + timedelta(days=1)]
    page = as_(ada).get("/").content.decode()
    assert page.count('name="starts_at"') == 2
    assert as_(ada).post(step.times_url, {"starts_at": step.times[1].isoformat()}).status_code == 302
    assert [session.starts_at for session in pairing.sessions.all()] == [soon + timedelta(days=1)]


def test_the_fit_check_rests_once_they_are_asked_to_reflect(pairing: Pairing, ada: Person, ben: Person) -> None:
    sign(pairing, ada, ben)
    first = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=9))
    log(first, ada, Log("held", coachees=pairing.people()))
    titles = [step.title for step in home_for(ada, timezone.now()).steps]
    assert "How does it feel so far, with Ben?" in titles
    reflecting.prompt_members(pairing, timezone.now())
    titles = [step.title for step in home_for(ada, timezone.now()).steps]
    assert "How does it feel so far, with Ben?" not in titles
    assert titles[0] == "Take a moment to reflect on your sessions with Ben"


def test_two_more_steps_stand_open_and_the_rest_is_folded_up(
    as_: Callable[[Person], Client], make_cohort: Callable[..., Cohort], dora: Person
) -> None:
    for number in range(4):
        make_cohort(f"Cohort {number}")
    home = home_for(dora, timezone.now())
    assert (len(home.later_steps), len(home.resting_steps)) == (2, 1)
    assert "1 more, when you have time" in as_(dora).get("/").content.decode()
