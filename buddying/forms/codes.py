"""Asking for a code, with or without an account so far."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from buddying.models import Person
from buddying.people import who_enters_with

ADDRESS = {"autocomplete": "email", "type": "email"}


class RequestCode(allauth.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"])

    def clean_email(self) -> str:
        email = super().clean_email().lower()
        self._user = who_enters_with(email)
        return email


class EnterCode(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = "The code from the mail", "It works for ten minutes."
        code.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        )


class SignUp(allauth.SignupForm):
    """Name, address and time zone. Whoever has an account is sent a code to it, and the page tells nobody."""

    def __init__(self, *args: Any, address: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        _plain(email)
        if address:
            email.initial, email.disabled = address, True
            email.help_text = "The invitation was sent to this address."

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email

    def person(self, request: HttpRequest) -> Person | None:
        """Who is sent a code; None for somebody who may not enter."""
        email = self.cleaned_data["email"]
        if not Person.objects.with_address(email).exists():
            try:
                with transaction.atomic():
                    return self.save(request)
            except IntegrityError:
                pass  # somebody sent the form twice at once
        return who_enters_with(email)


def _plain(email: Any) -> None:
    email.label = "Your e-mail address at work"
    email.widget = forms.EmailInput(attrs=ADDRESS)
