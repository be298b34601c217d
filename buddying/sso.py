"""Single sign-on by OpenID Connect. An account is linked to the provider's subject, never to an address it names.

Whoever arrives for the first time proves by a mailed code that the address is theirs; only then is their subject
linked. Whoever has no account needs an open door, as everybody does.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from buddying import joining, limits
from buddying.models import Person
from buddying.people import who_enters_with
from outbox.words import Words

log = logging.getLogger(__name__)

ARRIVED = "single sign-on"
LASTS = 600  # seconds, as the code does

CANNOT = _("Logging in with {name} did not work just now. Please try again, or log in with a code.")
NO_ADDRESS = _("{name} did not tell us your address. Please log in with a code.")


class Adapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        told = sociallogin.account.extra_data
        if not _tells_one_story(told):
            raise ImmediateHttpResponse(refused(request, CANNOT))
        if sociallogin.is_existing:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})  # nothing of it is needed
            return
        raise ImmediateHttpResponse(_first_time(request, sociallogin, _claims(told)))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        log.warning("Single sign-on failed: %s", type(kwargs.get("exception")).__name__)
        raise ImmediateHttpResponse(refused(request, CANNOT))


def refused(request: HttpRequest, why: Words) -> HttpResponse:
    messages.error(request, str(why).format(name=settings.SSO_NAME[:1].upper() + settings.SSO_NAME[1:]))
    return redirect("account_request_login_code")


def _tells_one_story(told: dict[str, Any]) -> bool:
    """OpenID Connect Core 5.3.2: what userinfo says counts only for the subject that the ID token names.

    The issuer is the one we were told of, not the one that a document at its address names.
    """
    if told.get("id_token", {}).get("iss", "").rstrip("/") != settings.SSO["settings"]["server_url"]:  # type: ignore[index]
        return False
    subjects = {told[part].get("sub") for part in ("id_token", "userinfo") if told.get(part)}
    return len(subjects) == 1 and None not in subjects


def _claims(told: dict[str, Any]) -> dict[str, Any]:
    return {**told.get("id_token", {}), **told.get("userinfo", {})}


def _first_time(request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> HttpResponse:
    address = str(claims.get("email") or "").strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return refused(request, NO_ADDRESS)
    request.session[ARRIVED] = {
        "provider": sociallogin.account.provider,
        "subject": sociallogin.account.uid,
        "address": address,
        "name": str(claims.get("name") or "")[:120],
        "at": time.time(),
    }
    return _to_the_proof(request, address)


def _to_the_proof(request: HttpRequest, address: str) -> HttpResponse:
    """Back to the door that somebody came by, whether we know them or not; others are asked for a code, or seem to be.

    An invitation is bound to an address and says so itself; whoever holds one and is known needs only the code.
    """
    person, door = who_enters_with(address), joining.remembered(request)
    if (onward := joining.wanted_at(request)) and not (person and door and door.address):
        return redirect(onward)
    if not limits.allows(request, "request_login_code", key=limits.key_for(request, address)):
        return refused(request, _("That was tried too often. Please wait a minute."))
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=address)
    return redirect("account_confirm_login_code")


def arrived(request: HttpRequest) -> dict[str, Any] | None:
    """Who the provider says is here, for as long as a code lasts."""
    kept = request.session.get(ARRIVED)
    return kept if kept and time.time() - kept["at"] < LASTS else None


def forget(request: HttpRequest) -> None:
    """Somebody begins anew: what the provider said before was perhaps about somebody else."""
    request.session.pop(ARRIVED, None)


def link(request: HttpRequest, person: Person) -> None:
    """The code came back from the address that the provider named."""
    kept = arrived(request)
    forget(request)
    if kept and kept["address"] == (person.email or "").lower():
        SocialAccount.objects.get_or_create(
            provider=kept["provider"], uid=kept["subject"], defaults={"user": person, "extra_data": {}}
        )


def linked_to(person: Any) -> list[SocialAccount]:
    return list(SocialAccount.objects.filter(user=person, provider=settings.SSO_PROVIDER))


def unlink(person: Any) -> int:
    return int(SocialAccount.objects.filter(user=person).delete()[0])
