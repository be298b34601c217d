"""The pages after publishing: a lead's, and a participant's own."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Refusal
from matching import pausing
from matching.models import MatchRun, Pairing, Pause
from tests.matching.looking import groups, nobody_is_lost, pairing_of, told, waits
from trust.models import AccessRecord

pytestmark = pytest.mark.usefixtures("quiet_broker")


def text(response: Any) -> str:
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)
    assert main
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main.group()).split()))


def test_before_publishing_the_page_says_so(as_: Any, cohort: Any, dora: Any, four: Any) -> None:
    assert "No pairs yet" in text(as_(dora).get(f"/cohorts/{cohort.pk}/pairings/"))


def test_the_lead_sees_who_waits_since_when_and_why(as_: Any, late: Any, cohort: Any, dora: Any, ada: Any) -> None:
    late("Gus")
    page = text(as_(dora).get(f"/cohorts/{cohort.pk}/pairings/"))
    assert "Joined after the pairs were published. Waiting since" in page
    assert "Find a buddy for Gus" in page
    assert AccessRecord.objects.filter(viewer=dora, subject=ada).exists()


def test_everybody_is_paired(as_: Any, published: MatchRun, dora: Any) -> None:
    page = text(as_(dora).get(f"/cohorts/{published.cohort_id}/pairings/"))
    assert "Nobody waits: everybody who takes part has a buddy." in page
    assert "End or re-pair Ada and Ben" in page


def test_the_lead_does_not_learn_who_asked(as_: Any, published: MatchRun, dora: Any, ada: Any, four: Any) -> None:
    pairing = pairing_of(four["Ada"])
    as_(ada).post(f"/pairings/{pairing.pk}/another-buddy/")
    page = text(as_(dora).get(f"/cohorts/{published.cohort_id}/pairings/"))
    assert page.count("Their pairing ended before time.") == 2
    waiting = page[page.index("Waiting for a buddy") : page.index("Paired")]
    assert waiting.index("Ada") < waiting.index("Ben")
    assert "Ada and Ben" in page[page.index("Ended") :]


def test_a_lead_who_takes_part_sees_nothing_of_their_own_pairing(
    as_: Any, published: MatchRun, dora: Any, take_part: Any, make_pairing: Any, late: Any
) -> None:
    make_pairing(take_part(dora, published.cohort), late("Gus"))
    page = text(as_(dora).get(f"/cohorts/{published.cohort_id}/pairings/"))
    assert "Pairings of your own are left out" in page
    assert "Gus" not in page[page.index("Paired") :]


def test_a_late_joiner_is_placed_from_page_to_page(as_: Any, late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, lead = late("Gus", working_on="Saying no"), as_(dora)
    place = f"/cohorts/{cohort.pk}/waiting/{gus.pk}/"
    pairing = pairing_of(four["Ada"])
    assert f'href="{place}pairing/{pairing.pk}/"' in lead.get(place).content.decode()
    assert "Saying no" in text(lead.get(f"{place}pairing/{pairing.pk}/"))
    answer = lead.post(f"{place}pairing/{pairing.pk}/", follow=True)
    assert "Ada, Ben and Gus are three now" in text(answer)
    assert groups(cohort) == [["Ada", "Ben", "Gus"], ["Cleo", "Fay"]]


def test_the_search_finds_by_name(as_: Any, late: Any, cohort: Any, dora: Any) -> None:
    gus = late("Gus")
    late("Hal"), late("Ida")
    page = text(as_(dora).get(f"/cohorts/{cohort.pk}/waiting/{gus.pk}/?search=hal"))
    assert ("Hal" in page, "Ida" in page, "Ada" in page) == (True, False, False)


def test_not_possible_says_no_more(as_: Any, late: Any, cohort: Any, dora: Any) -> None:
    gus, hal = late("Gus"), late("Hal")
    Refusal.objects.create(refuser=hal, refused=gus)
    answer = as_(dora).post(f"/cohorts/{cohort.pk}/waiting/{gus.pk}/with/{hal.pk}/", follow=True)
    assert "This pairing is not possible. Please choose somebody else." in text(answer)
    assert waits(cohort) == {"Gus": "late", "Hal": "late"}


def test_those_who_wait_are_matched_by_a_run(as_: Any, late: Any, cohort: Any, dora: Any) -> None:
    late("Gus"), late("Hal")
    page = as_(dora).get(f"/cohorts/{cohort.pk}/pairings/")
    assert "Match those who wait" in text(page)
    answer = as_(dora).post(f"/cohorts/{cohort.pk}/pairings/round/")
    run = MatchRun.objects.latest("pk")
    assert (answer["Location"], run.round) == (f"/runs/{run.pk}/", 2)


def test_a_pairing_ends_and_another_begins_on_one_page(as_: Any, late: Any, cohort: Any, dora: Any, four: Any) -> None:
    gus, pairing = late("Gus"), pairing_of(four["Ada"])
    url, field = f"/cohorts/{cohort.pk}/pairings/{pairing.pk}/closure/", f"buddy_of_{four['Ada'].pk}"
    twice = {field: gus.pk, f"buddy_of_{four['Ben'].pk}": gus.pk}
    refused = as_(dora).post(url, twice)
    assert (refused.status_code, "Choose a different person for each" in text(refused)) == (422, True)
    as_(dora).post(url, {field: gus.pk})
    assert groups(cohort) == [["Ada", "Gus"], ["Cleo", "Fay"]]
    assert nobody_is_lost(cohort)


@pytest.mark.parametrize(("waiting", "queries"), [(1, None), (3, None)])
def test_the_number_of_queries_does_not_grow(
    as_: Any, late: Any, cohort: Any, dora: Any, waiting: int, queries: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(waiting):
        late(f"Gus{number}")
    lead = as_(dora)
    lead.get(f"/cohorts/{cohort.pk}/pairings/")
    with django_assert_max_num_queries(24):
        lead.get(f"/cohorts/{cohort.pk}/pairings/")


def test_somebody_leaves_after_a_question(as_: Any, published: MatchRun, ada: Any, cohort: Any) -> None:
    url = f"/cohorts/{cohort.pk}/leaving/"
    asked = text(as_(ada).get(url))
    assert "Your pairing with Ben ends" in asked
    answer = as_(ada).post(url, follow=True)
    assert "You have left Spring" in text(answer)
    assert as_(ada).get(url).status_code == 404
    assert nobody_is_lost(cohort)


def test_the_lead_is_asked_and_told_what_a_removal_means(as_: Any, published: MatchRun, dora: Any, four: Any) -> None:
    url = f"/cohorts/{published.cohort_id}/people/{four['Ada'].pk}/removal/"
    assert "Ben is told, without a reason, and waits for another buddy first." in text(as_(dora).get(url))
    as_(dora).post(url, {"confirmed": "yes"})
    assert waits(published.cohort) == {"Ben": "buddy-left"}


def test_another_buddy_after_a_question(
    as_: Any, published: MatchRun, ada: Any, ben: Any, cleo: Any, four: Any
) -> None:
    url = f"/pairings/{pairing_of(four['Ada']).pk}/another-buddy/"
    assert "Nobody is told who asked, the leads neither." in text(as_(ada).get(url))
    assert as_(cleo).post(url).status_code == 404
    assert Pairing.objects.live().count() == 2
    for _ in range(2):
        assert as_(ada).post(url).status_code == 302
    assert told("pairing_ended") == ["Ada", "Ben"]
    home = text(as_(ben).get("/"))
    assert "We are looking for a buddy for you" in home


def test_a_pause_from_the_page(as_: Any, published: MatchRun, ada: Any, ben: Any, dora: Any, four: Any) -> None:
    url, day = f"/cohorts/{published.cohort_id}/taking-part/", timezone.now().date() + timedelta(days=10)
    assert as_(ada).post(url, {"until": "2020-01-01"}).status_code == 422
    assert "Then it is over by itself." in text(as_(ada).post(url, {"until": day.isoformat()}, follow=True))
    assert "You pause until" in text(as_(ada).get("/"))
    assert f"Paused until {day:%-d %B}" in text(as_(dora).get(f"/cohorts/{published.cohort_id}/pairings/"))
    assert "Ada pauses" in text(as_(ben).get(f"/pairings/{pairing_of(four['Ada']).pk}/"))
    as_(ada).post(f"{url}resumption/")
    assert not Pause.objects.in_force().exists()


def test_a_pause_is_seen_by_oneself_the_buddy_and_the_leads(
    published: MatchRun, four: Any, cleo: Any, eve: Any, ada: Any, ben: Any, dora: Any
) -> None:
    pausing.pause(four["Ada"], published.cohort.ends_on)
    seen = {str(one): Pause.objects.visible_to(one).exists() for one in (ada, ben, cleo, dora, eve)}
    assert seen == {"Ada": True, "Ben": True, "Cleo": False, "Dora": True, "Eve": False}
