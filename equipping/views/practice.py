"""The lead's side: a proposal, publishing it, and which groups have practised."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from buddying.models import Cohort
from buddying.reader import reader
from equipping import arranging, calling_off, looking
from equipping.forms import PracticeForm
from equipping.models import Practice
from trust.acting import without_content
from trust.trail import note_look

NOBODY = _("There are no two people yet who could practise together. Once more have joined, try again.")


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def practices(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
    form = PracticeForm(request.POST or None, zone=reader(request).time_zone, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        return _propose(request, cohort, form.save(commit=False))
    shown = looking.practices_of(cohort)
    note_look(
        request.user,
        looking.people_in(shown),
        gettext_noop("looked at the practice groups of %(cohort)s"),
        cohort=cohort,
    )
    context: dict[str, Any] = {
        "cohort": cohort,
        "form": form,
        "proposed": next((one for one in shown if not one.practice.published_at), None),
        "published": [one for one in shown if one.practice.published_at],
        "there": len(arranging.present(cohort, timezone.now())),
    }
    return render(request, "equipping/practices.html", context, status=422 if form.errors else 200)


def _propose(request: HttpRequest, cohort: Cohort, practice: Practice) -> HttpResponse:
    try:
        arranging.propose(practice, cohort, by=request.user)
    except arranging.NobodyToPractise:
        messages.warning(request, NOBODY)
    return redirect("equipping:practices", cohort.pk)


@login_required
@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _led(request, pk)
    try:
        arranging.publish(practice, by=request.user)
        messages.success(request, gettext("Published. Everybody is told by mail with whom they practise."))
    except arranging.Changed:
        messages.warning(
            request, gettext("Something has changed in the cohort since. Here is a new proposal; nobody was told.")
        )
    except arranging.NobodyToPractise:
        messages.warning(request, NOBODY)
    return redirect("equipping:practices", practice.cohort_id)


@login_required
@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _led(request, pk)
    arranging.withdraw(practice)
    messages.success(request, gettext("The proposal is gone. Nobody was told of it."))
    return redirect("equipping:practices", practice.cohort_id)


@login_required
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first."""
    led = Practice.objects.published().filter(cohort__in=Cohort.objects.led_by(request.user))
    practice = get_object_or_404(led.select_related("cohort"), pk=pk)
    if request.method == "GET" and practice.is_ahead():
        return render(request, "equipping/calling_off.html", {"practice": practice})
    if request.method == "POST" and calling_off.call_off(practice, by=request.user):
        messages.success(request, gettext("Called off. Everybody whose group has not practised yet is told by mail."))
    else:
        messages.info(request, gettext("The time of this practice has come, so it can no longer be called off."))
    return redirect("equipping:practices", practice.cohort_id)


def _led(request: HttpRequest, pk: int) -> Practice:
    led = Practice.objects.filter(cohort__in=Cohort.objects.led_by(request.user))
    return get_object_or_404(led, pk=pk)
