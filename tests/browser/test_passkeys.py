"""Passkeys in Chromium, with an authenticator that the browser pretends to have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.browser.cast import Cast, person
from tests.browser.product import Product
from tests.browser.visitors import Visitor

KEPT_BY_THE_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def product(idle_product: Product) -> Product:
    """Where leads need a second factor, at an address with a name: passkeys belong to names."""
    idle_product.host = "localhost"
    idle_product.settings["BUDDYING_SECOND_FACTOR"] = "required"
    idle_product.start("mail", "outbox", "web")
    return idle_product


@pytest.fixture(scope="module")
def cast(product: Product) -> Cast:
    with product.models():
        person("Ada")
        return Cast.enters(product.now())


def with_a_sensor(visitor: Visitor) -> tuple[Any, str]:
    line = visitor.context.new_cdp_session(visitor.page)
    line.send("WebAuthn.enable")
    added = line.send("WebAuthn.addVirtualAuthenticator", {"options": KEPT_BY_THE_DEVICE})
    return line, added["authenticatorId"]


def log_out(visitor: Visitor) -> None:
    visitor.open("/accounts/logout/")
    visitor.press("Log out", exact=True)


def test_a_lead_is_led_to_a_passkey_and_logs_in_with_it(
    product: Product, cast: Cast, arrives: Callable[..., Visitor]
) -> None:
    dora = arrives("Dora")
    with_a_sensor(dora)
    dora.log_in()
    dora.sees("You look after a programme")
    dora.page.goto("/programmes/")
    assert dora.page.url.endswith("/accounts/second-factor/")
    dora.follow("Add a passkey")
    dora.press("Add a passkey")
    expect(dora.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(dora.page.locator(".recovery-codes li")).to_have_count(10)
    dora.follow("I have kept them")
    dora.open("/programmes/")

    log_out(dora)
    dora.open("/accounts/login/code/?next=/programmes/")
    before = len(dora.codes())
    dora.press("Log in with a passkey")
    assert dora.page.url.endswith("/programmes/")
    assert len(dora.codes()) == before

    log_out(dora)
    dora.log_in()
    dora.sees("And your second factor")
    dora.press("Use my passkey")
    dora.open("/programmes/")
    assert dora.troubles == []
    with product.models():
        kinds = set(Authenticator.objects.filter(user=cast.dora).values_list("type", flat=True))
    assert kinds == {"webauthn", "recovery_codes"}
    assert [mail.text.count("A passkey was added.") for mail in product.mail.wait_for(_changed)] == [1]


def _changed(mail: Any) -> bool:
    return "has changed" in mail.subject and mail.to == "dora@example.org"


def test_a_passkey_without_its_owner_opens_nothing(cast: Cast, arrives: Callable[..., Visitor]) -> None:
    ada = arrives("Ada")
    line, sensor = with_a_sensor(ada)
    ada.log_in()
    ada.open("/accounts/second-factor/passkeys/new/")
    ada.press("Add a passkey")
    ada.sees("For the day on which your phone or key is lost")
    log_out(ada)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": sensor, "isUserVerified": False})
    ada.open("/accounts/login/code/")
    ada.button("Log in with a passkey").click()
    ada.sees("That did not work, or was stopped")
    assert ada.status_of("/me/") == 302


def test_somebody_without_passkeys_is_told_so(cast: Cast, arrives: Callable[..., Visitor]) -> None:
    eve = arrives("Eve")
    line, sensor = with_a_sensor(eve)
    eve.open("/accounts/login/code/")
    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": sensor})
    eve.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    eve.button("Log in with a passkey").click()
    eve.sees("That did not work, or was stopped")
