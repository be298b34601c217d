"""How often each door may be tried, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from buddying.models import Cohort, Person

As = Callable[[Person | None], Client]
Code = Callable[[str], str]
LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def low(settings: Any, no_limits_reached: None) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "door": "3/m/ip",
        "code_try": "3/m/ip",
        "single_sign_on": "3/m/ip",
        "passkey_asked": "3/m/ip",
    }
    settings.MFA_RATE_LIMITS = {"webauthn_login": "3/m/ip"}


def ask(address: str, browser: Client | None = None) -> int:
    return (browser or Client()).post(LOGIN, {"email": address}).status_code


def test_a_stranger_who_uses_up_a_mailbox_shuts_nobody_out_of_a_browser_they_know(
    client: Client, ada: Person, code_sent_to: Code
) -> None:
    ask("ada@example.org", client)
    client.post(CONFIRM, {"code": code_sent_to("ada@example.org")})
    client.post("/accounts/logout/")
    assert [ask("ada@example.org") for _ in range(4)][-1] == 422
    assert [ask("ADA@example.org", client) for _ in range(4)] == [302, 302, 302, 422]


def test_a_known_browser_is_known_for_its_own_people_alone(client: Client, ada: Person, code_sent_to: Code) -> None:
    ask("ada@example.org", client)
    client.post(CONFIRM, {"code": code_sent_to("ada@example.org")})
    client.post("/accounts/logout/")
    for _ in range(3):
        ask("ben@example.org")
    assert ask("ben@example.org", client) == 422


def test_a_made_up_mark_is_no_known_browser(ada: Person) -> None:
    for _ in range(3):
        ask("ada@example.org")
    stranger = Client()
    stranger.cookies["buddying_known"] = "made:up:mark"
    assert ask("ada@example.org", stranger) == 422


def test_codes_are_tried_a_few_times(client: Client, ada: Person) -> None:
    statuses = []
    for number in range(4):
        browser = Client()
        browser.post(LOGIN, {"email": f"nobody{number}@example.org"})
        statuses.append(browser.post(CONFIRM, {"code": "AAAA-AAAA"}).status_code)
    assert statuses == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "door",
    ["/join/guess{}/", "/invitations/1:guess{}/", "/calendar/guess{}.ics", "/mail/stop/guess{}/", "/metrics/?{}"],
)
def test_guesses_at_secret_addresses_are_counted(client: Client, door: str) -> None:
    statuses = [client.get(door.format(number)).status_code for number in range(4)]
    assert statuses == [404, 404, 404, 429]
    assert client.get(door.format(9), REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.get("/").status_code < 400


def test_the_webhook_of_mail_counts_guesses_too(client: Client, settings: Any) -> None:
    settings.INCOMING_SECRET = "s" * 40
    guess = {"content_type": "message/rfc822", "headers": {"Authorization": "Bearer guess"}}
    assert [client.post("/incoming/mail/", b"x", **guess).status_code for _ in range(4)] == [403, 403, 403, 429]


def test_whoever_holds_the_right_link_is_never_counted(client: Client, nominating_cohort: Cohort) -> None:
    link = reverse("buddying:join_cohort", args=[nominating_cohort.join_token])
    assert {client.get(link).status_code for _ in range(8)} == {200}


def test_passkeys_are_tried_a_few_times(client: Client) -> None:
    asked = [client.get("/accounts/login/passkey/", headers={"Accept": "application/json"}) for _ in range(4)]
    assert [each.status_code for each in asked] == [200, 200, 200, 429]
    sent = [client.post("/accounts/login/passkey/", {"credential": "{}"}).status_code for _ in range(4)]
    assert sent == [302, 302, 302, 429]


def test_invitations_are_counted_by_lead(as_: As, cohort: Cohort, dora: Person, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invite": "2/d/user"}
    page, browser = reverse("buddying:invitations", args=[cohort.pk]), as_(dora)
    statuses = [browser.post(page, {"addresses": f"a{number}@example.org"}).status_code for number in range(3)]
    assert statuses == [302, 302, 429]
