"""The lead's page of a cohort. Looking at people's progress is noted, and they can see it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from buddying.models import Cohort, Organisation
from buddying.reader import reader
from insights import cohort as figures
from insights.lead import PLOTS, Dashboard
from insights.sheets import as_csv
from trust.acting import acting_as, without_content
from trust.trail import note_look

A_PAGE = 25


@login_required
@require_safe
@without_content
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    page = _dashboard(request, pk)
    led = page.cohort
    people = Paginator(figures.people(led), A_PAGE).get_page(request.GET.get("page"))
    rows = figures.followed(led, page.lead, page.at)
    in_need, needs = page.needs(request.GET.get("need"))
    seen = figures.seen(rows) | {one.person for one in people} | {person for need in needs for person in need.people}
    note_look(request.user, seen, gettext_noop("followed the progress of %(cohort)s"), cohort=led)
    with acting_as(request.user):
        calls, more_calls = page.calls()
    context = {
        "cohort": led,
        "page": page,
        "people": people,
        "followed": rows,
        "more": figures.live(led, page.lead, page.at).count() - len(rows) if len(rows) == figures.MOST else 0,
        "in_need": in_need,
        "needs": needs,
        "calls": calls,
        "more_calls": more_calls,
    }
    return render(request, "insights/cohort.html", context)


@login_required
@require_safe
@without_content
def figures_file(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One of the page's tables, as it stands there."""
    page = _dashboard(request, pk)
    if slug not in PLOTS:
        raise Http404
    return as_csv(PLOTS[slug](page).sheet, slugify(page.cohort.name) or "cohort")


@login_required
@require_safe
@without_content
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet of paper for sponsors: totals alone."""
    page = _dashboard(request, pk)
    context = {"cohort": page.cohort, "page": page, "organisation_name": Organisation.current().name}
    return render(request, "insights/report.html", context)


def _dashboard(request: HttpRequest, pk: int) -> Dashboard:
    led = get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
    return Dashboard(led, reader(request), timezone.now())
