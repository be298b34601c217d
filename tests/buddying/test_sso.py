"""Single sign-on, as far as it goes without a provider. With a real one: tests/browser/test_single_sign_on.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import clear_url_caches

from buddying import sso
from buddying.account_routes import PROVIDER
from buddying.environment import single_sign_on
from buddying.models import Person

ISSUER = "https://id.example.org/tenant"


@pytest.fixture(autouse=True)
def no_limits_reached(db: None) -> None:
    cache.clear()


@pytest.fixture
def organisation(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("ISSUER", ISSUER), ("CLIENT_ID", "us"), ("CLIENT_SECRET", "secret"), ("NAME", "Alder ID")):
        monkeypatch.setenv(f"BUDDYING_OIDC_{name}", value)
    settings.SSO = single_sign_on(https=True)
    settings.SSO_PROVIDER, settings.SSO_NAME = settings.SSO["provider_id"], "Alder ID"
    monkeypatch.setitem(PROVIDER, "provider_id", settings.SSO_PROVIDER)
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def request_with(kept: dict[str, Any] | None) -> Any:
    request = RequestFactory().get("/")
    request.session = {sso.ARRIVED: kept} if kept else {}  # type: ignore[assignment]
    return request


def arrival(**changes: Any) -> dict[str, Any]:
    told = {"provider": "sso-id", "subject": "s1", "address": "ada@example.org", "name": "Ada", "at": time.time()}
    return told | changes


def test_a_subject_is_linked_where_the_code_proved_its_address(ada: Person) -> None:
    sso.link(request_with(arrival()), ada)
    assert list(SocialAccount.objects.values_list("user", "provider", "uid")) == [(ada.pk, "sso-id", "s1")]


@pytest.mark.parametrize("changes", [{"address": "ben@example.org"}, {"at": time.time() - 601}])
def test_another_address_or_an_old_arrival_links_nothing(ada: Person, changes: dict[str, Any]) -> None:
    request = request_with(arrival(**changes))
    sso.link(request, ada)
    sso.link(request, ada)
    assert (SocialAccount.objects.count(), request.session) == (0, {})


def test_whoever_begins_anew_is_not_linked_to_who_was_there_before(ada: Person, code_sent_to: Any) -> None:
    """Somebody arrived from the provider with Ada's address and went away; now Ada logs in at that browser."""
    client = Client()
    client.get("/accounts/login/code/")
    session = client.session
    session[sso.ARRIVED] = arrival()
    session.save()
    client.cookies["buddying_session"] = session.session_key
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_sent_to("ada@example.org")})
    assert "_auth_user_id" in client.session
    assert not SocialAccount.objects.exists()


def test_a_subject_of_another_issuer_is_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    names = set()
    for issuer in ("https://id.example.org", "https://id.example.org/tenant", "https://id2.example.org"):
        monkeypatch.setenv("BUDDYING_OIDC_ISSUER", issuer)
        monkeypatch.setenv("BUDDYING_OIDC_CLIENT_ID", "us")
        monkeypatch.setenv("BUDDYING_OIDC_CLIENT_SECRET", "secret")
        names.add((single_sign_on(https=True) or {})["provider_id"])
    assert len(names) == 3


@pytest.mark.parametrize(("issuer", "https"), [("http://id.example.org", True), ("id.example.org", False)])
def test_an_issuer_without_tls_stops_the_start(monkeypatch: pytest.MonkeyPatch, issuer: str, https: bool) -> None:
    monkeypatch.setenv("BUDDYING_OIDC_ISSUER", issuer)
    with pytest.raises(ImproperlyConfigured):
        single_sign_on(https=https)


@pytest.mark.parametrize(
    "told",
    [
        {"id_token": {"iss": ISSUER, "sub": "a"}, "userinfo": {"sub": "b"}},
        {"id_token": {"iss": ISSUER, "sub": "a"}, "userinfo": {"email": "ada@example.org"}},
        {"id_token": {"iss": "https://evil.example", "sub": "a"}, "userinfo": {"sub": "a"}},
        {"userinfo": {"sub": "a"}},
        {},
    ],
)
def test_what_does_not_fit_together_is_refused(organisation: None, told: dict[str, Any]) -> None:
    assert not sso._tells_one_story(told)
    assert sso._tells_one_story({"id_token": {"iss": ISSUER + "/", "sub": "a"}, "userinfo": {"sub": "a"}})


def test_a_provider_that_is_away_leaves_the_other_ways(organisation: None, settings: Any, client: Client) -> None:
    settings.SSO["settings"]["server_url"] = "http://127.0.0.1:1"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [settings.SSO]}}
    page = client.get("/accounts/sso/", follow=True)
    assert page.status_code == 200
    assert "did not work just now" in page.content.decode()
    assert "Send me a code" in page.content.decode()


def test_a_link_of_somebody_elses_making_only_ever_logs_in(organisation: None, settings: Any, client: Client) -> None:
    """``process=connect`` would tie the account of whoever made the link to the reader's."""
    settings.SSO["settings"]["server_url"] = "http://127.0.0.1:1"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [settings.SSO]}}
    client.get("/accounts/sso/?process=connect&next=https://evil.example/")
    states = client.session.get("socialaccount_states", {})
    assert {(state["process"], state.get("next")) for state, _ in states.values()} <= {("login", None)}


def test_without_one_there_is_no_such_address(client: Client) -> None:
    assert [client.get(f"/accounts/sso/{page}").status_code for page in ("", "callback/")] == [404, 404]
