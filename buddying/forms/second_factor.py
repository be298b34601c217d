"""The forms of a second factor, in our words."""

from __future__ import annotations

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from buddying.devices import describe
from outbox.words import Words

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class EnterFactor(base.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits from your app, or one of your recovery codes."))


class NewAppCode(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits that the app shows once it knows this account."))


# What fido2 raises over an answer that no browser would give.
NONSENSE = (LookupError, TypeError, ValueError, AttributeError, struct.error, InvalidSignature)


class Answer(forms.JSONField):
    """A passkey's. Numbers of thousands of digits and lists of thousands of lists are none, and no error of ours."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Not shown again: it answers one question, once."""
        return initial


class _Wellformed:
    """An answer that is none is refused like one that does not fit, and is no error of ours."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class LogInByPasskey(_Wellformed, webauthn.LoginWebAuthnForm):
    credential = Answer()


class UsePasskey(_Wellformed, webauthn.AuthenticateWebAuthnForm):
    credential = Answer()


class AddPasskey(webauthn.AddWebAuthnForm):
    credential = Answer()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = self._usual()
        self.fields.pop("passwordless", None)  # all of ours are: the browser was asked for no other
        self.fields["name"] = _name_of_a_passkey(required=False)

    def _usual(self) -> str:
        return describe(context.request.headers.get("User-Agent", ""))

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None

    def clean_name(self) -> str:
        return self.cleaned_data["name"].strip() or self._usual()


class RenamePasskey(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_of_a_passkey(required=True)


def _name_of_a_passkey(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("What to call it"),
        max_length=60,
        required=required,
        help_text=_("So that you know it again in the list."),
    )


def _plain(field: Any, help_text: Words) -> None:
    field.label, field.help_text = _("Code"), help_text
    field.widget = forms.TextInput(attrs=CODE)
