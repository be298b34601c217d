from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying.deactivating import LastAdministrator, deactivate, reactivate
from buddying.erasing_people import leads_alone
from buddying.models import BrowserSession, Cohort, Participant, Person, RoleGrant
from buddying.models.programmes import LastLead
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


# A programme whose only lead goes.


def test_who_leads_alone_is_closed_at_once_and_the_programme_named_before_and_after(
    as_: As, olga: Person, dora: Person, eve: Person, cohort: Cohort
) -> None:
    browser, told = as_(olga), f'<a href="{programme_page(cohort)}#leads">Buddies</a>'
    chosen = {"action": "close_accounts", "_selected_action": [dora.pk]}
    assert told in browser.post("/admin/buddying/person/", chosen).content.decode()
    cohort.programme.add_lead(eve, added_by=olga)
    assert told not in browser.post("/admin/buddying/person/", chosen).content.decode()
    both = {"action": "close_accounts", "_selected_action": [dora.pk, eve.pk]}
    assert told in browser.post("/admin/buddying/person/", both).content.decode()
    after = browser.post("/admin/buddying/person/", both | {"confirmed": "yes"}, follow=True).content.decode()
    assert "Nobody who leads “Buddies” can log in now. Add another lead on its page." in after
    assert not Person.objects.active().filter(pk__in=[dora.pk, eve.pk]).exists()


def programme_page(cohort: Cohort) -> str:
    return reverse("buddying:programme", args=[cohort.programme_id])


def test_administrators_see_and_mend_a_programme_without_a_lead(
    as_: As, olga: Person, dora: Person, eve: Person, cohort: Cohort
) -> None:
    browser, listing = as_(olga), reverse("buddying:programmes")
    said = {"/": "Add a lead to Buddies", listing: "No lead at the moment", programme_page(cohort): "Account closed"}

    def shown() -> list[bool]:
        return [words in browser.get(page).content.decode() for page, words in said.items()]

    assert shown() == [False, False, False]
    deactivate(dora)
    assert shown() == [True, True, True]
    browser.post(reverse("buddying:add_lead", args=[cohort.programme_id]), {"email": eve.email})
    assert shown() == [False, False, True]


def test_a_closed_account_counts_as_no_lead(
    as_: As, dora: Person, eve: Person, olga: Person, ada: Person, cohort: Cohort, take_part: Callable[..., Participant]
) -> None:
    """Neither for the last one who is taken out or erases their account, nor for those who look for somebody."""
    take_part(ada, cohort)
    cohort.programme.add_lead(eve, added_by=olga)
    assert leads_alone(dora) is None
    deactivate(eve)
    with pytest.raises(LastLead):
        cohort.programme.remove_lead(dora)
    assert leads_alone(dora) == (
        "There is no other lead of “Buddies” yet. Please add one first, so that nobody there is left alone."
    )
    about = as_(ada).get(reverse("buddying:about_cohort", args=[cohort.pk])).content.decode()
    assert [person.email in about for person in (dora, eve)] == [True, False]


def test_a_programme_that_is_over_needs_no_lead(as_: As, olga: Person, dora: Person, cohort: Cohort) -> None:
    Cohort.objects.update(ends_on=timezone.now().date() - timedelta(days=2))
    deactivate(dora)
    assert "Add a lead to" not in as_(olga).get("/").content.decode()
