"""What every answer carries, and what cookies look like in production."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from buddying.models import Person

As = Callable[[Person | None], Client]
PAGES = (
    "/accounts/login/code/",
    "/privacy/",
    "/nowhere/",
    "/static/css/tokens.css",
    "/me/",
    "/health/",
    "/service-worker.js",
)


EXPECTED = {
    "Content-Security-Policy": (
        "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; object-src 'none'; "
        "script-src 'self'; style-src 'self'; worker-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_them(client: Client, page: str, db: None) -> None:
    sent = dict(client.get(page).headers)
    sent["Content-Security-Policy"] = "; ".join(sorted(sent["Content-Security-Policy"].split("; ")))
    assert {name: sent.get(name) for name in EXPECTED} == EXPECTED


def test_the_devices_powers_are_switched_off(client: Client, db: None) -> None:
    switched_off = client.get("/accounts/login/code/").headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()"} <= set(switched_off)
    assert all(each.endswith("=()") for each in switched_off)


def test_personal_pages_are_kept_nowhere(as_: As, ada: Person) -> None:
    pages = ("/", "/me/", "/me/devices/", "/accounts/second-factor/", "/nowhere/")
    assert {page: as_(ada).get(page).headers["Cache-Control"] for page in pages} == dict.fromkeys(pages, "no-store")


def test_a_body_that_is_too_long_is_not_read(client: Client, settings: Any, db: None) -> None:
    settings.MOST_BYTES = 1000
    assert client.post("/accounts/login/code/", {"email": "x" * 2000}).status_code == 413
    for length in ("-1", "a lot", "1e3"):
        assert client.post("/accounts/login/code/", CONTENT_LENGTH=length).status_code in (400, 413)


def test_whoever_sends_too_much_reads_what_to_do(settings: Any, ada: Person, as_: Callable[[Person], Client]) -> None:
    settings.MOST_BYTES = 1024**2
    answer = as_(ada).post("/me/", {"name": "x" * 1024**2})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (413, "no-store")
    assert "may have 1 MB together" in answer.content.decode()
    assert ada.name in answer.content.decode()  # a page of the product, with its menu


def test_what_only_a_button_does_says_so_to_whoever_comes_by_its_address(ada: Person, as_: As) -> None:
    """As after a log-in that had ended before the button was pressed."""
    answer = as_(ada).get("/me/devices/others/ending/")
    assert (answer.status_code, answer.headers["Allow"], answer.headers["Cache-Control"]) == (405, "POST", "no-store")
    assert "press it once more" in answer.content.decode()
    assert as_(ada).get("/me/devices/others/ending/", headers={"HX-Request": "true"}).content == b""


def test_trace_is_not_answered(client: Client, db: None) -> None:
    assert client.trace("/accounts/login/code/").status_code == 405


PRODUCTION = """
import json
from django.conf import settings
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE",
         "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
         "SECURE_SSL_REDIRECT", "SECOND_FACTOR", "DEBUG",
         "LANGUAGE_COOKIE_NAME", "LANGUAGE_COOKIE_SECURE", "LANGUAGE_COOKIE_HTTPONLY"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """The settings as they are in production, of a process of their own."""
    left_out = ("BUDDYING_SECOND_FACTOR",)
    environment = {name: value for name, value in os.environ.items() if name not in left_out} | {
        "DJANGO_SETTINGS_MODULE": "buddying.settings",
        "BUDDYING_MODE": "production",
        "BUDDYING_HOSTS": "buddies.example.org",
        "BUDDYING_BASE_URL": "https://buddies.example.org",
        "BUDDYING_SMTP_URL": "smtps://b:s@mail.example.org:465",
        "BUDDYING_MAIL_FROM": "Buddying <buddying@example.org>",
    }
    told = subprocess.run([sys.executable, "-c", PRODUCTION], env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)  # type: ignore[no-any-return]


def test_cookies_belong_to_this_host_alone(production: dict[str, Any]) -> None:
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{cookie}_COOKIE_SECURE"] and production[f"{cookie}_COOKIE_HTTPONLY"]
        assert production.get(f"{cookie}_COOKIE_SAMESITE", "Lax") == "Lax"
    assert (production["SESSION_COOKIE_PATH"], production["SESSION_COOKIE_DOMAIN"]) == ("/", None)


def test_only_by_tls_for_two_years(production: dict[str, Any]) -> None:
    assert production["SECURE_HSTS_SECONDS"] == 2 * 365 * 24 * 3600
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and production["SECURE_SSL_REDIRECT"]


def test_no_debugging_and_a_second_factor(production: dict[str, Any]) -> None:
    assert (production["DEBUG"], production["SECOND_FACTOR"]) == (False, "required")


def test_the_answer_by_tls_says_so(db: None, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    sent = Client().get("/accounts/login/code/", secure=True).headers
    assert sent["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains")


@pytest.mark.parametrize(("mode", "goes"), [("cors", False), ("same-origin", False), ("navigate", True)])
def test_a_late_answer_to_a_script_takes_nobodys_log_in(db: None, mode: str, goes: bool) -> None:
    """It left with the cookie of before the log-in, which is worth nothing by the time it is answered."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-before-the-log-in"
    answer = client.get("/", headers={"Sec-Fetch-Mode": mode})
    assert (settings.SESSION_COOKIE_NAME in answer.cookies) is goes
