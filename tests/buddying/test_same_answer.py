"""Nobody learns from the door who has an account: status, body, cookies, queries and mails are the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buddying.models import Cohort, Person
from outbox.models import Message

LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
KNOWN, CLOSED, UNKNOWN = "ada@example.org", "ben@example.org", "xyz@example.org"
WARM = "warm@example.org"  # asked first, for what is fetched once in a process


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def people(ada: Person, ben: Person) -> None:
    Person.objects.filter(pk=ben.pk).update(deactivated_at=timezone.now())


def heard(client: Client, address: str, asks: Callable[[], Any]) -> tuple[Any, ...]:
    """What anybody outside can tell: status, way on, names of cookies, page; and what takes time."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = asks()
    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"&]+', r"\1", answer.content.decode())
    took_time = [each for each in queries if not each["sql"].startswith(("RELEASE", "ROLLBACK TO"))]
    return answer.status_code, answer.get("Location"), set(client.cookies), page.replace(address, "…"), len(took_time)


def at_the_door(address: str) -> list[tuple[Any, ...]]:
    client = Client()
    return [
        heard(client, address, ask)
        for ask in (
            lambda: client.post(LOGIN, {"email": address}),
            lambda: client.get(CONFIRM),
            lambda: client.post(CONFIRM, {"action": "resend"}),
            lambda: client.post(CONFIRM, {"code": "WRNG-CODE"}),
            lambda: client.post(CONFIRM, {"code": "WRNG-CODE"}),
            lambda: client.post(CONFIRM, {"code": "WRNG-CODE"}),
        )
    ]


def test_asking_for_a_code_and_mistyping_it(ada: Person) -> None:
    at_the_door(WARM)
    known, closed, unknown = at_the_door(KNOWN), at_the_door(CLOSED), at_the_door(UNKNOWN)
    assert known == unknown
    assert closed == unknown


def test_as_many_mails_leave(ada: Person) -> None:
    for address in (KNOWN, CLOSED, UNKNOWN):
        Client().post(LOGIN, {"email": address})
    assert sorted(Message.objects.values_list("address", flat=True)) == sorted([KNOWN, CLOSED, UNKNOWN])


def test_signing_up(nominating_cohort: Cohort) -> None:
    answers = []
    for address in (WARM, CLOSED, KNOWN, UNKNOWN, WARM):  # at last one that nobody has proved
        client = Client()
        client.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
        form = {"email": address, "name": "Somebody", "time_zone": ""}
        asked = heard(client, address, lambda client=client, form=form: client.post("/accounts/signup/", form))
        page = heard(client, address, lambda client=client: client.get(CONFIRM))
        answers.append((asked, page))
    assert answers[1] == answers[2] == answers[3] == answers[4]
    assert sorted(Person.objects.filter(name="Somebody").values_list("email", flat=True)) == [WARM, UNKNOWN]
