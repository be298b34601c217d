from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buddying.models import Cohort, Nomination, Participant, Person, Refusal

pytestmark = pytest.mark.django_db
As = Callable[[Person | None], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(
    nominating_cohort: Cohort, ada: Person, ben: Person, cleo: Person, take_part: Callable[..., Participant]
) -> dict[str, Participant]:
    return {
        person.name: take_part(person, nominating_cohort, working_on=f"{person.name} works on this.")
        for person in (ada, ben, cleo)
    }


@pytest.fixture
def here(nominating_cohort: Cohort) -> str:
    return reverse("buddying:nominations", args=[nominating_cohort.pk])


def act(client: Client, here: str, verb: str, fellow: Participant, **more: Any) -> Any:
    return client.post(here, {"verb": verb, "fellow": fellow.pk} | more)


def test_naming_without_javascript(people: dict[str, Participant], here: str, as_: As) -> None:
    client = as_(people["Ada"].person)
    answer = act(client, f"{here}?search=be&page=1", "name", people["Ben"])
    assert (answer.status_code, answer["Location"]) == (302, f"{here}?search=be&page=1")
    page = client.get(here).content.decode()
    assert "Ben is your first wish." in page
    assert Nomination.objects.get().nominee == people["Ben"]


def test_a_removal_can_be_undone_without_javascript(people: dict[str, Participant], here: str, as_: As) -> None:
    client = as_(people["Ada"].person)
    act(client, here, "name", people["Ben"])
    act(client, here, "withdraw", people["Ben"])
    page = client.get(here)
    note = page.context["note"]
    assert note.text == "Ben is off your list of wishes."
    assert (note.undo.verb, note.undo.fellow, note.undo.before.place) == ("name", people["Ben"], 1)
    assert client.get(here).context["note"] is None
    act(client, here, "name", people["Ben"], place=1)
    assert Nomination.objects.get().rank == 1


def test_with_htmx_the_part_comes_back(people: dict[str, Participant], here: str, as_: As) -> None:
    client = as_(people["Ada"].person)
    answer = client.post(here, {"verb": "refuse", "fellow": people["Ben"].pk}, headers=HTMX)
    page = answer.content.decode().strip()
    assert page.startswith('<div id="choosing"')
    assert 'data-announce="You will not be paired with Ben. Nobody is told."' in page
    answer = client.post(here, {"verb": "name", "fellow": people["Ben"].pk}, headers=HTMX)
    assert "Ben is your first wish. “Please not with Ben” is taken back." in answer.content.decode()
    answer = client.post(here, {"verb": "refuse", "fellow": people["Ben"].pk}, headers=HTMX)
    said = "You will not be paired with Ben. They are off your list of wishes. Nobody is told."
    assert said in answer.content.decode()


def test_search_with_htmx_answers_with_the_list(people: dict[str, Participant], here: str, as_: As) -> None:
    client = as_(people["Ada"].person)
    answer = client.get(f"{here}?search=sales", headers=HTMX | {"HX-Target": "results"})
    page = answer.content.decode()
    assert page.strip().startswith('<div id="results"')
    assert ("Ben" in page, "Cleo" in page) == (True, False)
    assert "Nobody in your cohort" in client.get(f"{here}?search=zzz").content.decode()


def test_no_address_ever(people: dict[str, Participant], here: str, as_: As) -> None:
    client = as_(people["Ada"].person)
    act(client, here, "name", people["Ben"])
    act(client, here, "refuse", people["Cleo"])
    page = client.get(here).content.decode().replace("ada@example.org", "", 1)  # her own, in her menu
    assert "@" not in page.split("<main")[1].split("</main>")[0]
    assert "ben@example.org" not in page


def test_wishes_of_others_are_on_nobody_elses_page(people: dict[str, Participant], here: str, as_: As) -> None:
    act(as_(people["Ada"].person), here, "name", people["Ben"])
    act(as_(people["Cleo"].person), here, "refuse", people["Ben"])
    choice = as_(people["Ben"].person).get(here).context["choice"]
    assert choice.is_empty


def test_ones_own_manager_is_shown_as_impossible(
    people: dict[str, Participant], here: str, as_: As, max_: Person, take_part: Callable[..., Participant]
) -> None:
    manager = take_part(max_, people["Ada"].cohort)
    client = as_(people["Ada"].person)
    assert "You report to Max, so you are not paired." in client.get(here).content.decode()
    answer = client.post(here, {"verb": "name", "fellow": manager.pk}, headers=HTMX)
    assert answer.status_code == 422
    assert not Nomination.objects.exists()


def test_nobody_from_elsewhere(
    people: dict[str, Participant], here: str, as_: As, eve: Person, cohort: Cohort, take_part: Callable[..., Any]
) -> None:
    client = as_(people["Ada"].person)
    elsewhere = take_part(eve, cohort)
    assert act(client, here, "name", elsewhere).status_code == 404
    assert act(client, here, "name", people["Ada"]).status_code == 404
    assert act(client, here, "publish", people["Ben"]).status_code == 404
    assert client.post(here, {"verb": "name", "fellow": "x"}).status_code == 404
    assert client.post(here, {"verb": "name", "fellow": people["Ben"].pk, "place": "9"}).status_code == 404


def test_done(people: dict[str, Participant], here: str, as_: As) -> None:
    answer = as_(people["Ada"].person).post(f"{here}completion/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Participant.objects.get(pk=people["Ada"].pk).nominated_at is not None


def test_afterwards_it_can_only_be_read(people: dict[str, Participant], here: str, as_: As) -> None:
    client, cohort = as_(people["Ada"].person), people["Ada"].cohort
    act(client, here, "name", people["Ben"])
    yesterday = timezone.now().date() - timezone.timedelta(days=2)
    Cohort.objects.filter(pk=cohort.pk).update(sign_up_opens_on=yesterday, nominations_close_on=yesterday)
    page = client.get(here).content.decode().split("<main")[1].split("</main>")[0]
    assert ("can no longer be changed" in page, "Ben" in page) == (True, True)
    assert ("<button" in page.replace("message-close", ""), "Cleo" in page) == ("data-dismiss" in page, False)
    act(client, here, "withdraw", people["Ben"])
    assert Nomination.objects.count() == 1
    assert client.post(f"{here}completion/")["Location"] == here
    assert Participant.objects.get(pk=people["Ada"].pk).nominated_at is None


def test_only_who_takes_part(
    people: dict[str, Participant], here: str, as_: As, eve: Person, dora: Person, olga: Person
) -> None:
    for person in (eve, dora, olga):
        assert as_(person).get(here).status_code == 404
        assert act(as_(person), here, "name", people["Ben"]).status_code == 404
        assert as_(person).post(f"{here}completion/").status_code == 404
    Participant.objects.filter(pk=people["Ada"].pk).update(left_at=timezone.now())
    assert as_(people["Ada"].person).get(here).status_code == 404
    assert not Nomination.objects.exists()
    assert not Refusal.objects.exists()


def test_queries_do_not_grow_with_the_list(
    nominating_cohort: Cohort,
    ada: Person,
    here: str,
    as_: As,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
) -> None:
    mine, client = take_part(ada, nominating_cohort), as_(ada)
    counts = []
    for rank in (1, 2, 3):
        wish, refused, _ = (take_part(make_person(f"{kind}{rank}"), nominating_cohort) for kind in "WRF")
        Nomination.objects.create(nominator=mine, nominee=wish, rank=rank)
        Refusal.objects.create(refuser=mine, refused=refused)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(here).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 12
