"""A second factor besides the mailed code: who needs one, who has one, and how its secrets are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from buddying import devices
from buddying.models import Person, ProgrammeLead, RoleGrant
from trust.keys import current_wrapping_key, seal, unseal

SEALED_FOR = "second factor"
SEALED = ("secret", "seed")  # of an app for codes, of recovery codes
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# What somebody may open who has yet to set one up: the door itself, and what is the same for everybody.
OPEN_PAGES = re.compile(r"/privacy/|/help/(with/)?([\w-]+/)?")
OPEN_WITHOUT = (
    "/accounts/",
    "/health/",
    "/metrics/",
    "/incoming/",
    "/mail/stop/",
    "/look.css",
    "/look/",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/offline/",
    "/language/",
)


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That did not match. Please try again with a new code."),
        "unverified_email": _("Please log in with a code to your address first."),
        "cannot_generate_recovery_codes": _(
            "Set up a passkey or an app for codes first: recovery codes stand in for them."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, SEALED_FOR)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}


@transaction.atomic
def seal_anew() -> int:
    """With the first key of the ring, so that the others can be taken away; says how many."""
    name, _ = current_wrapping_key()
    changed = []
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        old = {key: factor.data[key] for key in SEALED if not factor.data.get(key, name + ":").startswith(name + ":")}
        if old:
            factor.data |= {key: seal(unseal(text, SEALED_FOR), SEALED_FOR) for key, text in old.items()}
            changed.append(factor)
    Authenticator.objects.bulk_update(changed, ["data"])
    return len(changed)


class Backend(AuthenticationBackend):
    """Whoever asks is fetched on every request, and with them whether a second factor is missing."""

    def get_user(self, user_id: Any) -> Person | None:
        person = _told().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None


def _told() -> Any:
    theirs = OuterRef("pk")
    needs = Exists(RoleGrant.objects.live().filter(person=theirs)) | Exists(ProgrammeLead.objects.filter(person=theirs))
    lacks = needs & ~Exists(Authenticator.objects.filter(user=theirs, type__in=FACTORS))
    return Person.objects.annotate(lacks_second_factor=ExpressionWrapper(lacks, output_field=BooleanField()))


def is_missing(person: Any) -> bool:
    return settings.SECOND_FACTOR == "required" and lacks(person)


def lacks(person: Any) -> bool:
    """Leads or administers, and has neither a passkey nor an app."""
    if not person.is_authenticated:
        return False
    if not hasattr(person, "lacks_second_factor"):
        person.lacks_second_factor = _told().filter(pk=person.pk, lacks_second_factor=True).exists()
    return bool(person.lacks_second_factor)


def has_one(person: Any) -> bool:
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def required(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: leads and administrators set one up before anything else of theirs opens."""

    def handle(request: HttpRequest) -> HttpResponse:
        if is_missing(request.user) and not _is_open(request.path):
            return _led_to_it(request)
        return get_response(request)

    return handle


def _is_open(path: str) -> bool:
    return path.startswith(OPEN_WITHOUT) or OPEN_PAGES.fullmatch(path) is not None


def _led_to_it(request: HttpRequest) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("mfa_index")})
    return redirect("mfa_index")


def forget(person: Person) -> int:
    """For the operator, when somebody has lost all of theirs: they log in with a code and set one up anew."""
    forgotten = Authenticator.objects.filter(user=person).delete()[0]
    devices.end_all_of(person)
    return int(forgotten)
