"""Bringing in people and nominations from files: upload, look, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from buddying.forms.imports import ChoicesForm, UploadForm
from buddying.importing.plan import Choices, Plan, Source
from buddying.importing.saving import Imported, import_files, plan_import
from buddying.models import Cohort, ImportDraft
from buddying.people import with_addresses
from buddying.words import grouped
from trust.trail import note_look

FIRST = 8


def _led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)


def _draft(request: HttpRequest, cohort: Cohort) -> ImportDraft | None:
    return ImportDraft.objects.fresh().visible_to(request.user).filter(cohort=cohort).first()


def _choose_again(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    messages.info(request, _("The files are kept for a day until you confirm. Please choose them again."))
    return redirect("buddying:import_people", cohort.pk)


def _sources(draft: ImportDraft) -> tuple[Source, Source]:
    return (
        Source(draft.people_name, draft.people_text),
        Source(draft.nominations_name, draft.nominations_text),
    )


@login_required
@require_http_methods(["GET", "POST"])
def import_people(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        choices = Choices(address_pattern=form.cleaned_data["address_pattern"])
        ImportDraft.keep(cohort, request.user, form.texts() | {"choices": choices.as_json()})
        return redirect("buddying:import_preview", pk)
    context = {"cohort": cohort, "form": form}
    return render(request, "buddying/import.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "POST"])
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at what would happen; other choices show it again."""
    cohort = _led(request, pk)
    draft = _draft(request, cohort)
    if draft is None:
        return _choose_again(request, cohort)
    plan = plan_import(cohort, *_sources(draft), Choices.from_json(draft.choices))
    form = ChoicesForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_bound and form.is_valid():
        draft.choose(form.choices().as_json())
        return redirect("buddying:import_preview", pk)
    return _show(request, cohort, plan, form, status=422 if form.errors else 200)


@login_required
@require_POST
def import_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """Import with the choices as they stand on the page; planned again, for the cohort may have changed."""
    cohort = _led(request, pk)
    draft = _draft(request, cohort)
    if draft is None:
        return _choose_again(request, cohort)
    sources = _sources(draft)
    plan = plan_import(cohort, *sources, Choices.from_json(draft.choices))
    form = ChoicesForm(request.POST, plan=plan)
    if not form.is_valid():
        return _show(request, cohort, plan, form, status=422)
    draft.choose(form.choices().as_json())
    try:
        done = import_files(cohort, *sources, form.choices(), by=request.user)
    except IntegrityError:
        messages.error(
            request, _("Somebody changed the same people at the same moment. Nothing was imported: look again.")
        )
        return redirect("buddying:import_preview", pk)
    if not done.plan.ready:
        return _show(request, cohort, done.plan, form, status=422)
    draft.delete()
    messages.success(request, _said(done, cohort))
    return redirect("buddying:people", pk)


def _show(request: HttpRequest, cohort: Cohort, plan: Plan, form: ChoicesForm, status: int) -> HttpResponse:
    known = with_addresses(draft.email for draft in plan.people)
    note_look(request.user, known, gettext_noop("looked at a list to be brought into %(cohort)s"), cohort=cohort)
    names = {draft.reference: draft.shown_name for draft in plan.people}
    context: dict[str, Any] = {
        "cohort": cohort,
        "plan": plan,
        "form": form,
        "people": plan.people[:FIRST],
        "more_people": max(0, len(plan.people) - FIRST),
        "wishes": [_wish_row(namer, plan, names) for namer in list(plan.wishes)[:FIRST]],
        "more_wishes": max(0, len(plan.wishes) - FIRST),
    }
    return render(request, "buddying/import_preview.html", context, status=status)


def _wish_row(namer: str, plan: Plan, names: dict[str, str]) -> dict[str, Any]:
    wishes = plan.wishes[namer]
    ranked = [names.get(one, one) for one in wishes.ranked]
    return {"name": names.get(namer, namer), "ranked": ranked + [""] * (3 - len(ranked)), "also": len(wishes.also)}


def _said(done: Imported, cohort: Cohort) -> str:
    totals = done.plan.totals
    words = []
    if done.plan.people:
        said = ngettext(
            "%(count)s person imported into %(cohort)s, %(new)s of them new.",
            "%(count)s people imported into %(cohort)s, %(new)s of them new.",
            len(done.plan.people),
        )
        count, new = grouped(len(done.plan.people)), grouped(done.added)
        words.append(said % {"count": count, "cohort": cohort.name, "new": new})
    if totals.naming:
        said = ngettext("Wishes of %(count)s person imported.", "Wishes of %(count)s people imported.", totals.naming)
        words.append(said % {"count": grouped(totals.naming)})
    if done.invited:
        said = ngettext("%(count)s person invited by mail.", "%(count)s people invited by mail.", done.invited)
        words.append(said % {"count": grouped(done.invited)})
    return " ".join(words)
