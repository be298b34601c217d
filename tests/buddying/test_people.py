from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying import inviting, registry
from buddying.models import Cohort, Invitation, Nomination, Participant, Person, Programme, RoleGrant
from buddying.people import ensure_address, may_correct
from trust.models import AccessRecord

As = Callable[[Person | None], Client]


@pytest.fixture
def people(cohort: Cohort) -> str:
    return reverse("buddying:people", args=[cohort.pk])


@pytest.fixture
def listed(cohort: Cohort) -> Participant:
    """Zoe is on the list, without an address."""
    return Participant.objects.create(cohort=cohort, person=Person.objects.create(name="Zoe", team="Paint"))


def page_of(participant: Participant, what: str = "participant") -> str:
    return reverse(f"buddying:{what}", args=[participant.cohort_id, participant.pk])


def test_a_lead_sees_who_is_where_but_not_whom_anybody_named(
    as_: As, people: str, participants: dict[str, Participant], listed: Participant, dora: Person
) -> None:
    ada = participants["Ada"]
    Nomination.objects.create(nominator=ada, nominee=participants["Ben"], rank=1)
    Participant.objects.filter(pk=ada.pk).update(nominated_at=timezone.now())
    response = as_(dora).get(people)
    assert [each.person.name for each in response.context["page"]] == ["Ada", "Ben", "Cleo", "Zoe"]
    rows = response.content.decode().split("<tbody")[1].split("</tr>")[:-1]
    assert [("Yes" in row, "No address" in row) for row in rows] == [
        (True, False),
        (False, False),
        (False, False),
        (False, True),
    ]
    assert "Ben" not in rows[0]


def test_search_finds_by_name_and_team(
    as_: As, people: str, participants: dict[str, Participant], dora: Person
) -> None:
    def found(search: str) -> list[str]:
        return [each.person.name for each in as_(dora).get(people, {"search": search}).context["page"]]

    assert found("be") == ["Ben"]
    assert found(" engines ") == ["Ada"]
    assert found("nobody") == []
    assert found("%") == []


def test_only_leads_reach_the_list(
    as_: As, people: str, participants: dict[str, Participant], eve: Person, max_: Person, olga: Person, dora: Person
) -> None:
    cleo = participants["Cleo"]
    outsiders = [participants["Ada"].person, cleo.person, eve, max_, olga]
    for url in (
        people,
        *(page_of(cleo, what) for what in ("participant", "correct_participant", "remove_participant")),
    ):
        assert [as_(person).get(url).status_code for person in outsiders] == [404] * 5
    assert as_(eve).post(page_of(cleo, "remove_participant"), {"confirmed": "yes"}).status_code == 404
    assert as_(dora).get(page_of(cleo)).status_code == 200


def test_a_lead_who_takes_part_beside_another_lead_sees_each_person_once(
    as_: As, people: str, cohort: Cohort, dora: Person, eve: Person, take_part: Callable[..., Participant]
) -> None:
    cohort.programme.add_lead(eve, added_by=dora)
    me = take_part(dora, cohort)
    assert [each.pk for each in as_(dora).get(people).context["page"]] == [me.pk]
    assert as_(dora).get(page_of(me)).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    as_: As, people: str, cohort: Cohort, dora: Person, many: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(many):
        Participant.objects.create(cohort=cohort, person=Person.objects.create(name=f"P{number}"))
    browser = as_(dora)
    with django_assert_num_queries(10):  # two note the look, at all of them
        browser.get(people)


def test_a_look_at_one_person_is_noted_for_them(
    as_: As, participants: dict[str, Participant], dora: Person, people: str
) -> None:
    cleo = participants["Cleo"]
    Participant.objects.filter(pk=cleo.pk).update(great_support="Ask me hard questions.")
    as_(dora).get(people)
    assert "Ask me hard questions." in as_(dora).get(page_of(cleo)).content.decode()
    looks = AccessRecord.objects.filter(subject=cleo.person).order_by("pk")
    assert [(look.viewer_id, look.purpose) for look in looks] == [
        (dora.pk, f"looked at the list of {cleo.cohort}"),
        (dora.pk, f"looked at your profile in {cleo.cohort}"),
    ]


def test_a_lead_puts_right_who_has_not_logged_in(as_: As, listed: Participant, dora: Person, ada: Person) -> None:
    data = {"name": "Zoë", "email": "Zoe@Example.org", "team": "Paint", "manager": ""}
    assert as_(dora).post(page_of(listed, "correct_participant"), data).status_code == 302
    listed.person.refresh_from_db()
    assert (listed.person.name, listed.person.email) == ("Zoë", "zoe@example.org")
    assert EmailAddress.objects.get().email == "zoe@example.org"
    taken = as_(dora).post(page_of(listed, "correct_participant"), data | {"email": "ADA@example.org"})
    assert (taken.status_code, "Somebody already has this address." in taken.content.decode()) == (422, True)


def test_a_manager_is_chosen_from_the_list(
    as_: As, participants: dict[str, Participant], listed: Participant, dora: Person, eve: Person
) -> None:
    data = {"name": "Zoe", "email": "", "team": "", "manager": participants["Ben"].person.pk}
    assert as_(dora).post(page_of(listed, "correct_participant"), data).status_code == 302
    assert as_(dora).post(page_of(listed, "correct_participant"), data | {"manager": eve.pk}).status_code == 422
    assert (
        as_(dora).post(page_of(listed, "correct_participant"), data | {"manager": listed.person_id}).status_code == 422
    )


def test_a_corrected_address_takes_the_old_invitation_back(
    as_: As, nominating_cohort: Cohort, dora: Person, ben: Person
) -> None:
    listed = Participant.objects.create(cohort=nominating_cohort, person=ben)
    inviting.invite(nominating_cohort, ["ben@example.org", "other@example.org"], by=dora)
    data = {"name": "Ben", "email": "ben@new.example.org", "team": "", "manager": ""}
    as_(dora).post(page_of(listed, "correct_participant"), data)
    assert {each.email: each.state() for each in Invitation.objects.all()} == {
        "ben@example.org": "revoked",
        "other@example.org": "open",
    }


def test_nobody_else_can_be_corrected(
    as_: As, listed: Participant, dora: Person, eve: Person, programme: Programme, make_cohort: Callable[..., Cohort]
) -> None:
    zoe = listed.person
    assert may_correct(dora, zoe)
    zoe.last_login = timezone.now()
    assert not may_correct(dora, zoe)
    zoe.last_login = None
    grant = RoleGrant.objects.create(person=zoe, role=RoleGrant.ADMINISTRATOR)
    assert not may_correct(dora, zoe)
    grant.revoke()
    assert may_correct(dora, zoe)
    elsewhere = Programme.objects.create(name="Another", template="short-start", purpose="x")
    elsewhere.add_lead(eve, added_by=eve)
    theirs = make_cohort("Theirs")
    Cohort.objects.filter(pk=theirs.pk).update(programme=elsewhere)
    Participant.objects.create(cohort=theirs, person=zoe)
    assert not may_correct(dora, zoe)
    assert as_(dora).get(page_of(listed, "correct_participant")).status_code == 404
    assert as_(dora).post(page_of(listed, "correct_participant"), {"name": "X"}).status_code == 404


def test_a_participant_is_removed_after_a_question(as_: As, participants: dict[str, Participant], dora: Person) -> None:
    cleo = participants["Cleo"]
    assert as_(dora).post(page_of(cleo, "remove_participant")).status_code == 200
    cleo.refresh_from_db()
    assert cleo.is_present
    as_(dora).post(page_of(cleo, "remove_participant"), {"confirmed": "yes"})
    cleo.refresh_from_db()
    assert not cleo.is_present
    assert as_(dora).get(page_of(cleo)).status_code == 404


def test_the_lead_reads_what_a_removal_would_mean(
    as_: As, participants: dict[str, Participant], dora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "what_leaving_means", [lambda each: f"{each} is in a pair, which ends."])
    page = as_(dora).get(page_of(participants["Cleo"], "remove_participant"))
    assert "Cleo is in a pair, which ends." in page.content.decode()


def test_me(as_: As, client: Client, eve: Person) -> None:
    page = reverse("buddying:me")
    assert client.get(page)["Location"] == f"/accounts/login/code/?next={page}"
    browser = as_(eve)
    assert "eve@example.org" in browser.get(page).content.decode()
    said = {"name": "Eve Stone", "team": "Sea", "time_zone": "Asia/Tokyo", "language": "de"}
    browser.post(page, said | {"email": "x@example.org"})
    eve.refresh_from_db()
    assert (eve.name, eve.team, eve.time_zone, eve.email) == ("Eve Stone", "Sea", "Asia/Tokyo", "eve@example.org")
    assert browser.post(page, {"name": "", "team": "", "time_zone": "Mars/Olympus"}).status_code == 422


def test_a_zone_that_the_list_leaves_out_is_kept(as_: As, eve: Person) -> None:
    Person.objects.filter(pk=eve.pk).update(time_zone="EST")
    page = as_(eve).get(reverse("buddying:me")).content.decode()
    assert '<option value="EST" selected>' in page
    as_(eve).post(reverse("buddying:me"), {"name": "Eve", "team": "", "time_zone": "EST"})
    eve.refresh_from_db()
    assert eve.time_zone == "EST"


def test_an_address_belongs_to_one_person(ada: Person, ben: Person) -> None:
    ensure_address(ada)
    ensure_address(ben)
    EmailAddress.objects.filter(user=ada).update(email="ben@example.org", verified=False)
    ensure_address(ben)
    ensure_address(ada)
    assert set(EmailAddress.objects.values_list("user", "email")) == {
        (ada.pk, "ada@example.org"),
        (ben.pk, "ben@example.org"),
    }
    Person.objects.filter(pk=ada.pk).update(email=None)
    ada.refresh_from_db()
    ensure_address(ada)
    assert [row.user for row in EmailAddress.objects.all()] == [ben]
