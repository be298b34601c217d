"""How often somebody may try a door. Counted by the address they come from, and by person or address they name."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("buddying.security")

Handler = Callable[[HttpRequest], HttpResponse]

# What opens by a secret in its address or its head: misses are counted, hits are not.
DOORS = ("/join/", "/invitations/", "/calendar/", "/mail/stop/", "/incoming/", "/metrics/", "/accounts/sso/callback/")
MISSES = (400, 401, 403, 404)

KNOWN = "__Host-known" if settings.PRODUCTION else "buddying_known"
A_YEAR = 365 * 24 * 3600


def allows(
    request: HttpRequest, action: str, *, key: str | None = None, user: Any = None, only_asking: bool = False
) -> bool:
    """Counts this try, unless it is only asked. GET counts too: ask where something is done."""
    return bool(
        ratelimit.consume(
            request,
            app="allauth.account",
            action=action,
            config=app_settings.RATE_LIMITS,
            key=key,
            user=user,
            dry_run=only_asking,
            limit_get=True,
        )
    )


def too_many(request: HttpRequest) -> HttpResponse:
    log.warning("too many tries at /%s", request.path.split("/")[1])  # the rest may be a secret
    return ratelimit.respond_429(request)


def tries_at_doors(get_response: Handler) -> Handler:
    """Middleware: whoever guesses at secret addresses is soon asked to wait."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DOORS):
            return get_response(request)
        if _has_missed_too_often(request):
            return too_many(request)
        response = get_response(request)
        if response.status_code in MISSES:
            allows(request, "door")
        return response

    return handle


def _has_missed_too_often(request: HttpRequest) -> bool:
    """Without the database nobody knows, and nothing opens either: what stands behind the door says so."""
    config = app_settings.RATE_LIMITS
    try:
        return not ratelimit.consume(
            request, app="allauth.account", action="door", config=config, dry_run=True, limit_get=True
        )
    except (OperationalError, InterfaceError):
        return False


# A browser that somebody has logged in with asks for codes from a budget of its own, so that a stranger who uses up
# the mailbox's shuts nobody out of the browsers they know.


def key_for(request: HttpRequest, address: str) -> str:
    return f"known browser|{_mark(address)}" if is_known(request, address) else address.lower()


def is_known(request: HttpRequest, address: str) -> bool:
    return _mark(address) in _marks(request)


def _marks(request: HttpRequest) -> list[str]:
    try:
        return signing.loads(request.COOKIES.get(KNOWN, ""), salt=KNOWN, max_age=A_YEAR)
    except signing.BadSignature:
        return []


def remember_browser(request: HttpRequest, response: HttpResponse, address: str) -> None:
    marks = [mark for mark in _marks(request) if mark != _mark(address)]
    response.set_cookie(
        KNOWN,
        signing.dumps([*marks, _mark(address)][-5:], salt=KNOWN),
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:24]
