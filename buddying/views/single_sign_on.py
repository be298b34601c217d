"""The way to the organisation's own log-in, and back."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback as allauth_callback
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from buddying import joining, limits, sso
from buddying.recently import recently


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Only ever to log in: a link that somebody else made must not tie their account to the reader's."""
    if not settings.SSO:
        raise Http404
    if not limits.allows(request, "single_sign_on"):
        return limits.too_many(request)
    joining.mark_wanted(request, "joining" in request.GET)
    sso.forget(request)
    try:
        provider = get_adapter().get_provider(request, settings.SSO_PROVIDER)
        return provider.redirect(request, AuthProcess.LOGIN, get_next_redirect_url(request))
    except (RequestException, ValueError, KeyError):
        return sso.refused(request, sso.CANNOT)


@never_cache
@require_safe
def callback(request: HttpRequest, **provider: Any) -> HttpResponse:
    if not settings.SSO:
        raise Http404
    try:
        return allauth_callback(request, **provider)
    except (ValueError, KeyError):  # an answer that is not what the standard says
        return sso.refused(request, sso.CANNOT)


@login_required
@recently
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    if sso.unlink(request.user):
        messages.success(request, _("No longer linked. You log in with a code or a passkey."))
    return redirect("mfa_index")
