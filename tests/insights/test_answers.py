"""What people answered reaches leads by monthly snapshots only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights import answers
from matching.models import Pairing
from reflection import reflecting
from reflection.goal_setting import hoped_for, rate
from reflection.models import ReflectionPrompt
from sessions_log.models import CoachingSession, Usefulness

Pairs = Callable[..., list[Pairing]]
Say = Callable[..., None]
Months = Callable[..., Any]


def bars(cohort: Cohort, viewer: Person, number: int) -> dict[str, int]:
    return {bar.label: bar.value for bar in answers.of_cohort(cohort, viewer).answers()[number].bars}


def fit(cohort: Cohort, viewer: Person) -> dict[str, int]:
    return bars(cohort, viewer, 0)


def test_fit_shows_only_of_five_who_do_not_all_agree_and_only_when_the_month_is_over(
    cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, dora: Person
) -> None:
    one, two, three, four = pairs(4)
    say(one, "good", "deciding")
    say(two, "good", "good")
    months_pass(1)
    assert fit(cohort, dora) == {}
    say(three, "good", "not-good")
    assert fit(cohort, dora) == {}
    months_pass(2)
    assert fit(cohort, dora) == {"A good fit": 4, "Still deciding": 1, "Not a good fit": 1}
    say(four, "good", "good")
    months_pass(3)
    assert fit(cohort, dora) == {"A good fit": 4, "Still deciding": 1, "Not a good fit": 1}


def test_a_change_of_fewer_than_five_waits(
    cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, dora: Person
) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "deciding")
    months_pass(1)
    for pairing in pairs(2):
        say(pairing, "not-good", "good")
    months_pass(2)
    assert fit(cohort, dora) == {"A good fit": 3, "Still deciding": 3, "Not a good fit": 0}
    say(pairs(1)[0], "good", None)
    months_pass(3)
    assert fit(cohort, dora) == {"A good fit": 6, "Still deciding": 3, "Not a good fit": 2}


def test_a_lead_who_takes_part_is_not_counted_nor_their_buddy(
    cohort: Cohort,
    pairs: Pairs,
    say: Say,
    months_pass: Months,
    dora: Person,
    ada: Person,
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    """Their own answer taken away, four others' would stand bare."""
    say(make_pairing(take_part(dora, cohort), take_part(ada, cohort)), "good", "deciding")
    one, two = pairs(2)
    say(one, "good", "deciding")
    say(two, "good", "good")
    months_pass(1)
    assert fit(cohort, dora) == {}


def test_whoever_becomes_a_lead_sees_nothing_of_the_time_in_which_they_were_counted(
    cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, dora: Person, olga: Person
) -> None:
    three = pairs(3)
    for pairing in three:
        say(pairing, "good", "not-good")
    months_pass(1)
    newcomer = three[0].people()[0]
    lead = cohort.programme.leads.create(person=newcomer, added_by=dora)
    lead.added_at = timezone.now() + timedelta(days=40)
    lead.save()
    assert fit(cohort, newcomer) == {}
    assert fit(cohort, dora) == fit(cohort, olga) == {"A good fit": 3, "Still deciding": 0, "Not a good fit": 3}


def test_nobody_else_sees_figures(
    cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, ada: Person, eve: Person
) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "not-good")
    months_pass(1)
    for person in (ada, eve):
        assert fit(cohort, person) == {}


def test_figures_are_of_this_cohort(
    cohort: Cohort, nominating_cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, dora: Person
) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "deciding")
    months_pass(1)
    assert fit(nominating_cohort, dora) == {}


def test_the_page_shows_them(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Pairs, say: Say, months_pass: Months, dora: Person
) -> None:
    three = pairs(3)
    url = f"/cohorts/{cohort.pk}/"
    assert "Nothing to show yet" in as_(dora).get(url).content.decode()
    for pairing in three:
        say(pairing, "good", "not-good")
    months_pass(1)
    assert "Not a good fit" in as_(dora).get(url).content.decode()


def test_scales_of_a_reflection_count_once_finished(
    cohort: Cohort, pairs: Pairs, months_pass: Months, dora: Person
) -> None:
    seats = [(pairing, person) for pairing in pairs(3) for person in pairing.people()]
    for number, (pairing, person) in enumerate(seats):
        prompt = ReflectionPrompt.objects.create(pairing=pairing, person=person)
        reflecting.keep(prompt, {}, {"balance": 3 + number % 2, "rhythm": 2})
        if number < 5:
            reflecting.answer(prompt, {"works": "marked words"}, {"balance": 3 + number % 2, "rhythm": 2})
    months_pass(1)
    balance, rhythm = answers.of_cohort(cohort, dora).answers()[2:4]
    assert [bar.value for bar in balance.bars] == [0, 0, 3, 2, 0]
    assert rhythm.bars == []  # all five say the same


def test_the_programmes_outcomes_before_and_afterwards(
    cohort: Cohort, pairs: Pairs, months_pass: Months, dora: Person
) -> None:
    cohort.programme.outcomes = "Each listens.\nEach asks."
    cohort.programme.save()
    listens, asks = hoped_for(cohort.programme)
    people = Participant.objects.filter(seats__pairing__in=pairs(3)).select_related("cohort__programme")
    for number, participant in enumerate(people):
        rate(participant, {listens.digest: 1 + number % 2} | ({asks.digest: 4} if number < 4 else {}))
    months_pass(1)
    (shown,) = answers.of_cohort(cohort, dora).outcomes([cohort.programme])
    assert (shown.words, shown.before, shown.after, shown.people_before) == ("Each listens.", 1.5, None, 6)


def rate_sessions(pairing: Pairing, *values: int) -> None:
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=2))
    for person, value in zip(pairing.people(), values, strict=True):
        Usefulness.objects.create(session=session, person=person, value=value)


def test_how_useful_sessions_were_counts_people_not_sessions(
    cohort: Cohort, pairs: Pairs, months_pass: Months, dora: Person
) -> None:
    one, two, three = pairs(3)
    for _ in range(4):
        rate_sessions(one, 1, 5)
    rate_sessions(two, 3, 4)
    months_pass(1)
    assert bars(cohort, dora, 1) == {}
    rate_sessions(three, 4, 4)
    months_pass(2)
    assert bars(cohort, dora, 1) == {"1, not at all": 1, "2": 0, "3": 1, "4": 3, "5, very": 1}
