"""How allauth behaves here: codes by mail through the outbox, and sign-up only at an open door."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from buddying import joining, letters
from buddying.models import Person
from outbox import bounces

WORDS = {
    "incorrect_code": "That is not the code we sent. Please look again; the newest mail counts.",
    "too_many_login_attempts": "That was tried too often. Please wait a minute, then ask for a new code.",
    "rate_limited": "That was quick. Please wait a minute, then ask for a new code.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return joining.remembered(request) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letters.post_account_letter(template_prefix.rpartition("/")[2], email, {"code": context.get("code")})

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        bounces.works_again(user.email or "")  # the code came from there
        response = super().post_login(request, user, **kwargs)
        onward = joining.fulfil(request, user)
        if onward is None:
            return response
        messages.success(request, "You are in. Two short pages about you, and you can name buddies.")
        return redirect(onward)
