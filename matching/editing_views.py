"""Changing a draft by hand."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from matching import editing
from matching.board import LOOKED_AT_A_DRAFT, Row, figures_of, lean
from matching.distance import by_hand
from matching.editing_page import EditingPage
from matching.finding import found, people_shown
from matching.models import MatchRun
from matching.running import CannotStart
from trust.acting import without_content
from trust.trail import note_look


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def editing_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = draft_for(request, pk)
    if request.method == "POST":
        return _make(request, run)
    if not editing.can_be_changed(run):
        return redirect("matching:run", run.pk)
    page = EditingPage(editing.Desk(run, request.user), request.GET.dict())
    purpose = gettext_noop("looked at your profile for a draft of the matching of %(cohort)s")
    note_look(request.user, page.looked_at(), purpose, cohort=run.cohort)
    shown = people_shown(run, page.people)
    note_look(request.user, shown, LOOKED_AT_A_DRAFT, cohort=run.cohort)
    row = Row(run, figures_of([run], request.user)[run.pk])
    context = {"run": run, "cohort": run.cohort, "page": page, "row": row, "by_hand": by_hand(run, request.user)}
    context["not_around_you"] = editing.NOT_AROUND_YOU if page.desk.own else ""
    context["people_url"] = reverse("matching:people", args=[run.pk]) if page.is_long else ""
    return render(request, "matching/editing.html", context)


def _make(request: HttpRequest, run: MatchRun) -> HttpResponse:
    a, b, seen = (_number(request.POST.get(name)) for name in ("a", "b", "seen"))
    try:
        edit = editing.make(run, request.user, (a, b), request.POST.get("move", ""), seen)
    except editing.CannotEdit as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("%(change)s. You can undo it.") % {"change": edit.get_kind_display()})
    return _back(request, run, "two")


def _back(request: HttpRequest, run: MatchRun, place: str) -> HttpResponse:
    """To the same two people; ``place`` takes the focus."""
    two = {name: request.POST[name] for name in ("a", "b") if _number(request.POST.get(name)) > 0}
    return redirect(f"{reverse('matching:editing', args=[run.pk])}{f'?{urlencode(two)}' if two else ''}#{place}")


@login_required
@require_GET
@without_content
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to choose from, as options, while a name is typed."""
    run = draft_for(request, pk)
    choices = found(run, request.user, request.GET.get("find", "")) if editing.can_be_changed(run) else []
    shown = people_shown(run, (choice.pk for choice in choices))
    note_look(request.user, shown, LOOKED_AT_A_DRAFT, cohort=run.cohort)
    return render(request, "matching/people.html", {"choices": choices})


@login_required
@require_POST
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    run = draft_for(request, pk)
    verb = editing.back_to_the_best if request.POST.get("all") else editing.undo
    try:
        verb(run, request.user, _number(request.POST.get("seen")))
    except editing.CannotEdit as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Undone."))
    return _back(request, run, "changes")


@login_required
@require_POST
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    run = draft_for(request, pk)
    try:
        made = editing.match_the_rest(run, request.user)
    except CannotStart as why:
        messages.error(request, str(why))
        return redirect("matching:run", run.pk)
    return redirect("matching:run", made.pk)


def draft_for(request: HttpRequest, pk: int) -> MatchRun:
    return get_object_or_404(lean(MatchRun.objects.visible_to(request.user)), pk=pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
