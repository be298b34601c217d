"""The lead's page of what a cohort is mailed. Every letter on it is made up; nobody's is shown."""

from __future__ import annotations

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from buddying.models import Cohort
from insights import mail as letters
from outbox.kinds import Kind, UnknownKind, kind_of
from trust.acting import without_content

# A mail brings its own styles and nothing else: no script, no picture, nothing from anywhere, shown in our frame alone.
A_MAIL = {"default-src": [NONE], "style-src": ["'unsafe-inline'"], "frame-ancestors": [SELF], "sandbox": []}


@login_required
@require_safe
@without_content
def cohort_mail(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    return render(request, "insights/mail.html", {"cohort": cohort, "sections": letters.sections(cohort)})


@csp_update({"frame-src": [SELF]})
@login_required
@require_safe
@without_content
def mail_preview(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    cohort, kind = _led(request, pk), _kind(name)
    with timezone.override(cohort.zone):
        letter = letters.preview(kind, cohort)
    return render(request, "insights/mail_preview.html", {"cohort": cohort, "kind": kind, "letter": letter})


@xframe_options_sameorigin
@csp(A_MAIL)
@login_required
@require_safe
@without_content
def mail_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    cohort, kind = _led(request, pk), _kind(name)
    with timezone.override(cohort.zone):
        return HttpResponse(letters.preview(kind, cohort).html or "")


def _led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)


def _kind(name: str) -> Kind:
    try:
        kind = kind_of(name)
    except UnknownKind:
        raise Http404 from None
    if kind.preview is None:
        raise Http404
    return kind
