"""What can be read without a connection: the guide of the next session, with nothing of anybody in it."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from buddying.session_guide import Guide, guide_from
from buddying.static_files import with_parts
from sessions_log.models import CoachingSession
from sessions_log.views.meeting import guide_of

# What the page is made of. The worker keeps these, and answers with them when the server cannot be reached.
PARTS = (
    "css/site.css",
    "js/site.js",
    "vendor/htmx/htmx.min.js",
    "vendor/atkinson-hyperlegible-next/latin.woff2",
    "img/icons.svg",
    "img/favicon.svg",
)
MINUTES = 30  # a turn, in a session of an hour


@require_safe
@cache_control(public=True, max_age=3600)
def service_worker(request: HttpRequest) -> HttpResponse:
    page, parts = reverse("sessions_log:offline"), [static(path) for name in PARTS for path in with_parts(name)]
    told = {"kept": _name_of(parts), "page": json.dumps(page), "parts": json.dumps(parts)}
    source = render_to_string("sessions_log/service-worker.js", told)
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


def _name_of(parts: list[str]) -> str:
    """Changes with what is kept, and with the language of its words."""
    return hashlib.sha256("\n".join([*parts, str(guide_from({}))]).encode()).hexdigest()[:12]


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker, so there is no token in it, no account and no message."""
    guide, minutes = _next(request)
    context = {"guide": guide, "phases": guide.of_minutes(minutes), "minutes": minutes, "csrf_token": ""}
    return render(request, "sessions_log/offline.html", context)


def _next(request: HttpRequest) -> tuple[Guide, int]:
    """The guide and the minutes of a turn: of the reader's next session, else as usual."""
    theirs = CoachingSession.objects.visible_to(request.user).upcoming()
    session = theirs.select_related("pairing__cohort__programme").first()
    if session is None:
        return guide_from({}), MINUTES
    return guide_of(session), session.minutes // len(session.pairing.people())
