"""Logging in and signing up: allauth's pages, with one way in for both, so that they answer alike."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView, SignupView
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from buddying import joining, limits, sso
from buddying.describing import about
from buddying.forms.codes import EnterCode, RequestCode, SignUp
from buddying.models import Person
from buddying.people import ensure_address

log = logging.getLogger("buddying.security")

AGAIN = gettext_lazy("That was quick. Please wait a minute, then ask for another code.")


class _Refusing:
    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class _StartingAnew:
    """A form sent again is meant: a code sent before, perhaps to a mistyped address, no longer counts."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        if request.method == "POST":
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]


class RequestCodeView(_Refusing, _StartingAnew, RequestLoginCodeView):
    form_class = RequestCode

    def form_valid(self, form: RequestCode) -> HttpResponse:
        joining.mark_wanted(self.request, "joining" in self.request.POST)
        sso.forget(self.request)
        return super().form_valid(form)


class EnterCodeView(_Refusing, ConfirmLoginCodeView):
    form_class = EnterCode
    _process: LoginCodeVerificationProcess | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if hasattr(self, "stage") and self.stage.login.user is None:
            Person.objects.filter(pk=0).first()  # as many queries as for somebody we know
        if getattr(self, "_process", True) is None:
            messages.info(request, _("That code was older than ten minutes. Please ask for a new one."))
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not limits.allows(request, "code_try"):
            return limits.too_many(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """allauth's row of the address may be missing or of a former one, however the person came to be."""
        if self._action == "verify" and self._process and isinstance(self._process.user, Person):
            ensure_address(self._process.user)
        return super().form_valid(form)

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Another code, within the mailbox's limit; for an address we do not know, another mail that says so."""
        process = self._process
        assert process is not None, "dispatch has looked"
        address = process.state["email"]
        if not limits.allows(self.request, "request_login_code", key=limits.key_for(self.request, address)):
            messages.error(self.request, AGAIN)
        else:
            process.generate_code()
            process.send()
            process.record_resend()
            process.persist()
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def form_invalid(self, form: Any) -> HttpResponse:
        known = self._process and self._process.user
        log.warning("wrong code for %s", f"person {known.pk}" if known else "nobody we know")
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        begun_at = joining.wanted_at(self.request) or reverse("account_request_login_code")
        linking = sso.arrived(self.request)
        return super().get_context_data(**kwargs) | {"start_url": begun_at, "linking": linking}


class SignUpView(_Refusing, _StartingAnew, SignupView):
    form_class = SignUp
    template_name = "buddying/join.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.door.url)

    @property
    def door(self) -> joining.Door:
        door = joining.remembered(self.request)
        assert door is not None, "is_open_for_signup has looked"
        return door

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"address": self.door.address, "arrived": sso.arrived(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"door": self.door} | about(self.door.cohort)

    @transaction.atomic
    def form_valid(self, form: SignUp) -> HttpResponse:
        """In one transaction, whose end takes as long for somebody who is here already."""
        joining.mark_wanted(self.request)
        LoginCodeVerificationProcess.initiate(
            request=self.request, user=form.person(self.request), email=form.cleaned_data["email"]
        )
        return redirect("account_confirm_login_code")


class LeavingView(LogoutView):
    """What the browser kept of these pages goes with the log-in."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@require_http_methods(["GET", "POST"])
def log_in_again(request: HttpRequest) -> HttpResponse:
    """Before something that only its owner may do: the log-in ends here, and the next one comes back."""
    there = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = "/"
    if request.method == "GET" and request.user.is_authenticated:
        return render(request, "account/log_in_again.html", {"next": there})
    logout(request)
    return redirect(f"{reverse('account_request_login_code')}?{urlencode({'next': there})}")


request_code = RequestCodeView.as_view()
confirm_code = EnterCodeView.as_view()
sign_up = SignUpView.as_view()
leaving = LeavingView.as_view()
