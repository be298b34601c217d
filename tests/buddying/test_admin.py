from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client, RequestFactory
from django.urls import reverse

from buddying.models import Cohort, Person, Programme, RoleGrant
from trust.models import AccessRecord

As = Callable[[Person | None], Client]


def test_only_configuration_and_people_are_registered() -> None:
    assert {model._meta.label for model in admin.site._registry} == {
        "buddying.Organisation",
        "buddying.Person",
        "buddying.RoleGrant",
        "buddying.Programme",
        "buddying.Cohort",
    }


def test_only_administrators_reach_it(as_: As, olga: Person, dora: Person, eve: Person) -> None:
    assert as_(olga).get("/admin/").status_code == 200
    for person in (dora, eve):
        assert as_(person).get("/admin/buddying/person/").status_code in (302, 404)
    assert as_(None).get("/admin/buddying/person/")["Location"].startswith("/admin/login/")
    assert as_(None).get("/admin/login/")["Location"].startswith("/accounts/login/code/")


def test_nothing_can_be_deleted_and_no_password_is_shown(as_: As, olga: Person, cohort: Cohort, dora: Person) -> None:
    browser = as_(olga)
    for model, pk in (("person", dora.pk), ("cohort", cohort.pk), ("programme", cohort.programme_id)):
        assert browser.get(f"/admin/buddying/{model}/").status_code == 200
        assert browser.get(f"/admin/buddying/{model}/{pk}/change/").status_code == 200
        assert browser.get(f"/admin/buddying/{model}/{pk}/delete/").status_code == 403
        assert "delete_selected" not in browser.get(f"/admin/buddying/{model}/").content.decode()
    assert "password" not in browser.get(f"/admin/buddying/person/{dora.pk}/change/").content.decode().lower()
    assert browser.get("/admin/password_change/").status_code == 404


def test_a_changed_address_takes_its_row_along(as_: As, olga: Person, eve: Person) -> None:
    data = {"name": "Eve", "email": "eve@new.example.org", "time_zone": "Europe/London", "language": "de"}
    response = as_(olga).post(f"/admin/buddying/person/{eve.pk}/change/", data)
    assert response.status_code == 302
    assert list(EmailAddress.objects.values_list("user", "email")) == [(eve.pk, "eve@new.example.org")]
    as_(olga).post("/admin/buddying/person/add/", data | {"name": "New", "email": "new@example.org"})
    assert not Person.objects.get(name="New").has_usable_password()


def test_roles_are_granted_and_taken_back_but_not_ones_own(as_: As, olga: Person, eve: Person) -> None:
    browser = as_(olga)
    browser.post("/admin/buddying/rolegrant/add/", {"person": eve.pk, "role": RoleGrant.LEAD})
    grant = RoleGrant.objects.get(person=eve)
    assert grant.granted_by == olga
    chosen = {"action": "revoke", "_selected_action": [each.pk for each in RoleGrant.objects.all()]}
    browser.post("/admin/buddying/rolegrant/", chosen)
    assert [each.person for each in RoleGrant.objects.live()] == [olga]


def test_a_programme_begins_on_its_own_page(as_: As, olga: Person, programme: Programme) -> None:
    assert as_(olga).get("/admin/buddying/programme/add/").status_code == 403
    assert as_(olga).get(reverse("buddying:new_programme")).status_code == 200


def test_who_opens_a_record_leaves_a_trace_that_its_person_sees(as_: As, olga: Person, ada: Person) -> None:
    assert as_(olga).get(reverse("admin:buddying_person_change", args=[ada.pk])).status_code == 200
    looks = [(look.viewer, look.purpose) for look in AccessRecord.objects.visible_to(ada)]
    assert looks == [(olga, "looked at your record in the configuration")]


def test_no_address_tells_of_rows_of_any_table(as_: As, olga: Person, ada: Person) -> None:
    browser = as_(olga)
    for kind in ContentType.objects.all():
        for row in (ada.pk, "00000000-0000-0000-0000-000000000000", "x"):
            assert browser.get(f"/admin/r/{kind.pk}/{row}/").status_code == 404


def test_nothing_can_be_taken_away_in_bulk(as_: As, olga: Person, cohort: Cohort) -> None:
    """Actions close, open and take back; none exports."""
    request = RequestFactory().get("/admin/")
    request.user = olga
    actions = {model._meta.model_name: set(ours.get_actions(request)) for model, ours in admin.site._registry.items()}
    assert actions == {
        "organisation": set(),
        "person": {"close_accounts", "open_accounts"},
        "rolegrant": {"revoke"},
        "programme": set(),
        "cohort": set(),
    }


def test_nobody_sees_there_when_somebody_logged_in(as_: As, olga: Person, ada: Person, ben: Person) -> None:
    """Not in the list, not on the record, not by an order of the list, not by a filter made up by hand."""
    for person, year in ((ada, 2021), (ben, 2022)):
        Person.objects.filter(pk=person.pk).update(last_login=datetime(year, 3, 14, 15, 9, tzinfo=UTC))
    browser = as_(olga)
    pages = ["/admin/buddying/person/", *(f"/admin/buddying/person/{one.pk}/change/" for one in (ada, ben))]
    text = "".join(browser.get(page).content.decode() for page in pages)
    assert [
        word for word in ("last_login", "Last login", "March 14", "14 March", "15:09", "3:09") if word in text
    ] == []
    orders = {
        tuple(row.pk for row in browser.get(f"/admin/buddying/person/?o={o}").context["cl"].result_list)
        for o in ("last_login", "-last_login")
    }
    assert len(orders) == 1
    assert browser.get("/admin/buddying/person/?last_login__year=2021").status_code == 400


def test_it_has_no_door_of_its_own(client: Client, olga: Person) -> None:
    """And what stands before the product's own pages stands before these."""
    olga.set_password("correct horse")
    Person.objects.filter(pk=olga.pk).update(password=olga.password)
    client.post("/admin/login/", {"username": "olga@example.org", "password": "correct horse"})
    assert "_auth_user_id" not in client.session
    client.force_login(olga)
    assert client.get("/admin/")["Location"] == "/accounts/second-factor/"


def test_it_greets_by_name_and_its_frame_has_each_part_once(as_: As, olga: Person) -> None:
    page = as_(olga).get("/admin/").content.decode()
    assert "<strong>Olga</strong>" in page
    assert page.count('class="theme-toggle"') == 1


def test_it_speaks_the_language_of_its_reader(as_: As, olga: Person, dora: Person, cohort: Cohort) -> None:
    Person.objects.filter(pk=olga.pk).update(language="de")
    olga.refresh_from_db()
    said = {
        "": ("Buddying: Konfiguration", "Einstellungen und Personen", "Durchgänge", "Programme", "Rollen"),
        "person/": ("Diese Konten wieder öffnen", "Konto geschlossen", "Person hinzufügen"),
        "rolegrant/": ("Diese Rollen zurücknehmen", "Vergeben von", "Zurückgenommen"),
        f"person/{dora.pk}/change/": ("Dieses Konto löschen",),
        f"programme/{cohort.programme_id}/change/": ("Vorlage", "Angelegt von"),
    }
    for page, words in said.items():
        address = f"/admin/buddying/{page}" if page else "/admin/"
        shown = as_(olga).get(address).content.decode()
        assert [one for one in words if one not in shown] == []
    grant = RoleGrant.objects.get(person=olga)
    asked = {"action": "revoke", "_selected_action": [grant.pk]}
    answer = as_(olga).post("/admin/buddying/rolegrant/", asked, follow=True).content.decode()
    assert "Deine eigene Rolle kann jemand anderes aus der Administration zurücknehmen." in answer
