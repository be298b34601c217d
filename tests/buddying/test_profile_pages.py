from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buddying.models import Cohort, Participant, Person, WeeklyWindow
from tests.folds import folds

pytestmark = pytest.mark.django_db
As = Callable[[Person | None], Client]
NO_EXACT = {"exact-TOTAL_FORMS": "0", "exact-INITIAL_FORMS": "0"}
HOURS = {"hours_per_month": "3", "time_zone": "Europe/Berlin"} | NO_EXACT
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mine(nominating_cohort: Cohort, ada: Person, take_part: Callable[..., Participant]) -> Participant:
    return take_part(ada, nominating_cohort, profile_completed_at=None, hours_per_month=None)


def url(page: str, cohort: Cohort) -> str:
    return reverse(f"buddying:{page}", args=[cohort.pk])


def windows(person: Person) -> list[tuple[Any, ...]]:
    return list(WeeklyWindow.objects.filter(person=person).values_list("weekday", "starts_at", "minutes"))


def test_page_one_saves_and_leads_to_page_two(mine: Participant, as_: As) -> None:
    words = {"working_on": "Saying no.", "great_support": "Ask me.", "looking_for": ""}
    answer = as_(mine.person).post(url("profile", mine.cohort), words)
    assert (answer.status_code, answer["Location"]) == (302, url("profile_hours", mine.cohort))
    mine.refresh_from_db()
    assert (mine.working_on, mine.great_support, mine.looking_for) == ("Saying no.", "Ask me.", "")
    assert mine.profile_completed_at is None


def test_page_one_keeps_what_was_typed(mine: Participant, as_: As) -> None:
    answer = as_(mine.person).post(url("profile", mine.cohort), {"working_on": "Saying no."})
    assert answer.status_code == 422
    assert "Saying no." in answer.content.decode()
    mine.refresh_from_db()
    assert mine.working_on == ""


def test_name_and_team_are_asked_only_while_empty(mine: Participant, as_: As) -> None:
    client = as_(mine.person)
    assert set(client.get(url("profile", mine.cohort)).context["form"].fields) == {
        "working_on",
        "great_support",
        "looking_for",
    }
    Person.objects.filter(pk=mine.person_id).update(team="")
    assert "team" in client.get(url("profile", mine.cohort)).context["form"].fields
    words = {"working_on": "a", "great_support": "b", "team": "Care", "name": "Mallory"}
    client.post(url("profile", mine.cohort), words)
    mine.person.refresh_from_db()
    assert (mine.person.team, mine.person.name) == ("Care", "Ada")


def test_who_can_see_it_is_said_from_the_rule(mine: Participant, as_: As) -> None:
    page = as_(mine.person).get(url("profile", mine.cohort)).content.decode()
    assert page.count(Participant.audience.words[1:]) == 4  # once for the page, and beside each field
    page = as_(mine.person).get(url("profile_hours", mine.cohort)).content.decode()
    assert WeeklyWindow.audience.words[1:] in page


def test_page_two_completes_the_profile_and_leads_to_the_wishes(mine: Participant, as_: As) -> None:
    data = HOURS | {"parts": ["0-morning", "0-midday", "4-evening"]}
    answer = as_(mine.person).post(url("profile_hours", mine.cohort), data)
    assert answer["Location"] == url("nominations", mine.cohort)
    mine.refresh_from_db()
    mine.person.refresh_from_db()
    assert mine.profile_completed_at is not None
    assert (mine.hours_per_month, mine.person.time_zone) == (3, "Europe/Berlin")
    assert windows(mine.person) == [(0, time(9), 300), (4, time(18), 120)]


def test_exact_hours_join_what_they_touch(mine: Participant, as_: As) -> None:
    exact = {
        "exact-TOTAL_FORMS": "2",
        "exact-INITIAL_FORMS": "0",
        "exact-0-weekday": "0",
        "exact-0-starts_at": "08:30",
        "exact-0-minutes": "45",
        "exact-1-weekday": "",
        "exact-1-starts_at": "",
        "exact-1-minutes": "",
    }
    as_(mine.person).post(url("profile_hours", mine.cohort), HOURS | exact | {"parts": ["0-morning"]})
    assert windows(mine.person) == [(0, time(8, 30), 210)]
    form = as_(mine.person).get(url("profile_hours", mine.cohort)).context["form"]
    assert form.ticked == {"0-morning"}
    assert form.exact[0].initial == {"weekday": 0, "starts_at": time(8, 30), "minutes": 30}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"parts": ["9-morning"]},
        {"parts": ["0-morning"], "hours_per_month": "21"},
        {"parts": ["0-morning"], "hours_per_month": ""},
        {"parts": ["0-morning"], "time_zone": "Mars/Base"},
        {"parts": ["0-morning"], "exact-TOTAL_FORMS": "1", "exact-0-weekday": "1"},
        {"parts": ["0-morning"], "exact-TOTAL_FORMS": "1", "exact-0-starts_at": "09:00", "exact-0-minutes": "30"},
        {
            "parts": ["0-morning"],
            "exact-TOTAL_FORMS": "1",
            "exact-0-weekday": "1",
            "exact-0-starts_at": "09:07",
            "exact-0-minutes": "30",
        },
        {
            "parts": ["0-morning"],
            "exact-TOTAL_FORMS": "1",
            "exact-0-weekday": "1",
            "exact-0-starts_at": "25:00",
            "exact-0-minutes": "7",
        },
        {"parts": ["0-morning"], "exact-TOTAL_FORMS": "x"},
    ],
)
def test_page_two_refused_changes_nothing(mine: Participant, as_: As, wrong: dict[str, Any]) -> None:
    answer = as_(mine.person).post(url("profile_hours", mine.cohort), HOURS | wrong)
    assert answer.status_code == 422
    mine.refresh_from_db()
    assert (windows(mine.person), mine.profile_completed_at, mine.hours_per_month) == ([], None, None)


def test_a_preset_ticks_boxes_and_saves_nothing(mine: Participant, as_: As) -> None:
    client, here = as_(mine.person), url("profile_hours", mine.cohort)
    data = HOURS | {"parts": ["6-evening"], "hours_per_month": "", "preset": "mornings"}
    answer = client.post(here, data)
    assert answer.status_code == 200
    assert answer.context["form"].ticked == {"6-evening", *(f"{day}-morning" for day in range(5))}
    assert "error-summary" not in answer.content.decode()
    part = client.post(here, data, headers=HTMX)
    assert part.content.decode().strip().startswith("<table")
    assert part.content.decode().count(" checked") == 6
    assert client.post(here, data | {"preset": "none"}).context["form"].ticked == set()
    assert windows(mine.person) == []


def test_afterwards_saving_leads_home(mine: Participant, as_: As) -> None:
    Participant.objects.filter(pk=mine.pk).update(profile_completed_at=mine.joined_at, nominated_at=mine.joined_at)
    answer = as_(mine.person).post(url("profile_hours", mine.cohort), HOURS | {"parts": ["0-morning"]})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("page", ["profile", "profile_hours"])
def test_only_who_takes_part(
    page: str,
    mine: Participant,
    as_: As,
    eve: Person,
    dora: Person,
    olga: Person,
    ben: Person,
    take_part: Callable[..., Participant],
) -> None:
    take_part(ben, mine.cohort, joined_at=None)
    here = url(page, mine.cohort)
    assert [as_(person).get(here).status_code for person in (mine.person, ben, eve, dora, olga)] == [
        200,
        404,
        404,
        404,
        404,
    ]
    assert as_(None).get(here).status_code == 302


def test_what_can_wait_is_folded_until_it_has_words(mine: Participant, as_: As) -> None:
    client, here = as_(mine.person), url("profile", mine.cohort)
    page = client.get(here).content.decode()
    assert folds(page) == {"More about you": False}
    assert [field.name for field in client.get(here).context["form"].first] == ["working_on", "great_support"]
    refused = client.post(here, {"looking_for": "Somebody far away."})
    assert folds(refused.content.decode()) == {"More about you": True}
    refused = client.post(here, {"working_on": "a", "great_support": "b", "looking_for": "x" * 601})
    assert (refused.status_code, folds(refused.content.decode())) == (422, {"More about you": True})
    client.post(here, {"working_on": "a", "great_support": "b", "looking_for": "c"})
    assert folds(client.get(here).content.decode()) == {"More about you": True}


def test_the_zone_is_named_and_unfolds_when_it_is_changed_or_wrong(mine: Participant, as_: As) -> None:
    client, here = as_(mine.person), url("profile_hours", mine.cohort)
    assert folds(client.get(here).content.decode())[f"Time zone: {mine.person.time_zone}"] is False
    filled = client.post(here, HOURS | {"time_zone": "America/New_York", "preset": "mornings"}).content.decode()
    assert folds(filled)["Time zone: America/New York"] is True
    wrong = client.post(here, HOURS | {"time_zone": "Mars/Base", "parts": ["0-morning"]}).content.decode()
    assert folds(wrong)["Time zone:"] is True


def test_the_cohort_is_named_only_to_whom_is_in_several(
    mine: Participant, as_: As, cohort: Cohort, take_part: Callable[..., Participant]
) -> None:
    client = as_(mine.person)
    pages = [url(page, mine.cohort) for page in ("profile", "profile_hours", "nominations")]
    eyebrow = f'<p class="eyebrow">{mine.cohort}</p>'
    assert [eyebrow in client.get(page).content.decode() for page in pages] == [False, False, False]
    take_part(mine.person, cohort)
    assert [eyebrow in client.get(page).content.decode() for page in pages] == [True, True, True]
