"""The lead's list of people: who can be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from buddying.models import Cohort, Participant, Person
from outbox.models import AddressFailure

UNREACHABLE = "Address not reachable"


def test_the_lead_sees_whose_address_fails(
    cohort: Cohort, participants: dict[str, Participant], ada: Person, dora: Person, as_: Callable[..., Any]
) -> None:
    lead, url = as_(dora), f"/cohorts/{cohort.pk}/people/"
    assert UNREACHABLE not in lead.get(url).content.decode()
    Person.objects.filter(pk=ada.pk).update(email="Ada@Example.org")
    AddressFailure.objects.create(address="ada@example.org", reason="full", source="reported")
    page = lead.get(url).content.decode()
    assert page.count(UNREACHABLE) == 1
    row = page[page.index(">Ada</a>") : page.index(">Ben</a>")]
    assert UNREACHABLE in row


def test_asking_takes_one_query_however_many_people(
    cohort: Cohort, participants: dict[str, Participant], dora: Person, as_: Callable[..., Any],
    make_person: Callable[..., Person], take_part: Callable[..., Participant], django_assert_num_queries: Any,
) -> None:  # fmt: skip
    lead, url = as_(dora), f"/cohorts/{cohort.pk}/people/"
    lead.get(url)
    with django_assert_num_queries(10):
        lead.get(url)
    take_part(make_person("Fay"), cohort)
    lead.get(url)  # which notes a look at Fay
    with django_assert_num_queries(10):
        lead.get(url)
