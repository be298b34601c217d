"""Passkeys, an app for codes, recovery codes: allauth's views, behind a fresh log-in, in our words."""

from __future__ import annotations

import json
import logging
from typing import Any

from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from buddying import devices, limits, second_factor, sso
from buddying.forms.second_factor import AddPasskey, EnterFactor, LogInByPasskey, NewAppCode, RenamePasskey, UsePasskey
from buddying.recently import recently

log = logging.getLogger("buddying.security")


class _Refusing:
    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class _Adding(_Refusing):
    """Whoever knew only the code before is logged out elsewhere when the first factor is added."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        first = not second_factor.has_one(self.request.user)
        response = super().form_valid(form)  # type: ignore[misc]
        if first and (ended := devices.end_others(self.request)):
            said = ngettext(
                "Another browser was logged out: from now on the second factor is asked for there too.",
                "%(count)d other browsers were logged out: from now on the second factor is asked for there too.",
                ended,
            )
            messages.info(self.request, said % {"count": ended})
        return response


class Index(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        more = {"missing": second_factor.is_missing(person), "linked": sso.linked_to(person)}
        return super().get_context_data(**kwargs) | more | {"passkeys_work": _has_a_name(self.request)}


class Authenticate(AuthenticateView):
    """After the code: the second factor of whoever has one."""

    form_class = EnterFactor
    webauthn_form_class = UsePasskey

    def form_invalid(self, form: Any) -> HttpResponse:
        log.warning("wrong second factor for person %s", self.stage.login.user.pk)
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        theirs = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        context = super().get_context_data(**kwargs)
        return context | {"types": set(theirs), "passkey_options": _written(context["js_data"]["request_options"])}


class LogInByPasskeyView(LoginWebAuthnView):
    form_class = LogInByPasskey

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Each challenge is a row: limited too."""
        if not limits.allows(request, "passkey_asked"):
            return limits.too_many(request)
        return super().get(request, *args, **kwargs)


class AddApp(_Adding, ActivateTOTPView):
    form_class = NewAppCode


class RemoveApp(DeactivateTOTPView):
    pass


class AddPasskeyView(_Adding, AddWebAuthnView):
    form_class = AddPasskey

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Kept on the device, opened by a fingerprint, a face or a PIN: it logs in by itself."""
        options = webauthn.begin_registration(self.request.user, passwordless=True)
        more = {"passkey_options": _written(options), "passkeys_work": _has_a_name(self.request)}
        return {"form": kwargs.get("form") or self.get_form()} | more


class RenamePasskeyView(_Refusing, EditWebAuthnView):
    form_class = RenamePasskey
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("It is called “%(name)s” now.") % {"name": form.cleaned_data["name"]})
        return response


class RemovePasskey(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


def _has_a_name(request: HttpRequest) -> bool:
    """Browsers keep passkeys for names, not for numbers such as 127.0.0.1."""
    return any(letter.isalpha() for letter in request.get_host().partition(":")[0])


def _written(options: dict[str, Any]) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)


def _guarded(view: Any) -> Any:
    return never_cache(recently(view.as_view()))


index = login_required(Index.as_view())
authenticate = Authenticate.as_view()
log_in_by_passkey = LogInByPasskeyView.as_view()
add_app = _guarded(AddApp)
remove_app = _guarded(RemoveApp)
add_passkey = _guarded(AddPasskeyView)
rename_passkey = _guarded(RenamePasskeyView)
remove_passkey = _guarded(RemovePasskey)
recovery_codes = _guarded(ViewRecoveryCodesView)
new_recovery_codes = _guarded(GenerateRecoveryCodesView)
