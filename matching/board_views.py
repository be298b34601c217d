"""What stands around a lead's board: what rules cost, reminders, two drafts side by side."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from buddying.models import Cohort
from matching.board import LOOKED_AT_A_DRAFT
from matching.comparison import comparable, comparison_of
from matching.costs import AT_ALL, costs_before_a_run
from matching.models import MatchRun
from matching.reminding import remind
from matching.snapshot import to_be_matched
from trust.acting import without_content
from trust.trail import note_look


@login_required
@require_GET
@without_content
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
        words = ngettext(
            "%(count)d person is being reminded by mail.", "%(count)d people are being reminded by mail.", reminded
        )
        messages.success(request, words % {"count": reminded})
    else:
        messages.info(request, gettext("Nobody was reminded: everybody whom mail reaches has had a reminder today."))
    return redirect("matching:board", cohort.pk)


@login_required
@require_GET
@without_content
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = led(request, pk)
    drafts = comparable(cohort, request.user)
    first, second = (_chosen(drafts, request.GET.get(name)) for name in ("first", "second"))
    context = {"cohort": cohort, "comparable": drafts, "first": first, "second": second}
    if first and second and first != second:
        shown = comparison_of(first, second, request.user, request.GET.get("page"))
        note_look(request.user, shown.people, LOOKED_AT_A_DRAFT, cohort=cohort)
        context["comparison"] = shown
    elif len(drafts) < 2:
        return redirect("matching:board", cohort.pk)
    return render(request, "matching/comparison.html", context)


def _chosen(drafts: list[MatchRun], wanted: str | None) -> MatchRun | None:
    return next((draft for draft in drafts if str(draft.pk) == wanted), None)


def led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
