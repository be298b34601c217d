from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from buddying.models.programmes import end_of
from insights.home import home_for
from matching.models import Pairing
from reflection import agreeing, goal_setting
from reflection.goal_setting import Aim
from reflection.models import GoalOutcome, Goals, OutcomeRating, ReflectionPrompt

As = Callable[[Person | None], Client]
LINES = "Each says no more easily.\n\n- Each listens.\nEach listens."


@pytest.fixture
def mine(participants: dict[str, Participant], pairing: Pairing) -> Participant:
    pairing.cohort.programme.outcomes = LINES
    pairing.cohort.programme.save()
    return Participant.objects.select_related("cohort__programme").get(pk=participants["Ada"].pk)


def two_weeks_before_the_end(cohort: Cohort) -> datetime:
    return end_of(cohort.ends_on, cohort.zone) - timedelta(days=14)


def outcomes() -> list[tuple[int, str, int | None, int | None, int | None]]:
    rows = GoalOutcome.objects.order_by("number")
    return [(one.number, one.text, one.at_start, one.at_middle, one.at_end) for one in rows]


def test_where_am_i_at_the_start_half_way_and_at_the_end(mine: Participant, pairing: Pairing) -> None:
    goal_setting.keep(mine, "Saying no", [Aim("I say no.", 3), Aim("", 4), Aim("I rest.", None)])
    ReflectionPrompt.objects.create(pairing=pairing, person=mine.person)
    goal_setting.keep(mine, "Saying no", [Aim("I say no.", 5), Aim("", None), Aim("I rest.", 2)])
    goal_setting.keep(mine, "", [Aim("I say no kindly.", 9)], at=two_weeks_before_the_end(pairing.cohort))
    assert outcomes() == [(1, "I say no kindly.", 3, 5, 9), (3, "I rest.", None, 2, None)]
    assert Goals.objects.get().focus == ""


def test_an_outcome_without_words_goes_with_its_numbers(mine: Participant) -> None:
    goal_setting.keep(mine, "", [Aim("I say no.", 3)])
    goal_setting.keep(mine, "", [Aim("", 3)])
    assert outcomes() == []


def test_goals_are_sealed_with_their_authors_key(mine: Participant) -> None:
    goal_setting.keep(mine, "marked focus", [Aim("marked outcome", 3)])
    with connection.cursor() as cursor:
        for column in ("focus FROM reflection_goals", "text FROM reflection_goaloutcome"):
            cursor.execute(f"SELECT {column}")
            assert b"marked" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT owner_kind, owner_id FROM trust_datakey")
        assert cursor.fetchall() == [("person", mine.person_id)]


def test_the_database_refuses_numbers_out_of_range(mine: Participant) -> None:
    goal_setting.keep(mine, "", [Aim("I say no.", 3)])
    for wrong in ({"at_start": 11}, {"number": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GoalOutcome.objects.update(**wrong)


def steps(person: Person) -> list[str]:
    return [step.title for step in home_for(person, timezone.now()).steps if "to be different" in step.title]


def test_asked_lightly_after_signing_and_passed_by_for_good(
    as_: As, mine: Participant, pairing: Pairing, ada: Person
) -> None:
    assert steps(ada) == []
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    agreeing.sign(pairing, agreement, by=ada, read_at=agreement.written_at)
    assert len(steps(ada)) == 1
    as_(ada).post(f"/cohorts/{pairing.cohort_id}/goals/skipping/")
    assert steps(ada) == []
    goal_setting.keep(mine, "After all", [])
    goal_setting.skip(mine)
    assert Goals.objects.get().skipped_at is None


def test_the_programmes_outcomes_are_its_lines_each_once(mine: Participant) -> None:
    lines = goal_setting.hoped_for(mine.cohort.programme)
    assert [one.words for one in lines] == ["Each says no more easily.", "Each listens."]


def test_a_rating_is_given_once_before_and_once_after(mine: Participant) -> None:
    no, listens = goal_setting.hoped_for(mine.cohort.programme)
    goal_setting.rate(mine, {no.digest: 2, "made up": 5})
    goal_setting.rate(mine, {no.digest: 5, listens.digest: 3})
    goal_setting.rate(mine, {no.digest: 4}, at=two_weeks_before_the_end(mine.cohort))
    given = OutcomeRating.objects.order_by("moment", "value").values_list("moment", "outcome", "value")
    assert list(given) == [("after", no.digest, 4), ("before", no.digest, 2), ("before", listens.digest, 3)]


def test_half_way_is_neither_before_nor_after(mine: Participant, pairing: Pairing) -> None:
    no, _ = goal_setting.hoped_for(mine.cohort.programme)
    ReflectionPrompt.objects.create(pairing=pairing, person=mine.person)
    goal_setting.rate(mine, {no.digest: 2})
    assert not OutcomeRating.objects.exists()


def test_through_the_pages(as_: As, mine: Participant, pairing: Pairing, ada: Person, ben: Person) -> None:
    url, browser = f"/cohorts/{mine.cohort_id}/goals/", as_(ada)
    no = goal_setting.hoped_for(mine.cohort.programme)[0]
    typed = {"focus": "marked focus", "outcome-1": "marked outcome", "now-1": "4", f"rating-{no.digest}": "2"}
    for wrong in ({"now-1": "11"}, {"outcome-1": "x" * 301}, {f"rating-{no.digest}": "6"}):
        refused = browser.post(url, typed | wrong)
        assert refused.status_code == 422
        assert "marked focus" in refused.content.decode()
    assert browser.post(url, typed)["Location"] == "/"
    assert outcomes() == [(1, "marked outcome", 4, None, None)]
    page = browser.get(url).content.decode()
    assert f"rating-{no.digest}" not in page
    assert "marked outcome" in browser.get(f"/pairings/{pairing.pk}/").content.decode()
    for other in (url, f"/pairings/{pairing.pk}/"):
        assert "marked" not in as_(ben).get(other).content.decode()


def test_at_the_end_it_is_asked_where_i_am_now(as_: As, mine: Participant, ada: Person) -> None:
    with time_machine.travel(two_weeks_before_the_end(mine.cohort), tick=False):
        page = as_(ada).get(f"/cohorts/{mine.cohort_id}/goals/").content.decode()
    assert "At the end: where are you now?" in page


@pytest.mark.parametrize("name", ["Ben", "Cleo", "Dora", "Eve", "Max", "Olga"])
def test_goals_are_their_authors_alone(
    mine: Participant, dora: Person, eve: Person, max_: Person, olga: Person, name: str
) -> None:
    goal_setting.keep(mine, "marked focus", [Aim("marked outcome", 4)])
    goal_setting.rate(mine, {goal_setting.hoped_for(mine.cohort.programme)[0].digest: 2})
    viewer = Person.objects.get(name=name)
    for model in (Goals, GoalOutcome, OutcomeRating):
        assert not model.objects.visible_to(viewer).exists()


@pytest.mark.parametrize("name", ["Dora", "Eve", "Max", "Olga"])
def test_goals_are_for_participants(
    as_: As, mine: Participant, dora: Person, eve: Person, max_: Person, olga: Person, name: str
) -> None:
    client, url = as_(Person.objects.get(name=name)), f"/cohorts/{mine.cohort_id}/goals/"
    assert [client.get(url).status_code, client.post(f"{url}skipping/").status_code] == [404, 404]
