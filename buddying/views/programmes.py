from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying import registry, unsent
from buddying.forms.guides import GuideForm
from buddying.forms.programmes import KeepingForm, LeadForm, ProgrammeForm
from buddying.models import Person, Programme
from buddying.models.programmes import LastLead
from buddying.programme_templates import TEMPLATES, template_named
from buddying.reader import reader
from buddying.setting_up import WORDS, copy_programme, start_programme
from trust.acting import without_content

PRESENT = Q(participants__joined_at__isnull=False, participants__left_at__isnull=True)


@login_required
@require_safe
@without_content
def programmes(request: HttpRequest) -> HttpResponse:
    mine = Programme.objects.run_by(request.user).prefetch_related("leads__person", "cohorts")
    page = Paginator(mine, 20).get_page(request.GET.get("page"))
    return render(request, "buddying/programmes.html", {"page": page, "may_create": may_create(request.user)})


def may_create(person: Any) -> bool:
    return person.can_create_programmes


@login_required
@require_http_methods(["GET", "POST"])
def new_programme(request: HttpRequest) -> HttpResponse:
    if not may_create(request.user):
        raise Http404
    template = template_named(request.GET.get("template", "")).spoken()
    words = {name: getattr(template, name) for name in (*WORDS, "topics")}
    form = ProgrammeForm(request.POST or None, initial=words | {"name": template.label})
    if request.method == "POST" and form.is_valid():
        programme = start_programme(form.save(commit=False), template, by=request.user)
        messages.success(request, _("The programme stands. Next, give it a first cohort with its dates."))
        return redirect("buddying:programme", programme.pk)
    context = {"form": form, "template": template, "templates": [each.spoken() for each in TEMPLATES.values()]}
    return render(request, "buddying/new_programme.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
@without_content
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Programme.objects.run_by(request.user), pk=pk), LeadForm())


def _page(request: HttpRequest, programme: Programme, lead_form: LeadForm) -> HttpResponse:
    context = {
        "programme": programme,
        "leads": [lead.person for lead in programme.leads.select_related("person").order_by("person__name")],
        "cohorts": programme.cohorts.annotate(people=Count("participants", filter=PRESENT)),
        "leads_it": programme.leads.filter(person=request.user.pk).exists(),
        "lead_form": lead_form,
        "may_create": may_create(request.user),
    }
    return render(request, "buddying/programme.html", context, status=422 if lead_form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_programme(request: HttpRequest, pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    form = ProgrammeForm(request.POST or None, instance=programme)
    if request.method == "POST" and form.is_valid():
        form.save()
        unsent.forget(reader(request), "programme", pk)
        messages.success(request, _("Saved."))
        return redirect("buddying:programme", pk)
    context = {"form": form, "programme": programme}
    return render(request, "buddying/edit_programme.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_guide(request: HttpRequest, pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    form = GuideForm(request.POST or None, programme=programme, questions=registry.questions)
    if request.method == "POST" and form.is_valid():
        form.save()
        unsent.forget(reader(request), "guide", pk)
        messages.success(request, _("Saved. Sessions and reflections show these words from now on."))
        return redirect("buddying:programme", pk)
    context = {"form": form, "programme": programme}
    return render(request, "buddying/edit_guide.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """How long what people wrote is kept."""
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    form = KeepingForm(request.POST or None, instance=programme)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. What was announced to people is never brought forward."))
        return redirect("buddying:programme", pk)
    context = {"form": form, "programme": programme}
    return render(request, "buddying/keeping.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    if not may_create(request.user):
        raise Http404
    words = {name: getattr(source, name) for name in (*WORDS, "support_contacts", "topics")}
    form = ProgrammeForm(
        request.POST or None, initial=words | {"name": (_("Copy of %(name)s") % {"name": source.name})[:120]}
    )
    if request.method == "POST" and form.is_valid():
        programme = copy_programme(source, form.save(commit=False), by=request.user)
        messages.success(request, _("The copy stands, and is yours to change. Next, give it a cohort with its dates."))
        return redirect("buddying:programme", programme.pk)
    context = {"form": form, "programme": source}
    return render(request, "buddying/copy_programme.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def add_lead(request: HttpRequest, pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    form = LeadForm(request.POST or None)
    if request.method == "GET":
        return redirect("buddying:programme", pk)
    if not form.is_valid():
        return _page(request, programme, form)
    programme.add_lead(form.person, added_by=request.user)
    messages.success(request, _("%(name)s leads the programme too.") % {"name": form.person})
    return redirect("buddying:programme", pk)


@login_required
@require_http_methods(["GET", "POST"])
def remove_lead(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    person = get_object_or_404(Person, programmes_led__programme=programme, pk=person_pk)
    if request.method == "GET":
        return render(request, "buddying/remove_lead.html", {"programme": programme, "person": person})
    try:
        programme.remove_lead(person)
        messages.success(request, _("%(name)s no longer leads the programme.") % {"name": person})
    except LastLead:
        messages.error(request, _("A programme always has a lead. Add somebody else first."))
    still = Programme.objects.run_by(request.user).filter(pk=pk).exists()
    return redirect("buddying:programme", pk) if still else redirect("buddying:programmes")
