"""How mail is doing: a page for administrators, and the same figures for Prometheus."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outbox import figures
from outbox.metrics import CONTENT_TYPE, as_text
from outbox.views.bearer import admit


@login_required
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    at = timezone.now()
    found, hours = figures.Figures.at(at), figures.sent_by_hour(at)
    context = {
        "figures": found,
        "is_late": found.oldest_due_seconds > 600,
        "hours": hours,
        "most": max(hour.sent for hour in hours),
        "failed": list(figures.latest_failures(at)),
    }
    return render(request, "outbox/operations.html", context)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    admit(request, settings.METRICS_SECRET)
    return HttpResponse(as_text(), content_type=CONTENT_TYPE)
