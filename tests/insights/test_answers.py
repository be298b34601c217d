from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights.answers import answers
from matching.models import Pairing, PairingMember
from reflection import reflecting
from reflection.goal_setting import hoped_for, rate
from reflection.models import FitCheck, ReflectionPrompt
from sessions_log.models import CoachingSession, Usefulness

Pairs = Callable[[int], list[Pairing]]


@pytest.fixture
def pairs(
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> Pairs:
    def pairs(number: int) -> list[Pairing]:
        return [
            make_pairing(*(take_part(make_person(f"P{one}{side}"), cohort) for side in "ab")) for one in range(number)
        ]

    return pairs


def say(pairing: Pairing, *said: str) -> None:
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=2))
    for person, answer in zip(pairing.people(), said, strict=True):
        FitCheck.objects.create(
            pairing=pairing, session=session, person=person, answer=answer, answered_at=timezone.now()
        )


def fit(cohort: Cohort, lead: Person) -> dict[str, int]:
    return {bar.label: bar.value for bar in answers(cohort, lead)[0].bars}


def test_fit_shows_only_of_five_who_do_not_all_agree(cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    one, two, three, four = pairs(4)
    say(one, "good", "deciding")
    say(two, "good", "good")
    assert fit(cohort, dora) == {}
    say(three, "good", "not-good")
    assert fit(cohort, dora) == {"A good fit": 4, "Still deciding": 1, "Not a good fit": 0}
    say(four, "good", "good")
    assert fit(cohort, dora) == {"A good fit": 4, "Still deciding": 1, "Not a good fit": 0}


def test_a_lead_who_takes_part_sees_figures_without_their_own_pair(
    cohort: Cohort,
    pairs: Pairs,
    dora: Person,
    ada: Person,
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    """Their own answer taken away, four others' would stand bare."""
    own = make_pairing(take_part(dora, cohort), take_part(ada, cohort))
    one, two = pairs(2)
    say(own, "good", "deciding")
    say(one, "good", "deciding")
    say(two, "good", "good")
    assert fit(cohort, dora) == {}


def test_a_lead_who_joins_a_pair_does_not_see_by_the_difference_what_it_said(
    cohort: Cohort, pairs: Pairs, dora: Person, take_part: Callable[..., Participant]
) -> None:
    six = pairs(6)
    for pairing, second in zip(six, ["good", "not-good", "deciding", "good", "good", "deciding"], strict=True):
        say(pairing, "good", second)
    assert fit(cohort, dora) == {"A good fit": 8, "Still deciding": 1, "Not a good fit": 1}
    PairingMember.objects.create(pairing=six[1], participant=take_part(dora, cohort))
    assert fit(cohort, dora) == {"A good fit": 4, "Still deciding": 1, "Not a good fit": 0}


def test_figures_are_of_this_cohort(cohort: Cohort, nominating_cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "deciding")
    assert fit(nominating_cohort, dora) == {}


def test_the_page_shows_them(as_: Callable[[Person], Client], cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    three = pairs(3)
    url = f"/cohorts/{cohort.pk}/"
    assert "Nothing to show yet" in as_(dora).get(url).content.decode()
    for pairing in three:
        say(pairing, "good", "not-good")
    page = as_(dora).get(url).content.decode()
    assert "Not a good fit" in page


def test_scales_of_a_reflection_count_once_finished(cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    seats = [(pairing, person) for pairing in pairs(3) for person in pairing.people()]
    for number, (pairing, person) in enumerate(seats):
        prompt = ReflectionPrompt.objects.create(pairing=pairing, person=person)
        reflecting.keep(prompt, {}, {"balance": 3 + number % 2, "rhythm": 2})
        if number < 5:
            reflecting.answer(prompt, {"works": "marked words"}, {"balance": 3 + number % 2, "rhythm": 2})
    balance, rhythm = answers(cohort, dora)[2:4]
    assert [bar.value for bar in balance.bars] == [0, 0, 3, 2, 0]
    assert rhythm.bars == []  # all five say the same


def test_the_programmes_outcomes_before_and_afterwards(cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    cohort.programme.outcomes = "Each listens.\nEach asks."
    cohort.programme.save()
    listens, asks = hoped_for(cohort.programme)
    people = Participant.objects.filter(seats__pairing__in=pairs(3)).select_related("cohort__programme")
    for number, participant in enumerate(people):
        rate(participant, {listens.digest: 1 + number % 2} | ({asks.digest: 4} if number < 4 else {}))
    shown = {one.question: [bar.value for bar in one.bars] for one in answers(cohort, dora)[4:]}
    assert shown == {"Each listens. (before)": [3, 2, 0, 0, 0]}


def useful(cohort: Cohort, lead: Person) -> dict[str, int]:
    return {bar.label: bar.value for bar in answers(cohort, lead)[1].bars}


def rate_sessions(pairing: Pairing, *values: int) -> None:
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=2))
    for person, value in zip(pairing.people(), values, strict=True):
        Usefulness.objects.create(session=session, person=person, value=value)


def test_how_useful_sessions_were_shows_only_of_five_people(cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    one, two, three = pairs(3)
    for _ in range(4):
        rate_sessions(one, 1, 5)
    rate_sessions(two, 3, 4)
    assert useful(cohort, dora) == {}
    rate_sessions(three, 4, 4)
    assert useful(cohort, dora) == {"1, not at all": 4, "2": 0, "3": 1, "4": 2, "5, very": 4}


def test_a_lead_sees_nothing_of_how_useful_their_own_sessions_were(
    cohort: Cohort,
    pairs: Pairs,
    dora: Person,
    ada: Person,
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    rate_sessions(make_pairing(take_part(dora, cohort), take_part(ada, cohort)), 1, 2)
    for pairing in pairs(2):
        rate_sessions(pairing, 3, 4)
    assert useful(cohort, dora) == {}
