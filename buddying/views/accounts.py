"""Logging in and signing up: allauth's pages, with one way in for both, so that they answer alike."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView, SignupView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from buddying import joining
from buddying.describing import about
from buddying.forms.codes import EnterCode, RequestCode, SignUp


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
        return super().form_valid(form)


class EnterCodeView(_Refusing, ConfirmLoginCodeView):
    form_class = EnterCode
    _process: LoginCodeVerificationProcess | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", True) is None:
            messages.info(request, "That code was older than ten minutes. Please ask for a new one.")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        begun_at = joining.wanted_at(self.request) or reverse("account_request_login_code")
        return super().get_context_data(**kwargs) | {"start_url": begun_at}


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
        return super().get_form_kwargs() | {"address": self.door.address}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"door": self.door} | about(self.door.cohort)

    def form_valid(self, form: SignUp) -> HttpResponse:
        joining.mark_wanted(self.request)
        LoginCodeVerificationProcess.initiate(
            request=self.request, user=form.person(self.request), email=form.cleaned_data["email"]
        )
        return redirect("account_confirm_login_code")


request_code = RequestCodeView.as_view()
confirm_code = EnterCodeView.as_view()
sign_up = SignUpView.as_view()
