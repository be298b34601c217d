"""On the page of a draft: what a higher floor would cost, and a draft that has it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching.board import lean
from matching.floors import ask, can_be_asked, draft_with, offers
from matching.models import FloorStudy, MatchRun
from matching.running import CannotStart
from trust.acting import without_content


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def floors(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for once, then looked at each second until it is there."""
    run = _draft(request, pk)
    if request.method == "POST":
        ask(run, request.user)
    elif "HX-Request" in request.headers:
        return render(request, "matching/_floors.html", {"run": run} | about_floors(run))
    return redirect(f"{reverse('matching:run', args=[run.pk])}#floors")


@login_required
@require_POST
def floor_draft(request: HttpRequest, pk: int) -> HttpResponse:
    run = _draft(request, pk)
    study = FloorStudy.objects.filter(run=run).first()
    known = [offer.floor for offer in offers(study)] if study else []
    chosen = next((floor for floor in known if str(floor) == request.POST.get("floor")), None)
    if chosen is None:
        messages.error(request, _("That floor is not among those that were worked out. Nothing has changed."))
        return redirect("matching:run", run.pk)
    try:
        made = draft_with(run, request.user, chosen)
    except CannotStart as why:
        messages.error(request, str(why))
        return redirect("matching:run", run.pk)
    return redirect("matching:run", made.pk)


def about_floors(run: MatchRun) -> dict[str, object]:
    study = FloorStudy.objects.filter(run=run).first()
    return {"study": study, "offers": offers(study) if study else []}


def _draft(request: HttpRequest, pk: int) -> MatchRun:
    run = get_object_or_404(lean(MatchRun.objects.visible_to(request.user)), pk=pk)
    if run.published_instead() or not can_be_asked(run, request.user):
        raise Http404
    return run
