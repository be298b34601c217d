from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying import inviting, joining, registry
from buddying.joining import Closed, Obstacle
from buddying.models import Cohort, Invitation, Participant, Person

LOGIN = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"

As = Callable[[Person | None], Client]
Code = Callable[[str], str]


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture
def link(nominating_cohort: Cohort) -> str:
    return reverse("buddying:join_cohort", args=[nominating_cohort.join_token])


@pytest.fixture
def invite(nominating_cohort: Cohort, dora: Person) -> Callable[[str], Invitation]:
    def invite(address: str) -> Invitation:
        inviting.invite(nominating_cohort, [address], by=dora)
        return Invitation.objects.get(email=address.lower(), revoked_at=None)

    return invite


def page_of(invitation: Invitation) -> str:
    return reverse("buddying:invitation", args=[invitation.token])


def joined(cohort: Cohort) -> list[str]:
    return [each.person.name for each in Participant.objects.present().filter(cohort=cohort)]


# --- the join link


def test_the_link_shows_what_it_is_for_and_a_form(client: Client, link: str, nominating_cohort: Cohort) -> None:
    page = client.get(link).content.decode()
    assert "Learn together." in page
    assert f'action="{SIGN_UP}"' in page
    assert nominating_cohort.starts_on.strftime("%b %Y") in page
    assert "Dora" not in page


def test_somebody_logged_in_joins_with_one_button(as_: As, link: str, nominating_cohort: Cohort, eve: Person) -> None:
    browser = as_(eve)
    assert SIGN_UP not in browser.get(link).content.decode()
    assert joined(nominating_cohort) == []
    response = browser.post(link)
    assert response["Location"] == reverse("buddying:profile", args=[nominating_cohort.pk])
    assert joined(nominating_cohort) == ["Eve"]
    assert browser.get(link)["Location"] == "/"


def test_somebody_with_an_account_asks_for_a_code_there_and_has_joined(
    client: Client, link: str, nominating_cohort: Cohort, eve: Person, code_sent_to: Code
) -> None:
    client.get(link)
    client.post(LOGIN, {"email": "eve@example.org", "joining": "yes"})
    client.post(CONFIRM, {"code": code_sent_to("eve@example.org")})
    assert joined(nominating_cohort) == ["Eve"]


def test_who_looked_at_the_page_and_logs_in_elsewhere_has_not_joined(
    client: Client, link: str, nominating_cohort: Cohort, eve: Person, code_sent_to: Code
) -> None:
    client.get(link)
    client.post(LOGIN, {"email": "eve@example.org"})
    response = client.post(CONFIRM, {"code": code_sent_to("eve@example.org")})
    assert response["Location"] == "/"
    assert joined(nominating_cohort) == []


def test_the_page_after_asking_leads_back_to_the_door(client: Client, link: str) -> None:
    client.get(link)
    client.post(SIGN_UP, {"email": "new@example.org", "name": "New", "time_zone": ""})
    assert f'name="next" value="{link}"' in client.get(CONFIRM).content.decode()


def test_a_link_that_closes_before_the_code_comes_back_says_so(
    client: Client, link: str, nominating_cohort: Cohort, eve: Person, code_sent_to: Code
) -> None:
    client.get(link)
    client.post(LOGIN, {"email": "eve@example.org", "joining": "yes"})
    nominating_cohort.close_join_link()
    response = client.post(CONFIRM, {"code": code_sent_to("eve@example.org")}, follow=True)
    assert "This join link is closed" in response.content.decode()
    assert joined(nominating_cohort) == []


@pytest.mark.parametrize(
    ("change", "words", "status"),
    [
        ({"join_link_closed_at": timezone.now()}, "This join link is closed", 410),
        ({"sign_up_opens_on": timezone.now().date() + timedelta(days=3)}, "A little too early", 410),
        ({"nominations_close_on": timezone.now().date() - timedelta(days=2)}, "Joining has ended", 410),
        ({"join_token": "another"}, "This link leads nowhere", 404),
    ],
)
def test_a_link_that_does_not_open_says_why(
    client: Client, link: str, nominating_cohort: Cohort, change: dict[str, Any], words: str, status: int
) -> None:
    Cohort.objects.filter(pk=nominating_cohort.pk).update(**change)
    response = client.get(link)
    assert response.status_code == status
    assert words in response.content.decode()


# --- invitations


def test_an_invitation_fixes_the_address(
    client: Client, invite: Callable[[str], Invitation], nominating_cohort: Cohort, code_sent_to: Code
) -> None:
    invitation = invite("new@example.org")
    page = client.get(page_of(invitation)).content.decode()
    assert 'value="new@example.org"' in page
    client.post(SIGN_UP, {"email": "another@example.org", "name": "Noor", "time_zone": ""})
    client.post(CONFIRM, {"code": code_sent_to("new@example.org")})
    assert [person.email for person in Person.objects.filter(name="Noor")] == ["new@example.org"]
    assert joined(nominating_cohort) == ["Noor"]
    invitation.refresh_from_db()
    assert invitation.state() == "accepted"


def test_who_is_known_is_not_asked_for_a_name(
    client: Client, invite: Callable[[str], Invitation], nominating_cohort: Cohort, ben: Person, code_sent_to: Code
) -> None:
    Participant.objects.create(cohort=nominating_cohort, person=ben)
    page = client.get(page_of(invite("ben@example.org"))).content.decode()
    assert 'name="name"' not in page
    client.post(LOGIN, {"email": "ben@example.org", "joining": "yes"})
    client.post(CONFIRM, {"code": code_sent_to("ben@example.org")})
    assert joined(nominating_cohort) == ["Ben"]


def test_an_invitation_is_for_its_address_alone(
    as_: As, invite: Callable[[str], Invitation], nominating_cohort: Cohort, eve: Person
) -> None:
    invitation = invite("ben@example.org")
    for response in (as_(eve).get(page_of(invitation)), as_(eve).post(page_of(invitation))):
        assert response.status_code == 403
        assert "This invitation is for another address" in response.content.decode()
    assert joined(nominating_cohort) == []


def test_capitals_make_no_other_address(as_: As, invite: Callable[[str], Invitation], ben: Person) -> None:
    Person.objects.filter(pk=ben.pk).update(email="Ben@Example.org")
    assert as_(ben).post(page_of(invite("ben@example.org"))).status_code == 302


def test_an_invitation_works_once(
    as_: As, client: Client, invite: Callable[[str], Invitation], nominating_cohort: Cohort, ben: Person
) -> None:
    invitation = invite("ben@example.org")
    as_(ben).post(page_of(invitation))
    assert as_(ben).get(page_of(invitation))["Location"] == "/"
    used = client.get(page_of(invitation))
    assert used.status_code == 410
    assert "This invitation has been used" in used.content.decode()
    joining.leave(Participant.objects.get(person=ben))
    assert as_(ben).post(page_of(invitation)).status_code == 410
    assert joined(nominating_cohort) == []


def test_revoked_expired_and_foreign_tokens_say_so(
    client: Client, invite: Callable[[str], Invitation], nominating_cohort: Cohort
) -> None:
    invitation = invite("new@example.org")
    invitation.revoke()
    assert "This invitation no longer works" in client.get(page_of(invitation)).content.decode()
    late = invite("late@example.org")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    assert "This invitation has run out" in client.get(page_of(late)).content.decode()
    nowhere = client.get(reverse("buddying:invitation", args=[late.token + "x"]))
    assert (nowhere.status_code, "This link leads nowhere" in nowhere.content.decode()) == (404, True)


def test_joining_by_the_link_accepts_the_invitation_too(
    as_: As, link: str, invite: Callable[[str], Invitation], ben: Person
) -> None:
    invitation = invite("ben@example.org")
    as_(ben).post(link)
    invitation.refresh_from_db()
    assert invitation.state() == "accepted"


def test_an_invitation_accepted_twice_at_once_joins_once(
    invite: Callable[[str], Invitation], nominating_cohort: Cohort, ben: Person
) -> None:
    door = joining.by_invitation(invite("ben@example.org").token)
    joining.enter(door, ben)
    with pytest.raises(Closed) as closed:
        joining.enter(door, ben)
    assert closed.value.obstacle == Obstacle.USED
    assert joined(nominating_cohort) == ["Ben"]


# --- people on the list


def test_who_is_on_the_list_says_yes(as_: As, nominating_cohort: Cohort, ben: Person, eve: Person) -> None:
    Participant.objects.create(cohort=nominating_cohort, person=ben)
    page = reverse("buddying:joining", args=[nominating_cohort.pk])
    assert as_(eve).get(page).status_code == as_(eve).post(page).status_code == 404
    assert as_(ben).get(page).status_code == 200
    assert joined(nominating_cohort) == []
    assert as_(ben).post(page)["Location"] == reverse("buddying:profile", args=[nominating_cohort.pk])
    assert joined(nominating_cohort) == ["Ben"]


def test_who_is_on_the_list_may_come_late(as_: As, cohort: Cohort, ben: Person) -> None:
    Participant.objects.create(cohort=cohort, person=ben)
    page = as_(ben).post(reverse("buddying:joining", args=[cohort.pk]), follow=True)
    assert "You are in. Two short pages about you, and we look for a buddy for you." in page.content.decode()
    assert joined(cohort) == ["Ben"]


def test_who_is_invited_may_come_late(as_: As, cohort: Cohort, dora: Person, ben: Person) -> None:
    inviting.invite(cohort, ["ben@example.org"], by=dora)
    as_(ben).post(page_of(Invitation.objects.get()))
    assert joined(cohort) == ["Ben"]


def test_too_late_for_the_list_as_well(as_: As, cohort: Cohort, ben: Person) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=timezone.now().date() - timedelta(days=2))
    Participant.objects.create(cohort=cohort, person=ben)
    page = reverse("buddying:joining", args=[cohort.pk])
    for response in (as_(ben).get(page), as_(ben).post(page)):
        assert response.status_code == 410
        assert "Joining has ended" in response.content.decode()
    assert joined(cohort) == []


def test_who_was_removed_is_no_longer_on_the_list(as_: As, nominating_cohort: Cohort, ben: Person) -> None:
    joining.leave(Participant.objects.create(cohort=nominating_cohort, person=ben))
    assert as_(ben).post(reverse("buddying:joining", args=[nominating_cohort.pk])).status_code == 404


def test_whom_a_lead_removed_comes_back_by_an_invitation_alone(
    as_: As, link: str, nominating_cohort: Cohort, ben: Person, dora: Person, invite: Callable[[str], Invitation]
) -> None:
    as_(ben).post(link)
    bens = Participant.objects.get(person=ben)
    as_(dora).post(reverse("buddying:remove_participant", args=[nominating_cohort.pk, bens.pk]), {"confirmed": "yes"})
    answer = as_(ben).post(link)
    assert (answer.status_code, "took you off the list" in answer.content.decode()) == (410, True)
    assert joined(nominating_cohort) == []
    as_(ben).post(page_of(invite("ben@example.org")))
    assert joined(nominating_cohort) == ["Ben"]
    joining.leave(Participant.objects.get(person=ben))
    as_(ben).post(link)
    assert joined(nominating_cohort) == ["Ben"]


def test_whom_a_lead_removed_is_told_after_the_code_too(
    client: Client, link: str, nominating_cohort: Cohort, ben: Person, dora: Person, code_sent_to: Code
) -> None:
    joining.leave(Participant.objects.create(cohort=nominating_cohort, person=ben), removed_by=dora)
    client.get(link)
    client.post(LOGIN, {"email": "ben@example.org", "joining": "yes"})
    answer = client.post(CONFIRM, {"code": code_sent_to("ben@example.org")}, follow=True)
    assert "took you off the list" in answer.content.decode()
    assert joined(nominating_cohort) == []


# --- leaving


def test_leaving_twice_keeps_the_first_date(participants: dict[str, Participant]) -> None:
    cleo, at = participants["Cleo"], timezone.now()
    joining.leave(cleo, at=at)
    joining.leave(cleo)
    assert cleo.left_at == at


def test_higher_floors_let_go_of_whoever_leaves_once(
    participants: dict[str, Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go: list[str] = []
    monkeypatch.setattr(registry, "when_left", [lambda each, at: let_go.append(str(each))])
    for _ in range(2):
        joining.leave(participants["Cleo"])
    assert let_go == ["Cleo"]
