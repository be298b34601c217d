"""Single sign-on in Chromium, against a real OpenID Connect provider."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _stack.node import ensure_provider
from _stack.ports import LOOPBACK, free_port
from _stack.processes import tail
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import expect

from buddying.models import Cohort, Participant, Person
from tests.browser.cast import Cast, person
from tests.browser.mailbox import about
from tests.browser.product import Product
from tests.browser.visitors import Visitor

CLIENT = {"CLIENT_ID": "buddying", "CLIENT_SECRET": "only-for-tests"}
PEOPLE = {
    "s-ada": {"email": "Ada@example.org", "email_verified": True, "name": "Ada Lovelace"},
    "s-mallory": {"email": "cleo@example.org", "email_verified": True, "name": "Cleo, honestly"},
    "s-stranger": {"email": "stranger@example.org", "email_verified": True, "name": "A Stranger"},
    "s-noor": {"email": "noor@example.org", "email_verified": True, "name": "Noor Haddad"},
    "s-nobody": {"name": "No Address"},
}
BUTTON = "Log in with Alder ID"


@pytest.fixture(scope="module")
def issuer(idle_product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("oidc")
    port = free_port()
    issuer = f"http://{LOOPBACK}:{port}"
    environment = os.environ | CLIENT | {
        "ISSUER": issuer,
        "PORT": str(port),
        "PEOPLE": json.dumps(PEOPLE),
        "REDIRECT_URI": f"{idle_product.url}/accounts/sso/callback/",
    }  # fmt: skip
    with open(folder / "log", "wb") as log:
        provider = subprocess.Popen(
            ["node", "provider.mjs"],
            cwd=ensure_provider(folder / "install.log"),
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(issuer, provider, folder / "log")
        yield issuer
    finally:
        provider.terminate()
        provider.wait()


def _wait_for(issuer: str, provider: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=5):
                return
        except OSError:
            assert provider.poll() is None and time.monotonic() < deadline, tail(log, 20)
            time.sleep(0.1)


@pytest.fixture(scope="module")
def product(idle_product: Product, issuer: str) -> Product:
    idle_product.settings |= {
        "BUDDYING_OIDC_ISSUER": issuer,
        "BUDDYING_OIDC_CLIENT_ID": CLIENT["CLIENT_ID"],
        "BUDDYING_OIDC_CLIENT_SECRET": CLIENT["CLIENT_SECRET"],
        "BUDDYING_OIDC_NAME": "Alder ID",
    }
    idle_product.start("mail", "outbox", "web")
    return idle_product


@pytest.fixture(scope="module")
def cohort(product: Product) -> Cohort:
    with product.models():
        cast = Cast.enters(product.now())
        for name in ("Ada", "Cleo"):
            person(name)
        return cast.cohort("Summer", days_to_start=21)


def by_sso(visitor: Visitor, subject: str, link: str = BUTTON) -> None:
    """Through the provider's own pages: who are you, and may Buddying know?"""
    visitor.follow(link)
    visitor.page.get_by_placeholder("Enter any login").fill(subject)
    visitor.page.get_by_placeholder("and password").fill("anything")
    visitor.goes_on_by(visitor.page.get_by_role("button"))
    visitor.goes_on_by(visitor.page.get_by_role("button", name="Continue"))


def type_the_code(visitor: Visitor, mails_before: int) -> None:
    visitor.product.wait_until(lambda: len(visitor.codes()) > mails_before, "a code came")
    visitor.fill("The code from the mail", visitor.codes()[-1])
    visitor.goes_on_by(visitor.page.locator("main").get_by_role("button").first)


def linked(product: Product) -> list[tuple[str, str, dict[str, object]]]:
    with product.models():
        return list(SocialAccount.objects.values_list("uid", "user__email", "extra_data"))


def test_the_first_time_a_code_proves_the_address_and_then_none_is_needed(
    product: Product, cohort: Cohort, arrives: Callable[..., Visitor]
) -> None:
    ada = arrives("Ada")
    ada.open("/accounts/login/code/?next=/me/")
    by_sso(ada, "s-ada")
    ada.sees("You come from Alder ID for the first time")
    assert linked(product) == []
    type_the_code(ada, 0)
    assert linked(product) == [("s-ada", "ada@example.org", {})]

    ada.open("/accounts/logout/")
    ada.press("Log out", exact=True)
    ada.open("/accounts/login/code/?next=/me/")
    before = len(product.mail)
    ada.follow(BUTTON)
    expect(ada.page).to_have_url(re.compile("/me/$"))
    assert len(product.mail) == before
    ada.open("/accounts/second-factor/")
    ada.sees("has opened this account since")
    assert [trouble for trouble in ada.troubles if product.url in trouble] == []  # the provider's pages are its own
    assert linked(product) == [("s-ada", "ada@example.org", {})]


def test_an_address_that_the_provider_names_opens_nobodys_account(
    product: Product, cohort: Cohort, arrives: Callable[..., Visitor]
) -> None:
    """Mallory has told the provider that Cleo's address is hers."""
    mallory = arrives("Mallory")
    mallory.open("/accounts/login/code/")
    by_sso(mallory, "s-mallory")
    mallory.sees("You come from Alder ID for the first time")
    product.mail.wait_for(about("code", to="cleo@example.org"))
    with mallory.expecting_refusals():
        mallory.fill("The code from the mail", "AAAA-AAAA")
        mallory.goes_on_by(mallory.page.locator("main").get_by_role("button").first)
    assert mallory.status_of("/me/") == 302
    assert "s-mallory" not in [subject for subject, *_ in linked(product)]


def test_whoever_is_unknown_gets_the_same_page_and_no_account(
    product: Product, cohort: Cohort, arrives: Callable[..., Visitor]
) -> None:
    stranger = arrives("Stranger")
    stranger.open("/accounts/login/code/")
    by_sso(stranger, "s-stranger")
    stranger.sees("You come from Alder ID for the first time")
    [mail] = product.mail.wait_for(lambda mail: mail.to == "stranger@example.org")
    assert mail.subject == "Somebody asked for a code with your address"
    with product.models():
        assert not Person.objects.with_address("stranger@example.org").exists()


def test_a_join_link_lets_in_who_is_new(product: Product, cohort: Cohort, arrives: Callable[..., Visitor]) -> None:
    noor = arrives("Noor")
    noor.open(f"/join/{cohort.join_token}/")
    by_sso(noor, "s-noor", "Join with Alder ID")
    noor.sees("Alder ID says that you are Noor Haddad")
    expect(noor.page.get_by_label("Your name")).to_have_value("Noor Haddad")
    noor.goes_on_by(noor.button("Send me a code and join"))
    type_the_code(noor, 0)
    noor.sees("Welcome.")
    assert ("s-noor", "noor@example.org", {}) in linked(product)
    with product.models():
        assert Participant.objects.get(cohort=cohort, person__email="noor@example.org").is_present


def test_the_page_of_a_join_link_does_not_tell_who_is_known(
    product: Product, cohort: Cohort, arrives: Callable[..., Visitor]
) -> None:
    cleo = arrives("Cleo")
    cleo.open(f"/join/{cohort.join_token}/")
    by_sso(cleo, "s-mallory", "Join with Alder ID")
    cleo.sees("Alder ID says that you are Cleo, honestly")
    cleo.goes_on_by(cleo.button("Send me a code and join"))
    cleo.sees("Look into your mail")
    assert "s-mallory" not in [subject for subject, *_ in linked(product)]


def test_without_an_address_there_is_another_way(cohort: Cohort, arrives: Callable[..., Visitor]) -> None:
    nobody = arrives("Nobody")
    nobody.open("/accounts/login/code/")
    by_sso(nobody, "s-nobody")
    nobody.sees("did not tell us your address")


def test_an_answer_nobody_asked_for_is_refused(cohort: Cohort, arrives: Callable[..., Visitor]) -> None:
    eve = arrives("Eve")
    eve.open("/accounts/sso/callback/?code=stolen&state=made-up")
    eve.sees("did not work just now")
