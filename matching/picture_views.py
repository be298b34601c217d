from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from matching.board import LOOKED_AT_A_DRAFT
from matching.editing import can_be_changed
from matching.editing_views import draft_for
from matching.picture import Picture
from trust.acting import without_content
from trust.trail import note_look

A_PAGE = 40


@login_required
@require_GET
@without_content
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    run = draft_for(request, pk)
    if not can_be_changed(run):
        return redirect("matching:run", run.pk)
    shown = Picture(run, request.user, request.GET.dict())
    page = Paginator(shown.listed(), A_PAGE).get_page(request.GET.get("page"))
    lines = shown.lines(page)
    note_look(request.user, shown.people(lines), LOOKED_AT_A_DRAFT, cohort=run.cohort)
    context = {"run": run, "cohort": run.cohort, "picture": shown, "page": page, "lines": lines}
    context["drawing"] = shown.drawing()
    if shown.is_large and not shown.who and shown.has_departments:
        context["map"] = shown.departments.map(shown.department)
    return render(request, "matching/picture.html", context)
