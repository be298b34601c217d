"""Asking for a code, with or without an account so far."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import uuid4

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from buddying import limits, signing_up
from buddying.models import Person
from buddying.people import who_enters_with

ADDRESS = {"autocomplete": "email", "type": "email"}


class RequestCode(allauth.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"])

    def clean_email(self) -> str:
        email = _within_limits(self.cleaned_data["email"])
        self._user = who_enters_with(email)
        return email


class EnterCode(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = _("The code from the mail"), _("It works for ten minutes.")
        code.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        )


class SignUp(allauth.SignupForm):
    """Name, address and time zone. Whoever has an account is sent a code to it, and the page tells nobody."""

    def __init__(
        self, *args: Any, address: str | None = None, arrived: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """``address``: the one that may enter; ``arrived``: what the organisation's log-in has told."""
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        _plain(email)
        if arrived:
            self.fields["name"].initial, email.initial = arrived["name"], arrived["address"]
        if address:
            email.initial, email.disabled = address, True
            email.help_text = _("The invitation was sent to this address.")

    def clean_email(self) -> str:
        return _within_limits(self.cleaned_data["email"])

    def person(self, request: HttpRequest) -> Person | None:
        """Who is sent a code; None for somebody who may not enter.

        For whoever is here the same is done in another's name and taken back, so that the time tells nothing either.
        """
        address = self.cleaned_data["email"]
        signing_up.remember(request, address, self.said())
        signing_up.retype(address, self.said())
        is_here = Person.objects.with_address(address).exists()
        if is_here:
            self.cleaned_data["email"] = f"{uuid4().hex}@nobody.invalid"
        with suppress(IntegrityError), transaction.atomic():  # the form may have been sent twice at once
            self.save(request)
            transaction.set_rollback(is_here)
        self.cleaned_data["email"] = address
        return who_enters_with(address)


def _within_limits(address: str) -> str:
    """In small letters. A mailbox is written to a few times a minute and no more, known or not."""
    request = context.request
    if not limits.allows(request, "request_login_code", key=limits.key_for(request, address)):
        raise get_adapter().validation_error("too_many_login_attempts")
    return address.lower()


def _plain(email: Any) -> None:
    email.label = _("Your e-mail address at work")
    email.widget = forms.EmailInput(attrs=ADDRESS)
