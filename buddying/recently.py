"""Asking for a fresh log-in before something that a stranger at an open screen must not do."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

RECENT = 15 * 60  # seconds


def logged_in_recently(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < RECENT


def recently(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for whoever has shown within a quarter of an hour who they are; others log in again and come back."""

    @login_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return asked_again(request, reverse("mfa_index")) or view(request, *args, **kwargs)

    return shown


def asked_again(request: HttpRequest, instead: str = "") -> HttpResponseBase | None:
    """To the page that asks for another log-in, and from there back (or to ``instead``, from what was posted); None for
    somebody who has logged in recently."""
    if logged_in_recently(request):
        return None
    come_back = instead if instead and request.method != "GET" else request.get_full_path()
    return redirect(f"{reverse('account_log_in_again')}?{urlencode({'next': come_back})}")
