"""Topics: the lead writes them, people tick them, a file may bring them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from buddying.importing.plan import Choices, Source
from buddying.importing.saving import import_files
from buddying.models import Cohort, Participant, Person, Programme
from buddying.topics import LONGEST, MOST, USUAL, tidy
from matching.models import Pairing

As = Callable[[Person | None], Client]
WORDS = {"working_on": "Saying no.", "great_support": "Ask me.", "looking_for": ""}
PROGRAMME = {"name": "Spring buddies", "purpose": "To learn.", "ways": "", "rules": "", "outcomes": ""}


@pytest.fixture
def topics(programme: Programme) -> list[str]:
    programme.topics = ["Giving feedback", "Delegating", "Presenting", "Saying no", "Writing", "Time"]
    programme.save()
    return programme.topics


@pytest.fixture
def mine(nominating_cohort: Cohort, ada: Person, take_part: Callable[..., Participant]) -> Participant:
    return take_part(ada, nominating_cohort)


def profile(cohort: Cohort) -> str:
    return reverse("buddying:profile", args=[cohort.pk])


def test_what_is_said_twice_or_not_at_all_is_left_out() -> None:
    assert tidy(["  Saying   no ", "", "saying NO", "Time"]) == ["Saying no", "Time"]
    assert tidy(USUAL) == list(USUAL)
    assert len(USUAL) <= MOST
    assert max(map(len, USUAL)) <= LONGEST


def test_a_new_programme_begins_with_the_usual_topics(as_: As, dora: Person) -> None:
    page = as_(dora).get(reverse("buddying:new_programme") + "?template=short-start").content.decode()
    assert "\n".join(map(str, USUAL)) in page
    as_(dora).post(reverse("buddying:new_programme"), PROGRAMME | {"topics": "Saying no\r\n\r\n Time \r\nsaying no"})
    assert Programme.objects.get().topics == ["Saying no", "Time"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("\n".join(f"topic {number}" for number in range(25)), "These are 25 topics. Up to 24"),
        ("x" * 61, "is longer than 60 characters."),
    ],
)
def test_too_many_or_too_long_keeps_what_was_typed(
    as_: As, dora: Person, programme: Programme, topics: list[str], typed: str, said: str
) -> None:
    answer = as_(dora).post(reverse("buddying:edit_programme", args=[programme.pk]), PROGRAMME | {"topics": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert typed.splitlines()[-1] in answer.content.decode()
    programme.refresh_from_db()
    assert programme.topics == topics


def test_they_are_ticked_on_the_first_page_of_the_profile(as_: As, mine: Participant, topics: list[str]) -> None:
    client = as_(mine.person)
    assert client.get(profile(mine.cohort)).content.decode().count('name="wants"') == 6
    ticked = {"wants": ["Presenting", "Delegating"], "offers": ["Time"]}
    assert client.post(profile(mine.cohort), WORDS | ticked).status_code == 302
    mine.refresh_from_db()
    assert (mine.wants, mine.offers) == (["Presenting", "Delegating"], ["Time"])
    client.post(profile(mine.cohort), WORDS)
    mine.refresh_from_db()
    assert (mine.wants, mine.offers) == ([], [])


@pytest.mark.parametrize(
    "wrong", [["Nonsense"], ["Giving feedback", "Delegating", "Presenting", "Saying no", "Writing", "Time"]]
)
def test_only_five_and_only_those_on_offer(as_: As, mine: Participant, topics: list[str], wrong: list[str]) -> None:
    answer = as_(mine.person).post(profile(mine.cohort), WORDS | {"wants": wrong, "offers": ["Time"]})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["wants"]
    mine.refresh_from_db()
    assert (mine.wants, mine.offers) == ([], [])


def test_what_was_ticked_stays_when_the_programme_drops_it(
    as_: As, mine: Participant, programme: Programme, topics: list[str]
) -> None:
    Participant.objects.filter(pk=mine.pk).update(wants=["Delegating"])
    Programme.objects.filter(pk=programme.pk).update(topics=["Time"])
    form = as_(mine.person).get(profile(mine.cohort)).context["form"]
    assert [value for value, _ in form.fields["wants"].choices] == ["Time", "Delegating"]
    assert [value for value, _ in form.fields["offers"].choices] == ["Time"]
    as_(mine.person).post(profile(mine.cohort), WORDS | {"wants": ["Delegating", "Time"]})
    mine.refresh_from_db()
    assert mine.wants == ["Delegating", "Time"]


def test_a_programme_without_topics_asks_for_none(as_: As, mine: Participant) -> None:
    assert set(as_(mine.person).get(profile(mine.cohort)).context["form"].fields) == set(WORDS)
    as_(mine.person).post(profile(mine.cohort), WORDS | {"wants": ["Time"]})
    mine.refresh_from_db()
    assert mine.wants == []


def test_the_database_keeps_to_five(mine: Participant) -> None:
    with pytest.raises(IntegrityError, match="up_to_5_topics_each"):
        Participant.objects.filter(pk=mine.pk).update(offers=list("abcdef"))


def test_who_sees_them(
    as_: As, mine: Participant, ben: Person, dora: Person, eve: Person, take_part: Any, make_pairing: Any
) -> None:
    """Like what somebody works on: fellows while buddies are named, the buddy, the leads."""
    Participant.objects.filter(pk=mine.pk).update(wants=["Juggling geese"], offers=["Taming newts"])
    fellow = take_part(ben, mine.cohort)
    nominations = reverse("buddying:nominations", args=[mine.cohort_id])
    people = reverse("buddying:participant", args=[mine.cohort_id, mine.pk])
    for person, address in ((ben, nominations), (dora, people)):
        page = as_(person).get(address).content.decode()
        assert ("Juggling geese" in page, "Taming newts" in page) == (True, True)
    assert [as_(person).get(people).status_code for person in (ben, eve)] == [404, 404]
    pairing: Pairing = make_pairing(mine, fellow)
    page = as_(ben).get(reverse("insights:pairing", args=[pairing.pk])).content.decode()
    assert ("Juggling geese" in page, "Taming newts" in page) == (True, True)


# -- the file --------------------------------------------------------------------------------------


def imported(cohort: Cohort, text: str) -> Any:
    return import_files(cohort, Source("people.csv", text), choices=Choices(agreed=True))


def test_a_file_brings_topics(nominating_cohort: Cohort, topics: list[str]) -> None:
    done = imported(
        nominating_cohort, "id,name,wants,offers\n1,Ada,saying no; TIME;time,\n2,Ben,,Presenting\n3,Cleo,,\n"
    )
    assert done.plan.problems == []
    rows = Participant.objects.order_by("reference").values_list("reference", "wants", "offers")
    assert list(rows) == [("1", ["Saying no", "Time"], []), ("2", [], ["Presenting"]), ("3", [], [])]


def test_the_same_again_changes_nothing_and_what_people_ticked_is_theirs(
    nominating_cohort: Cohort, topics: list[str]
) -> None:
    imported(nominating_cohort, "id,wants,offers\n1,Time,Writing\n")
    Participant.objects.update(wants=["Delegating"], offers=[])
    imported(nominating_cohort, "id,wants,offers\n1,Time,Writing\n")
    assert Participant.objects.values_list("wants", "offers").get() == (["Delegating"], ["Writing"])
    imported(nominating_cohort, "id\n1\n")
    assert Participant.objects.values_list("wants", "offers").get() == (["Delegating"], ["Writing"])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            "Time,Juggling; Time",
            "line 3, column “offers”: “Juggling” is no topic of the programme. Topics are: Giving feedback; "
            "Delegating; Presenting; Saying no; Writing; Time.",
        ),
        (
            "Giving feedback;Delegating;Presenting;Saying no;Writing;Time,",
            "line 3, column “wants”: These are 6 topics. Up to five count.",
        ),
    ],
)
def test_a_wrong_topic_is_named_with_line_and_column(
    nominating_cohort: Cohort, topics: list[str], cells: str, said: str
) -> None:
    done = imported(nominating_cohort, f"id,wants,offers\n1,Time,\n2,{cells}\n")
    assert [str(problem) for problem in done.plan.problems] == [f"people.csv, {said}"]
    assert not Participant.objects.exists()


def test_a_programme_without_topics_says_so(nominating_cohort: Cohort) -> None:
    done = imported(nominating_cohort, "id,wants\n1,Time\n")
    assert [problem.message for problem in done.plan.problems] == [
        "“Time” is no topic of the programme. It has none so far: write them on the programme’s page first."
    ]
