from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from buddying.people import ensure_address
from outbox.kinds import Letter
from outbox.models import AddressFailure, Message

LOGIN = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"

Letters = Callable[[str], list[Letter]]
Code = Callable[[str], str]


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


def without_tokens(page: bytes) -> str:
    return re.sub(
        r'(name="csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": ")[^"&]+', r"\1", page.decode()
    )


def log_in(client: Client, address: str, code_sent_to: Code, **more: str) -> Any:
    client.post(LOGIN, {"email": address} | more)
    return client.post(CONFIRM, {"code": code_sent_to(address)})


def test_a_code_by_mail_logs_in_whoever_was_only_listed(client: Client, ada: Person, code_sent_to: Code) -> None:
    assert not EmailAddress.objects.exists()
    response = log_in(client, "ada@example.org", code_sent_to)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ada.pk)
    address = EmailAddress.objects.get()
    assert (address.user_id, address.email, address.verified, address.primary) == (ada.pk, ada.email, True, True)


def test_the_second_time_too(client: Client, ada: Person, code_sent_to: Code) -> None:
    log_in(client, "ada@example.org", code_sent_to)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    log_in(client, "Ada@Example.org ", lambda _: code_sent_to("ada@example.org"))
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert EmailAddress.objects.count() == 1


def test_whoever_types_the_code_has_an_address_that_works(client: Client, ada: Person, code_sent_to: Code) -> None:
    for address in ("ada@example.org", "ben@example.org"):
        AddressFailure.objects.create(address=address, reason="unknown", source="reported")
    log_in(client, "ada@example.org", code_sent_to)
    assert list(AddressFailure.objects.values_list("address", flat=True)) == ["ben@example.org"]


def test_an_address_stored_with_capitals_opens_too(client: Client, ada: Person, code_sent_to: Code) -> None:
    Person.objects.filter(pk=ada.pk).update(email="Ada@Example.org")
    log_in(client, "ada@example.org", code_sent_to)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_former_address_no_longer_opens(client: Client, ada: Person, code_sent_to: Code, letters_to: Letters) -> None:
    log_in(client, "ada@example.org", code_sent_to)
    client.post("/accounts/logout/")
    Person.objects.filter(pk=ada.pk).update(email="ada@new.example.org")
    ada.refresh_from_db()
    ensure_address(ada)
    client.post(LOGIN, {"email": "ada@example.org"})
    assert letters_to("ada@example.org")[-1].subject == "Somebody asked for a code with your address"
    client.post("/accounts/logout/")
    log_in(client, "ada@new.example.org", code_sent_to)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_an_address_that_went_to_somebody_else_opens_their_account(
    client: Client, ada: Person, ben: Person, code_sent_to: Code
) -> None:
    log_in(client, "ada@example.org", code_sent_to)
    client.post("/accounts/logout/")
    Person.objects.filter(pk=ada.pk).update(email=None)
    Person.objects.filter(pk=ben.pk).update(email="ada@example.org")
    log_in(client, "ada@example.org", code_sent_to)
    assert client.session["_auth_user_id"] == str(ben.pk)


def test_known_and_unknown_addresses_get_the_same_answer(ada: Person, db: None) -> None:
    answers = []
    for address in ("ada@example.org", "nobody@example.org"):
        client = Client()
        asked = client.post(LOGIN, {"email": address})
        page = client.get(CONFIRM)
        wrong = client.post(CONFIRM, {"code": "WRNG-CODE"})
        answers.append(
            [(asked.status_code, asked["Location"]), set(client.cookies)]
            + [(each.status_code, without_tokens(each.content).replace(address, "…")) for each in (page, wrong)]
        )
    assert answers[0] == answers[1]
    assert Message.objects.count() == 2


def test_signing_up_answers_known_and_unknown_addresses_alike(nominating_cohort: Cohort, ada: Person) -> None:
    answers = []
    for address in ("ada@example.org", "new@example.org"):
        client = Client()
        client.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
        asked = client.post(SIGN_UP, {"email": address, "name": "Somebody", "time_zone": ""})
        page = client.get(CONFIRM)
        answers.append((asked.status_code, asked["Location"], without_tokens(page.content).replace(address, "…")))
    assert answers[0] == answers[1]
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_a_closed_account_is_answered_like_an_unknown_one(client: Client, ada: Person, letters_to: Letters) -> None:
    Person.objects.filter(pk=ada.pk).update(deactivated_at=timezone.now())
    response = client.post(LOGIN, {"email": "ada@example.org"})
    assert (response.status_code, response["Location"]) == (302, CONFIRM)
    assert letters_to("ada@example.org")[-1].subject == "Somebody asked for a code with your address"


def test_the_code_lies_sealed_in_the_outbox_and_expires(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    message = Message.objects.get()
    code = code_sent_to("ada@example.org")
    assert code not in str(message.params)
    assert message.expires_at is not None
    assert 590 < (message.expires_at - message.due_at).total_seconds() <= 600
    assert (message.kind, message.recipient, message.address) == ("account", None, "ada@example.org")


def test_three_wrong_codes_end_it_and_say_so(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    first = client.post(CONFIRM, {"code": "AAAA-AAAA"})
    assert first.status_code == 422
    assert "That is not the code we sent." in first.content.decode()
    client.post(CONFIRM, {"code": "AAAA-AAAA"})
    last = client.post(CONFIRM, {"code": "AAAA-AAAA"}, follow=True)
    assert "tried too often" in last.content.decode()
    client.post(CONFIRM, {"code": code_sent_to("ada@example.org")})
    assert "_auth_user_id" not in client.session


def test_a_code_older_than_ten_minutes_says_so(
    client: Client, ada: Person, code_sent_to: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(LOGIN, {"email": "ada@example.org"})
    code = code_sent_to("ada@example.org")
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    late = client.post(CONFIRM, {"code": code}, follow=True)
    assert "older than ten minutes" in late.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_mistyped_address_can_be_put_right(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "adda@example.org"})
    log_in(client, "ada@example.org", code_sent_to)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_asking_too_often_for_one_address_is_refused(client: Client, ada: Person) -> None:
    statuses = [Client().post(LOGIN, {"email": "ada@example.org"}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 422]


def test_sending_forms_too_often_is_answered_in_plain_words(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post(SIGN_UP)
    response = client.post(SIGN_UP)
    assert response.status_code == 429
    assert "One moment, please" in response.content.decode()


def test_signing_up_needs_an_open_door(client: Client, db: None) -> None:
    for response in (client.get(SIGN_UP), client.post(SIGN_UP, {"email": "new@example.org", "name": "New"})):
        assert "Joining needs an invitation" in response.content.decode()
    assert not Person.objects.exists()
    assert not Message.objects.exists()


def test_a_door_that_closed_meanwhile_lets_nobody_sign_up(client: Client, nominating_cohort: Cohort) -> None:
    client.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
    nominating_cohort.close_join_link()
    client.post(SIGN_UP, {"email": "new@example.org", "name": "New", "time_zone": ""})
    assert not Person.objects.with_address("new@example.org").exists()


def test_a_refused_sign_up_keeps_what_was_typed(client: Client, nominating_cohort: Cohort) -> None:
    client.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
    response = client.post(SIGN_UP, {"email": "no address", "name": "Noor", "time_zone": "Asia/Tokyo"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="Noor"' in page
    assert '<option value="Asia/Tokyo" selected>' in page


def test_signing_up_keeps_name_and_zone_and_joins(
    client: Client, nominating_cohort: Cohort, code_sent_to: Code
) -> None:
    client.get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token]))
    client.post(SIGN_UP, {"email": "New@Example.org", "name": "Noor", "time_zone": "Asia/Tokyo"})
    assert not Participant.objects.exists()
    response = client.post(CONFIRM, {"code": code_sent_to("new@example.org")})
    noor = Person.objects.get(email="new@example.org")
    assert (noor.name, noor.time_zone, noor.has_usable_password()) == ("Noor", "Asia/Tokyo", False)
    assert Participant.objects.get().is_present
    assert response["Location"] == reverse("buddying:profile", args=[nominating_cohort.pk])


def test_the_password_pages_do_not_exist(client: Client, ada: Person) -> None:
    assert client.get("/accounts/login/?next=/me/")["Location"] == LOGIN + "?next=/me/"
    for name in ("account_change_password", "account_reset_password", "account_set_password", "account_reauthenticate"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert client.get("/accounts/password/reset/").status_code == 404


def test_pages_that_can_be_reached_without_logging_in(client: Client, db: None) -> None:
    assert client.get(LOGIN).status_code == 200
    assert client.get("/accounts/inactive/").status_code == 200
    assert client.get(CONFIRM)["Location"] == LOGIN
    assert client.get("/accounts/confirm-email/")["Location"] == "/accounts/login/"
    assert client.get("/accounts/logout/").status_code == 302


def test_logging_in_goes_on_to_where_one_was_going(client: Client, ada: Person, code_sent_to: Code) -> None:
    asked = client.post(LOGIN + "?next=/me/", {"email": "ada@example.org", "next": "/me/"})
    response = client.post(asked["Location"], {"code": code_sent_to("ada@example.org"), "next": "/me/"})
    assert response["Location"] == "/me/"


def test_never_to_another_site(client: Client, ada: Person, code_sent_to: Code) -> None:
    client.post(LOGIN, {"email": "ada@example.org", "next": "https://evil.example/"})
    there = {"code": code_sent_to("ada@example.org"), "next": "https://evil.example/"}
    assert client.post(CONFIRM, there)["Location"] == "/"
