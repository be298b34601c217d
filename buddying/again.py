"""Some things are only done by somebody who has just shown who they are: a code came back in the last ten minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

JUST_NOW = timedelta(minutes=10)


def has_just_logged_in(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < JUST_NOW.total_seconds() for record in records)


def asked_again(request: HttpRequest) -> HttpResponse | None:
    """To the page that asks for another log-in, and from there back; None for somebody who has just logged in."""
    if has_just_logged_in(request):
        return None
    return redirect(f"{reverse('buddying:again')}?{urlencode({'next': request.path})}")


def just_logged_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view: whoever comes later is asked to log in again, and is then led back to the page."""

    @wraps(view)
    @login_required
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return asked_again(request) or view(request, *args, **kwargs)

    return asked
