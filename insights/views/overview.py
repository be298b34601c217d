"""The administrator's pages: totals over cohorts and programmes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddying.models import Cohort, Organisation, Programme
from buddying.reader import reader
from insights.comparison import MOST, compared
from insights.overview import PLOTS, Overview
from insights.sheets import as_csv
from outbox.figures import Figures
from trust.acting import without_content


@login_required
@require_safe
@without_content
def overview(request: HttpRequest) -> HttpResponse:
    page = _overview(request)
    cohorts, rows = page.cohorts(request.GET.get("page"))
    context = {"page": page, "cohorts": cohorts, "rows": rows, "chosen": page.programme, "mail": Figures.at(page.at)}
    context["choices"] = Programme.objects.only("name")[:500]
    if page.programme is None:
        context["programmes"], context["programme_rows"] = page.programmes(request.GET.get("programmes"))
    return render(request, "insights/overview.html", context)


@login_required
@require_safe
@without_content
def figures_file(request: HttpRequest, slug: str) -> HttpResponse:
    page = _overview(request)
    if slug not in PLOTS:
        raise Http404
    return as_csv(PLOTS[slug](page).sheet, "overview")


@login_required
@require_safe
@without_content
def report(request: HttpRequest) -> HttpResponse:
    page = _overview(request)
    return render(request, "insights/report.html", {"page": page, "organisation_name": Organisation.current().name})


@login_required
@require_safe
@without_content
def comparison(request: HttpRequest) -> HttpResponse:
    page = _overview(request)
    cohorts = _chosen(request)
    plot = compared(cohorts, page.viewer, page.at) if cohorts else None
    return render(request, "insights/comparison.html", {"cohorts": cohorts, "plot": plot, "most": MOST})


@login_required
@require_safe
@without_content
def comparison_file(request: HttpRequest) -> HttpResponse:
    page = _overview(request)
    return as_csv(compared(_chosen(request), page.viewer, page.at).sheet, "overview")


def _chosen(request: HttpRequest) -> list[Cohort]:
    """The first four, in the order of their dates."""
    wanted = [int(pk) for pk in request.GET.getlist("cohort") if pk.isdecimal() and len(pk) < 19][:MOST]
    return list(Cohort.objects.select_related("programme").filter(pk__in=wanted).order_by("starts_on", "pk"))


def _overview(request: HttpRequest) -> Overview:
    viewer = reader(request)
    if not viewer.is_administrator:
        raise Http404
    wanted = request.GET.get("programme", "")
    if not wanted:
        return Overview(viewer, timezone.now())
    if not wanted.isdecimal() or len(wanted) > 18:
        raise Http404
    return Overview(viewer, timezone.now(), get_object_or_404(Programme, pk=int(wanted)))
