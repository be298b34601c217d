"""Getting in as somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from buddying.models import Cohort, Invitation, Person
from buddying.people import who_enters_with
from outbox import kinds
from outbox.models import Message

As = Callable[[Person | None], Client]


@pytest.mark.parametrize("alike", ["iris@kıte.example", "ırıs@kite.example"])
def test_an_address_that_only_looks_alike_is_another(db: None, alike: str) -> None:
    """PostgreSQL makes I of ı in capitals; a code must never go to a domain that merely compares alike."""
    iris = Person.objects.create_user(email="iris@kite.example", name="Iris")
    assert who_enters_with(alike) is None
    assert who_enters_with(" IRIS@Kite.Example ") == iris
    Client().post("/accounts/login/code/", {"email": alike})
    posted = Message.objects.get()
    assert "your code for" not in _written(posted)


def test_a_code_goes_to_the_address_on_record(db: None) -> None:
    """K (the Kelvin sign) is k in small letters: the code goes to the small letters."""
    Person.objects.create_user(email="kim@kite.example", name="Kim")
    Client().post("/accounts/login/code/", {"email": "kim@\u212aite.example"})
    assert Message.objects.get().address == "kim@kite.example"


def test_an_invitation_is_not_taken_by_a_look_alike(nominating_cohort: Cohort, as_: As) -> None:
    invitation = Invitation.objects.create(cohort=nominating_cohort, email="iris@kite.example")
    stranger = Person.objects.create_user(email="iris@kıte.example", name="Stranger")
    assert as_(stranger).post(f"/invitations/{invitation.token}/").status_code == 403
    as_(stranger).post(f"/join/{nominating_cohort.join_token}/")
    invitation.refresh_from_db()
    assert invitation.state() == "open"


def _written(message: Message) -> str:
    letter = kinds.kind_of(message.kind).compose(message)
    assert letter is not None
    return letter.text
