from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying.describing import about
from buddying.forms.programmes import CohortForm, MeetingFormSet, StartForm
from buddying.models import Cohort, Programme
from buddying.setting_up import propose_cohort, start_cohort


@login_required
@require_http_methods(["GET", "POST"])
def new_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """The start alone proposes all the rest."""
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    start = StartForm(request.GET if "start" in request.GET else None)
    chosen = start.cleaned_data["start"] if start.is_valid() else None
    proposal = propose_cohort(programme, timezone.localdate(), chosen)
    form = CohortForm(request.POST or None, initial=proposal)
    if request.method == "POST" and form.is_valid():
        cohort = start_cohort(form.save(commit=False), programme, by=request.user)
        messages.success(request, _("The cohort stands. Now bring people in."))
        return redirect(_after(request, cohort))
    if not start.is_bound:
        start = StartForm(initial={"start": proposal["starts_on"]})
    context = {"form": form, "start_form": start, "programme": programme}
    return render(request, "buddying/new_cohort.html", context, status=_status(form, start))


def _status(*forms: Any) -> int:
    return 422 if any(form.errors for form in forms) else 200


def _after(request: HttpRequest, cohort: Cohort) -> Any:
    """An administrator who does not lead the programme has no list of people to go to."""
    if cohort.is_led_by(request.user):
        return redirect("buddying:invitations", cohort.pk).url
    return redirect("buddying:programme", cohort.programme_id).url


@login_required
@require_http_methods(["GET", "POST"])
def edit_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    run = Programme.objects.run_by(request.user)
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk, programme__in=run)
    form = CohortForm(request.POST or None, instance=cohort)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("buddying:programme", cohort.programme_id)
    context = {
        "form": form,
        "cohort": cohort,
        "meetings": cohort.meetings.all(),
        "leads_it": cohort.is_led_by(request.user),
    }
    return render(request, "buddying/edit_cohort.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """When the whole group meets: dated notes on the cohort's page."""
    run = Programme.objects.run_by(request.user)
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk, programme__in=run)
    forms = MeetingFormSet(request.POST or None, instance=cohort)
    if request.method == "POST" and forms.is_valid():
        forms.save()
        messages.success(request, _("Saved. Everybody in the cohort sees these dates on its page."))
        return redirect("buddying:meetings", pk)
    context = {"forms": forms, "cohort": cohort, "leads_it": cohort.is_led_by(request.user)}
    return render(request, "buddying/meetings.html", context, status=422 if forms.is_bound else 200)


@login_required
@require_safe
def about_cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme as those see it who take part."""
    seen = Cohort.objects.visible_to(request.user).select_related("programme")
    cohort = get_object_or_404(seen, pk=pk)
    leads = [lead.person for lead in cohort.programme.leads.able().select_related("person").order_by("person__name")]
    return render(request, "buddying/about_cohort.html", {"cohort": cohort, "leads": leads} | about(cohort))
