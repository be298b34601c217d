"""How allauth behaves here: codes by mail through the outbox, and sign-up only at an open door."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from buddying import devices, joining, letters, limits, signing_up, sso
from buddying.models import Person
from outbox import bounces

WORDS = {
    "incorrect_code": gettext_lazy("That is not the code we sent. Please look again; the newest mail counts."),
    "too_many_login_attempts": gettext_lazy("That was tried too often. Please wait a minute, then ask for a new code."),
    "rate_limited": gettext_lazy("That was quick. Please wait a minute, then ask for a new code."),
}

# Kept in a message and said when it is written.
CHANGES = {
    "totp_activated": gettext_noop("An app for codes was added."),
    "totp_deactivated": gettext_noop("The app for codes was taken away."),
    "webauthn_added": gettext_noop("A passkey was added."),
    "webauthn_removed": gettext_noop("A passkey was taken away."),
    "recovery_codes_generated": gettext_noop("New recovery codes were made."),
}


log = logging.getLogger("buddying.security")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return joining.remembered(request) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letters.post_account_letter(template_prefix.rpartition("/")[2], email, {"code": context.get("code")})

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        if change := CHANGES.get(template_prefix.rpartition("/")[2]):
            letters.post_log_in_changed(user, change)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        devices.note_log_in(request, user)
        signing_up.prove(request, user)
        log.info("log-in of person %s by %s", user.pk, _ways(request, user))
        if kwargs.get("email"):  # a code came from there
            bounces.works_again(user.email or "")
            sso.link(request, user)
        response = super().post_login(request, user, **kwargs)
        onward = joining.fulfil(request, user)
        if onward is not None:
            messages.success(request, _("Welcome."))
            response = redirect(onward)
        limits.remember_browser(request, response, user.email or "")
        return response


def _ways(request: HttpRequest, person: Person) -> str:
    records = get_authentication_records(request, person)
    return ", ".join(str(each.get("type") or each["method"]) for each in records)
