from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from buddying.deactivating import LastAdministrator, deactivate, reactivate
from buddying.models import BrowserSession, Person, RoleGrant
from outbox import posting
from outbox.models import DropReason, Message

As = Callable[[Person | None], Client]
LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def test_every_log_in_ends_with_the_next_click(as_: As, ada: Person, ben: Person) -> None:
    desk, phone, bens = as_(ada), as_(ada), as_(ben)
    assert [each.get("/me/").status_code for each in (desk, phone, bens)] == [200, 200, 200]
    deactivate(ada)
    assert [each.get("/me/").status_code for each in (desk, phone, bens)] == [302, 302, 200]
    assert not BrowserSession.objects.filter(person=ada).exists()


def test_a_session_that_survived_would_open_nothing(as_: As, ada: Person) -> None:
    """Whoever asks is looked up with every request: no session's word is taken for it."""
    desk = as_(ada)
    Person.objects.filter(pk=ada.pk).update(deactivated_at=timezone.now())
    assert BrowserSession.objects.filter(person=ada).exists()
    assert desk.get("/me/").status_code == 302


def test_what_was_to_be_sent_is_withdrawn_and_nobody_elses(ada: Person, ben: Person) -> None:
    for person in (ada, ben):
        posting.post("log_in_changed", key=f"x:{person.pk}", to=person, params={"change": "A passkey was added."})
        posting.post("account", key=f"y:{person.pk}", address=person.email, params={"sealed": ""})
    deactivate(ada)
    left = Message.objects.waiting()
    assert sorted((each.kind, each.send_to) for each in left) == [
        ("account", "ben@example.org"),
        ("log_in_changed", "ben@example.org"),
    ]
    assert {each.drop_reason for each in Message.objects.dropped()} == {DropReason.PERSON_DEACTIVATED}


def test_a_code_already_mailed_opens_nothing(client: Client, ada: Person, code_sent_to: Callable[[str], str]) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    code = code_sent_to("ada@example.org")
    deactivate(ada)
    client.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in client.session


def test_it_can_be_opened_again(as_: As, ada: Person) -> None:
    deactivate(ada)
    deactivate(ada)
    reactivate(ada)
    assert as_(ada).get("/me/").status_code == 200


def test_the_last_administrator_stays(olga: Person, eve: Person) -> None:
    with pytest.raises(LastAdministrator):
        deactivate(olga)
    assert Person.objects.active().filter(pk=olga.pk).exists()
    RoleGrant.objects.create(person=eve, role=RoleGrant.ADMINISTRATOR)
    deactivate(olga)
    with pytest.raises(LastAdministrator):
        deactivate(eve)


def test_administrators_close_and_open_accounts_and_not_their_own(
    as_: As, olga: Person, ada: Person, ben: Person, make_person: Callable[..., Person]
) -> None:
    RoleGrant.objects.create(person=make_person("Otto"), role=RoleGrant.ADMINISTRATOR)
    browser, adas = as_(olga), as_(ada)
    chosen = {"action": "close_accounts", "_selected_action": [ada.pk, olga.pk]}
    asked = browser.post("/admin/buddying/person/", chosen).content.decode()
    assert ("Ada (ada@example.org)" in asked, "Olga (" in asked) == (True, False)
    assert not Person.objects.exclude(deactivated_at=None).exists()
    browser.post("/admin/buddying/person/", chosen | {"confirmed": "yes"})
    assert list(Person.objects.exclude(deactivated_at=None)) == [ada]
    assert adas.get("/me/").status_code == 302
    browser.post("/admin/buddying/person/", {"action": "open_accounts", "_selected_action": [ada.pk]})
    assert not Person.objects.exclude(deactivated_at=None).exists()


def test_the_form_of_a_person_does_not_close_accounts_past_the_verb(as_: As, olga: Person, ada: Person) -> None:
    form = {"name": "Ada", "email": "ada@example.org", "time_zone": "UTC", "deactivated_at_0": "2026-01-01"}
    as_(olga).post(f"/admin/buddying/person/{ada.pk}/change/", form | {"deactivated_at_1": "10:00"})
    assert Person.objects.active().filter(pk=ada.pk).exists()
