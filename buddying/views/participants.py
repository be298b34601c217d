"""The lead's list of participants, and one of them. Whom they named is on neither."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from buddying import joining
from buddying.forms.people import CorrectionForm
from buddying.models import Cohort, Participant
from buddying.people import TheirOwn, may_correct
from buddying.people import correct as correct_person
from outbox.bounces import failing
from trust.acting import without_content
from trust.trail import note_look

A_PAGE = 50


def _led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)


def _listed(request: HttpRequest, cohort: Cohort) -> QuerySet[Participant]:
    listed = Participant.objects.listed().filter(cohort=cohort).visible_to(request.user)
    return listed.select_related("person")


def _one(request: HttpRequest, pk: int, participant_pk: int) -> Participant:
    cohort = _led(request, pk)
    participant = get_object_or_404(_listed(request, cohort).select_related("person__manager"), pk=participant_pk)
    participant.cohort = cohort
    return participant


@login_required
@require_safe
@without_content
def people(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    listed, wanted = _listed(request, cohort), request.GET.get("search", "").strip()
    found = listed.filter(Q(person__name__icontains=wanted) | Q(person__team__icontains=wanted)) if wanted else listed
    page = Paginator(found.order_by("person__name", "pk"), A_PAGE).get_page(request.GET.get("page"))
    note_look(
        request.user, [each.person for each in page], gettext_noop("looked at the list of %(cohort)s"), cohort=cohort
    )
    context = {
        "cohort": cohort,
        "page": page,
        "failing": failing(each.person.email for each in page),
        "search": wanted,
        "anybody": bool(wanted) and listed.exists(),
    }
    return render(request, "buddying/people.html", context)


@login_required
@require_safe
@without_content
def participant(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    found = _one(request, pk, participant_pk)
    note_look(request.user, [found.person], gettext_noop("looked at your profile in %(cohort)s"), cohort=found.cohort)
    if manager := found.person.manager:
        as_such = gettext_noop("read that you are the manager of somebody in %(cohort)s")
        note_look(request.user, [manager], as_such, cohort=found.cohort)
    context = {
        "participant": found,
        "cohort": found.cohort,
        "may_correct": may_correct(request.user, found.person),
    }
    return render(request, "buddying/participant.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    found = _one(request, pk, participant_pk)
    if not may_correct(request.user, found.person):
        raise Http404
    form = CorrectionForm(request.POST or None, instance=found.person, cohort=found.cohort)
    shown = [found.person, *form.managers()]
    note_look(
        request.user, shown, gettext_noop("put right somebody’s name or address in %(cohort)s"), cohort=found.cohort
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_person(form.save(commit=False), by=request.user)
        except TheirOwn:
            raise Http404 from None
        messages.success(request, _("Saved."))
        return redirect("buddying:participant", pk, participant_pk)
    context = {"form": form, "participant": found, "cohort": found.cohort}
    return render(request, "buddying/correct_participant.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    found = _one(request, pk, participant_pk)
    if request.method == "GET" or "confirmed" not in request.POST:
        purpose = gettext_noop("asked what taking you off the list of %(cohort)s would mean")
        note_look(request.user, [found.person], purpose, cohort=found.cohort)
        meaning = " ".join(joining.what_leaving_means(found))
        context = {"participant": found, "cohort": found.cohort, "meaning": meaning}
        return render(request, "buddying/remove_participant.html", context)
    joining.leave(found, removed_by=request.user)
    messages.success(request, _("%(name)s is no longer in the cohort.") % {"name": found.person})
    return redirect("buddying:people", pk)
