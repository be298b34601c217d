"""The link below a mail that stops mails of its group. It needs no log-in, and shows nothing of anybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from outbox.groups import GROUPS
from outbox.unsubscribing import Stop, stop_of

# What a mail program sends by itself (RFC 8058). It brings no cookie, so nothing can be done in another's name.
ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = stop_of(token)
    if found is None:
        return _unreadable(request)
    if request.method == "POST" and dict(request.POST.lists()) == ONE_CLICK:
        found.choices.stop(found.group.slug)
        return HttpResponse("Stopped.\n", content_type="text/plain; charset=utf-8")
    return _by_hand(request, found)


@csrf_protect
def _by_hand(request: HttpRequest, found: Stop) -> HttpResponse:
    if request.method != "POST":
        return _show(request, found)
    if "again" in request.POST:
        found.choices.restore(found.group.slug, _before(request.POST, found))
        return redirect(request.path)
    before = found.choices.stop(found.group.slug)
    return redirect(f"{request.path}?{urlencode(before)}")


def _unreadable(request: HttpRequest) -> HttpResponse:
    """The same for all of them, so that a guess learns nothing."""
    return render(request, "outbox/cannot_stop.html", status=404)


def _show(request: HttpRequest, found: Stop) -> HttpResponse:
    before = _before(request.GET, found)
    context = {
        "group": found.group,
        "is_stopped": found.choices.is_stopped(found.group.slug, before),
        "before": before,
        "still": [group for group in GROUPS.values() if group.is_essential],
    }
    return render(request, "outbox/stop.html", context)


def _before(data: Any, found: Stop) -> dict[str, str]:
    """What stood there before, from the address or the form, as far as it can be."""
    return found.choices.possible(found.group.slug, {name: data[name] for name in data})
