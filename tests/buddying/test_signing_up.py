"""A name at an address is a stranger's word until the code comes back: it is nobody's, and does not stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buddying import inviting, joining, signing_up
from buddying.models import Cohort, Invitation, Participant, Person, ProgrammeLead, RoleGrant
from outbox import reconciling
from outbox.models import AddressFailure, Message
from trust.models import AccessRecord

As = Callable[[Person | None], Client]
Code = Callable[[str], str]
CONFIRM = "/accounts/login/code/confirm/"
NOOR = "noor@example.org"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture
def sign_up(nominating_cohort: Cohort) -> Callable[..., Client]:
    def ask(name: str, address: str = NOOR, zone: str = "", browser: Client | None = None) -> Client:
        browser = browser or Client()
        browser.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
        sent = {"email": address, "name": name, "time_zone": zone}
        assert browser.post("/accounts/signup/", sent)["Location"] == CONFIRM
        return browser

    return ask


def a_day_later() -> datetime:
    return timezone.now() + timedelta(days=1, minutes=1)


def here() -> set[str]:
    return set(Person.objects.filter(unproved_since__isnull=False).values_list("email", flat=True))


def test_nobody_stays_whose_code_never_came_back(sign_up: Callable[..., Client], ada: Person, dora: Person) -> None:
    sign_up("Noor")
    before = set(Person.objects.exclude(email=NOOR))
    signing_up.forget_unproved(timezone.now() + timedelta(hours=23))
    assert here() == {NOOR}
    signing_up.forget_unproved(a_day_later())
    assert set(Person.objects.all()) == before
    assert not EmailAddress.objects.filter(email=NOOR).exists()


def test_the_mail_that_went_there_is_forgotten_too(
    sign_up: Callable[..., Client], nominating_cohort: Cohort, dora: Person
) -> None:
    """But that an invitation came back: its leads are to know."""
    for address in (NOOR, "omar@example.org", "ada@example.org"):
        sign_up("Somebody", address)
        AddressFailure.objects.create(address=address, reason="unknown", source="reported")
    Client().post("/accounts/login/code/", {"email": "nobody@example.org"})
    inviting.invite(nominating_cohort, ["Omar@example.org"], by=dora)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    Participant.objects.create(cohort=nominating_cohort, person=Person.objects.get(email="ada@example.org"))
    signing_up.forget_unproved(a_day_later())
    assert set(AddressFailure.objects.values_list("address", flat=True)) == {"omar@example.org", "ada@example.org"}
    codes = Message.objects.filter(kind="account")
    assert set(codes.values_list("address", flat=True)) == {"ada@example.org", "nobody@example.org"}


def test_it_is_done_with_everything_else_that_is_put_right(sign_up: Callable[..., Client]) -> None:
    sign_up("Noor")
    Person.objects.with_address(NOOR).update(unproved_since=timezone.now() - timedelta(days=2))
    reconciling.run_all()
    assert not Person.objects.with_address(NOOR).exists()


def test_whoever_came_back_stays(sign_up: Callable[..., Client], code_sent_to: Code) -> None:
    sign_up("Noor").post(CONFIRM, {"code": code_sent_to(NOOR)})
    noor = Person.objects.get(email=NOOR)
    assert noor.unproved_since is None
    Participant.objects.all().delete()
    signing_up.forget_unproved(a_day_later())
    assert Person.objects.filter(pk=noor.pk).exists()


def on_a_list(noor: Person, cohort: Cohort, by: Person) -> None:
    Participant.objects.create(cohort=cohort, person=noor)


def with_a_role(noor: Person, cohort: Cohort, by: Person) -> None:
    RoleGrant.objects.create(person=noor, role=RoleGrant.LEAD, granted_by=by)


def a_lead(noor: Person, cohort: Cohort, by: Person) -> None:
    ProgrammeLead.objects.create(programme=cohort.programme, person=noor)


def invited(noor: Person, cohort: Cohort, by: Person) -> None:
    assert inviting.invite(cohort, [NOOR.upper()], by=by).invited


def somebodys_manager(noor: Person, cohort: Cohort, by: Person) -> None:
    Person.objects.filter(pk=by.pk).update(manager=noor)


def closed(noor: Person, cohort: Cohort, by: Person) -> None:
    Person.objects.filter(pk=noor.pk).update(deactivated_at=timezone.now())


@pytest.mark.parametrize("put", [on_a_list, with_a_role, a_lead, invited, somebodys_manager, closed])
def test_whom_somebody_here_has_put_somewhere_stays(
    sign_up: Callable[..., Client], nominating_cohort: Cohort, dora: Person, put: Callable[..., None]
) -> None:
    sign_up("Noor")
    put(Person.objects.get(email=NOOR), nominating_cohort, dora)
    signing_up.forget_unproved(a_day_later())
    assert here() == {NOOR}


def test_an_invitation_that_ran_out_keeps_nobody(
    sign_up: Callable[..., Client], nominating_cohort: Cohort, dora: Person
) -> None:
    sign_up("Noor")
    invited(Person.objects.get(email=NOOR), nominating_cohort, dora)
    signing_up.forget_unproved(timezone.now() + timedelta(days=8))
    assert here() == set()


def test_people_made_here_never_go_this_way(ada: Person, as_: As, olga: Person) -> None:
    made = {"name": "Made", "email": "made@example.org", "time_zone": "UTC", "language": "en-gb"}
    assert as_(olga).post("/admin/buddying/person/add/", made).status_code == 302
    before = set(Person.objects.values_list("name", flat=True))
    signing_up.forget_unproved(timezone.now() + timedelta(days=400))
    assert set(Person.objects.values_list("name", flat=True)) == before >= {"Ada", "Made", "Olga"}


def test_an_administrator_who_saves_the_record_stands_for_it(
    sign_up: Callable[..., Client], as_: As, olga: Person
) -> None:
    sign_up("Noor")
    noor = Person.objects.get(email=NOOR)
    saved = {"name": "Noor Haddad", "email": NOOR, "time_zone": "UTC", "language": "en-gb"}
    assert as_(olga).post(f"/admin/buddying/person/{noor.pk}/change/", saved).status_code == 302
    signing_up.forget_unproved(a_day_later())
    assert Person.objects.get(pk=noor.pk).name == "Noor Haddad"


def test_whoever_was_looked_at_leaves_a_row_without_anybody_in_it(
    sign_up: Callable[..., Client], olga: Person, as_: As
) -> None:
    for name in ("Noor", "Omar"):
        sign_up(name, f"{name.lower()}@example.org")
    noor = Person.objects.get(email=NOOR)
    as_(olga).get(f"/admin/buddying/person/{noor.pk}/change/")
    signing_up.forget_unproved(a_day_later())
    assert not Person.objects.filter(email__endswith="omar@example.org").exists()
    noor.refresh_from_db()
    assert (noor.name, noor.email, noor.unproved_since) == ("Somebody who has left", None, None)
    assert noor.erased_at is not None
    assert AccessRecord.objects.filter(subject=noor).exists()
    assert not EmailAddress.objects.filter(email=NOOR).exists()


def test_the_name_stands_that_was_typed_where_the_code_came_back(
    sign_up: Callable[..., Client], code_sent_to: Code
) -> None:
    sign_up("A stranger")
    own = sign_up("Noor", zone="Asia/Tokyo")
    code = code_sent_to(NOOR)
    sign_up("Another stranger", zone="Europe/Paris")
    assert Person.objects.get(email=NOOR).name == "Another stranger"
    own.post(CONFIRM, {"code": code})
    noor = Person.objects.get(email=NOOR)
    assert (noor.name, noor.time_zone, noor.unproved_since) == ("Noor", "Asia/Tokyo", None)
    cache.clear()
    sign_up("A third stranger")
    noor.refresh_from_db()
    assert (noor.name, noor.unproved_since) == ("Noor", None)


def test_an_address_put_right_does_not_carry_the_former_ones_name(
    sign_up: Callable[..., Client], client: Client, code_sent_to: Code
) -> None:
    sign_up("Omar", "omar@example.org")
    sign_up("Noor", browser=client)
    client.post("/accounts/login/code/", {"email": "omar@example.org", "joining": "yes"})
    client.post(CONFIRM, {"code": code_sent_to("omar@example.org")})
    assert Person.objects.get(email="omar@example.org").name == "Omar"


def test_whoever_was_put_on_a_list_meanwhile_keeps_the_name_there(
    sign_up: Callable[..., Client], nominating_cohort: Cohort, code_sent_to: Code
) -> None:
    browser = sign_up("Mickey")
    Person.objects.filter(email=NOOR).update(name="Noor Haddad")
    Participant.objects.create(cohort=nominating_cohort, person=Person.objects.get(email=NOOR))
    browser.post(CONFIRM, {"code": code_sent_to(NOOR)})
    assert Person.objects.get(email=NOOR).name == "Noor Haddad"


def test_an_invitation_asks_for_the_name_where_only_a_stranger_gave_one(
    sign_up: Callable[..., Client], nominating_cohort: Cohort, dora: Person, client: Client, code_sent_to: Code
) -> None:
    sign_up("A stranger")
    inviting.invite(nominating_cohort, [NOOR], by=dora)
    door = joining.url_of("invitation", Invitation.objects.get().token)
    assert 'name="name"' in client.get(door).content.decode()
    client.post("/accounts/signup/", {"email": NOOR, "name": "Noor", "time_zone": ""})
    client.post(CONFIRM, {"code": code_sent_to(NOOR)})
    assert Person.objects.get(email=NOOR).name == "Noor"


def test_thirty_are_forgotten_in_as_many_queries_as_one(db: None) -> None:
    took = []
    for number in (1, 30):
        long_ago = timezone.now() - timedelta(days=3)
        people = [Person(name="X", email=f"x{k}@example.org", unproved_since=long_ago) for k in range(number)]
        Person.objects.bulk_create(people)
        with CaptureQueriesContext(connection) as queries:
            signing_up.forget_unproved()
        took.append(len(queries))
        assert here() == set()
    assert took[0] == took[1]
