"""What stands around a lead's board: what rules cost, reminders, two drafts side by side."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from buddying.models import Cohort
from buddying.words import counted
from matching.costs import AT_ALL, costs_before_a_run
from matching.reminding import remind
from matching.snapshot import to_be_matched


@login_required
@require_GET
def costs(request: HttpRequest, pk: int) -> HttpResponse:
    """The sentences beside the rules, for cohorts in which counting takes a moment."""
    cohort = led(request, pk)
    if to_be_matched(cohort).count() > AT_ALL:
        return HttpResponse(status=204)
    return render(request, "matching/costs.html", {"costs": costs_before_a_run(cohort)})


@login_required
@require_POST
def reminders(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = led(request, pk)
    if reminded := remind(cohort):
        are = counted(reminded, "person is", "people are")
        messages.success(request, f"{are} being reminded by mail.")
    else:
        messages.info(request, "Nobody was reminded: whoever can be has been reminded today.")
    return redirect("matching:board", cohort.pk)


def led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
