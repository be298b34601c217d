from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from buddying.models import BrowserSession, Person, Programme
from outbox.models import Message
from reflection import helping
from trust import rotating
from trust.keys import CannotRead

As = Callable[[Person | None], Client]
Code = Callable[[str], str]

LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
FACTOR = "/accounts/login/second-factor/"
PAGE = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


def digits(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def just_logged_in(person: Person, ago: float = 0) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": time.time() - ago}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()
    return client


def enter_code(client: Client, address: str, code_sent_to: Code) -> Any:
    client.post(LOGIN, {"email": address})
    return client.post(CONFIRM, {"code": code_sent_to(address)})


def set_up_app(client: Client) -> str:
    secret = str(client.get(PAGE + "app/").context["form"].secret)
    assert client.post(PAGE + "app/", {"code": digits(secret)}).status_code == 302
    return secret


# -- who needs one -------------------------------------------------------------------------------


def test_leads_and_administrators_set_one_up_before_anything_else_opens(
    olga: Person, dora: Person, eve: Person, ada: Person, programme: Programme
) -> None:
    """Eve has no grant and leads a programme all the same."""
    programme.add_lead(eve, added_by=dora)
    for person in (olga, dora, eve):
        client = just_logged_in(person)
        for page in ("/", "/programmes/", "/overview/", "/admin/", "/admin/buddying/person/", "/me/"):
            answer = client.get(page)
            assert (page, answer.status_code, answer.get("Location")) == (page, 302, PAGE)
        assert client.post("/programmes/new/", {}).get("Location") == PAGE
        assert [client.get(page).status_code for page in (PAGE, "/help/", "/privacy/", "/health/")] == [200] * 4
    assert just_logged_in(ada).get("/me/").status_code == 200


@pytest.mark.usefixtures("participants")
def test_what_is_ones_own_does_not_open_either(dora: Person, ada: Person) -> None:
    """Below pages that are open to everybody: a word in confidence, who looked, a download, the end of the account."""
    thread = helping.ask(dora, "In confidence", by=ada)
    client = just_logged_in(dora)
    for page in (f"/help/conversations/{thread.pk}/", f"/help/leads/{ada.pk}/", "/privacy/looks/", "/privacy/data/"):
        answer = client.get(page)
        assert (page, answer.status_code, answer.get("Location")) == (page, 302, PAGE)
    assert client.get("/help/with/second-factor/", follow=True).status_code == 200
    assert f"/help/conversations/{thread.pk}/" not in client.get("/help/").content.decode()


def test_a_piece_of_a_page_leads_there_too(dora: Person) -> None:
    answer = just_logged_in(dora).get("/programmes/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.get("HX-Redirect")) == (204, PAGE)


def test_with_one_everything_opens(dora: Person, olga: Person) -> None:
    for person, page in ((dora, "/programmes/"), (olga, "/admin/")):
        client = just_logged_in(person)
        set_up_app(client)
        assert client.get(page).status_code == 200


def test_recovery_codes_alone_are_none(dora: Person) -> None:
    Authenticator.objects.create(user=dora, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0})
    assert just_logged_in(dora).get("/programmes/")["Location"] == PAGE


def test_who_becomes_a_lead_is_asked_on_the_next_page(programme: Programme, dora: Person, eve: Person) -> None:
    client = just_logged_in(eve)
    assert client.get("/me/").status_code == 200
    programme.add_lead(eve, added_by=dora)
    assert client.get("/me/").status_code == 302


def test_it_costs_no_query(ada: Person, django_assert_num_queries: Any) -> None:
    client = just_logged_in(ada)
    with django_assert_num_queries(2):  # the session, and the person
        client.get("/accounts/login/code/")


def test_a_demo_may_do_without_and_production_may_not(dora: Person, settings: Any) -> None:
    settings.SECOND_FACTOR = "optional"
    assert just_logged_in(dora).get("/programmes/").status_code == 200
    assert "buddying.E006" not in {found.id for found in run_checks()}
    settings.PRODUCTION = True
    assert "buddying.E006" in {found.id for found in run_checks()}


# -- logging in with it --------------------------------------------------------------------------


def test_the_app_is_asked_for_after_the_code(client: Client, ada: Person, code_sent_to: Code) -> None:
    secret = with_app(ada)
    assert enter_code(client, "ada@example.org", code_sent_to)["Location"] == FACTOR
    assert "_auth_user_id" not in client.session
    assert client.get("/me/").status_code == 302
    assert client.post(FACTOR, {"code": "000000"}).status_code == 422
    assert client.post(FACTOR, {"code": digits(secret)})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_digits_count_once_and_for_their_half_minute(client: Client, ada: Person, code_sent_to: Code) -> None:
    secret = with_app(ada)
    used = digits(secret)
    enter_code(client, "ada@example.org", code_sent_to)
    client.post(FACTOR, {"code": used})
    again = Client()
    enter_code(again, "ada@example.org", code_sent_to)
    for late in (used, digits(secret, -2), digits(secret, 2)):
        assert again.post(FACTOR, {"code": late}).status_code == 422


def test_five_wrong_tries_and_the_right_one_comes_too_late(client: Client, ada: Person, code_sent_to: Code) -> None:
    secret = with_app(ada)
    enter_code(client, "ada@example.org", code_sent_to)
    for _ in range(5):
        client.post(FACTOR, {"code": "000000"})
    answer = client.post(FACTOR, {"code": digits(secret)})
    assert (answer.status_code, "tried too often" in answer.content.decode()) == (422, True)


def test_a_recovery_code_opens_once(client: Client, ada: Person, code_sent_to: Code) -> None:
    browser = just_logged_in(ada)
    set_up_app(browser)
    codes = browser.get(PAGE + "recovery-codes/").context["unused_codes"]
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (10, 10, {8})
    assert browser.get(PAGE + "recovery-codes/").context["unused_codes"] == ["****"] * 10
    for status in (302, 422):
        client.post("/accounts/logout/")
        enter_code(client, "ada@example.org", code_sent_to)
        assert client.post(FACTOR, {"code": codes[3]}).status_code == status


def test_a_code_of_one_does_not_open_another(client: Client, ada: Person, ben: Person, code_sent_to: Code) -> None:
    with_app(ada)
    secret = with_app(ben)
    enter_code(client, "ada@example.org", code_sent_to)
    assert client.post(FACTOR, {"code": digits(secret)}).status_code == 422


# -- how it is kept ------------------------------------------------------------------------------


def test_nothing_that_opens_lies_in_the_database(ada: Person, settings: Any) -> None:
    client = just_logged_in(ada)
    secret = set_up_app(client)
    codes = client.get(PAGE + "recovery-codes/").context["unused_codes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert [word for word in (secret, *codes) if word in kept] == []
    settings.CONTENT_KEYS = {"k1": b"another key, of thirty-two bytes"}
    with pytest.raises(CannotRead):
        Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap().validate_code(digits(secret))


def test_changing_it_needs_a_fresh_log_in(ada: Person) -> None:
    client = just_logged_in(ada, ago=16 * 60)
    pages = ("app/", "app/removal/", "passkeys/new/", "passkeys/1/removal/", "recovery-codes/", "recovery-codes/new/")
    for page in pages:
        answer = client.get(PAGE + page)
        assert answer["Location"] == f"/accounts/login/again/?next=/accounts/second-factor/{page}".replace(
            "=/accounts/second-factor/", "=%2Faccounts%2Fsecond-factor%2F"
        ).replace(page, page.replace("/", "%2F"))
        assert client.post(PAGE + page, {"code": "1"}).status_code == 302
    assert not Authenticator.objects.exists()
    assert just_logged_in(ada, ago=14 * 60).get(PAGE + "app/").status_code == 200


def test_logging_in_again_comes_back_and_nowhere_else(ada: Person, code_sent_to: Code) -> None:
    client = just_logged_in(ada, ago=16 * 60)
    page = client.get("/accounts/login/again/?next=/accounts/second-factor/app/")
    assert "First log in again" in page.content.decode()
    onward = client.post("/accounts/login/again/", {"next": "/accounts/second-factor/app/"})["Location"]
    assert onward == LOGIN + "?next=%2Faccounts%2Fsecond-factor%2Fapp%2F"
    assert "_auth_user_id" not in client.session
    evil = just_logged_in(ada).post("/accounts/login/again/", {"next": "https://evil.example/"})
    assert evil["Location"] == LOGIN + "?next=%2F"


def test_the_first_one_ends_every_other_log_in_and_is_told_by_mail(
    ada: Person, as_: As, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere, client = as_(ada), just_logged_in(ada)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    assert (elsewhere.get("/me/").status_code, client.get("/me/").status_code) == (302, 200)
    assert BrowserSession.objects.filter(person=ada).count() == 1
    assert [(each.kind, each.recipient) for each in Message.objects.all()] == [("log_in_changed", ada)]


def test_removing_it_is_told_too(ada: Person, django_capture_on_commit_callbacks: Any) -> None:
    with_app(ada)
    with django_capture_on_commit_callbacks(execute=True):
        assert just_logged_in(ada).post(PAGE + "app/removal/", {"confirmed": "yes"})["Location"] == PAGE
    assert not Authenticator.objects.exists()
    assert [each.params["change"] for each in Message.objects.all()] == ["The app for codes was taken away."]


def test_somebody_elses_passkey_cannot_be_taken_away(ada: Person, ben: Person) -> None:
    theirs = Authenticator.objects.create(user=ben, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    assert just_logged_in(ada).post(f"{PAGE}passkeys/{theirs.pk}/removal/").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_a_passkey_gets_another_name_from_its_owner_alone(ada: Person, ben: Person, as_: As) -> None:
    mine, theirs = (
        Authenticator.objects.create(
            user=each, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
        )
        for each in (ada, ben)
    )
    assert as_(ada).get(f"{PAGE}passkeys/{mine.pk}/name/").headers["Location"].startswith("/accounts/login/again/")
    client = just_logged_in(ada)
    assert f'href="{PAGE}passkeys/{mine.pk}/name/"' in client.get(PAGE).content.decode()
    assert 'value="Phone"' in client.get(f"{PAGE}passkeys/{mine.pk}/name/").content.decode()
    answers = [
        client.post(f"{PAGE}passkeys/{one.pk}/name/", {"name": name}).status_code
        for one, name in ((mine, " "), (mine, "x" * 61), (theirs, "Mine"), (mine, "The blue key"))
    ]
    assert answers == [422, 422, 404, 302]
    assert "It is called “The blue key” now." in client.get(PAGE).content.decode()
    assert dict(Authenticator.objects.values_list("user__name", "data__name")) == {
        "Ada": "The blue key",
        "Ben": "Phone",
    }


def test_a_passkey_is_asked_for_with_the_owner_verified(client: Client, ada: Person) -> None:
    asked = client.get("/accounts/login/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    assert asked["publicKey"]["userVerification"] == "required"
    adding = just_logged_in(ada).get(PAGE + "passkeys/new/").context["passkey_options"]
    assert '"userVerification": "required"' in adding
    assert '"residentKey": "required"' in adding


NO_ANSWERS = ["", "null", "{}", "[]", '{"id": 1}', '{"response": {"userHandle": "AA"}}', "x", "9" * 5000, "[" * 100_000]


@pytest.mark.parametrize("credential", NO_ANSWERS, ids=lambda one: one[:20])
def test_a_made_up_passkey_opens_nothing(client: Client, ada: Person, credential: str) -> None:
    client.get("/accounts/login/passkey/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/login/passkey/", {"credential": credential})
    assert (answer.status_code, "_auth_user_id" in client.session) == (302, False)


def test_the_operator_helps_whoever_has_lost_all(ada: Person, as_: As) -> None:
    with_app(ada)
    client = as_(ada)
    call_command("forget_second_factor", "ADA@example.org", stdout=StringIO())
    assert (Authenticator.objects.count(), client.get("/me/").status_code) == (0, 302)
    with pytest.raises(CommandError):
        call_command("forget_second_factor", "nobody@example.org", stdout=StringIO())


def test_roles_log_in_for_less_long(client: Client, ada: Person, dora: Person, code_sent_to: Code) -> None:
    lasts = {}
    for person in (ada, dora):
        enter_code(client, person.email or "", code_sent_to)
        lasts[person.name] = timedelta(seconds=client.session.get_expiry_age())
        client.post("/accounts/logout/")
    assert lasts == {"Ada": timedelta(days=30), "Dora": timedelta(hours=12)}


def test_secrets_are_sealed_anew_when_keys_rotate(ada: Person, settings: Any) -> None:
    secret = with_app(ada)
    new = {"k2": bytes(range(100, 132))}
    settings.CONTENT_KEYS = new | settings.CONTENT_KEYS
    assert [rotating.rotate(), rotating.rotate()] == [1, 0]
    settings.CONTENT_KEYS = new
    assert Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap().validate_code(digits(secret))
