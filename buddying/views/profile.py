from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buddying import unsent
from buddying.availability import PARTS, PRESETS
from buddying.forms.profile import HoursForm, ProfileForm, with_preset
from buddying.models import Participant
from buddying.views.mine import my_participation


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    mine = my_participation(request, pk)
    form = ProfileForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        unsent.forget(mine.person, "profile", pk)
        return redirect("buddying:profile_hours", pk)
    context = {"form": form, "mine": mine, "cohort": mine.cohort, "steps": steps_of(mine, 1)}
    return render(request, "buddying/profile.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def profile_hours(request: HttpRequest, pk: int) -> HttpResponse:
    mine = my_participation(request, pk)
    if "preset" in request.POST:
        return _show_hours(request, mine, HoursForm(with_preset(request.POST), participant=mine), looked_at=False)
    form = HoursForm(request.POST if request.method == "POST" else None, participant=mine)
    if form.is_bound and form.is_valid():
        return _save_hours(request, mine, form)
    return _show_hours(request, mine, form, looked_at=form.is_bound)


def _save_hours(request: HttpRequest, mine: Participant, form: HoursForm) -> HttpResponse:
    first_time = mine.profile_completed_at is None
    form.save()
    if mine.cohort.nominating() and (first_time or mine.nominated_at is None):
        return redirect("buddying:nominations", mine.cohort_id)
    messages.success(request, _("Your profile is saved."))
    return redirect("/")


def _show_hours(request: HttpRequest, mine: Participant, form: HoursForm, *, looked_at: bool) -> HttpResponse:
    """A preset fills in boxes; what else was typed stays, and is not complained about yet."""
    context = {
        "form": form,
        "mine": mine,
        "cohort": mine.cohort,
        "parts": PARTS,
        "presets": PRESETS,
        "steps": steps_of(mine, 2),
        "show_errors": looked_at,
        "exact_open": bool(form.rest) or any(row.has_changed() for row in form.exact),
    }
    page = "buddying/profile_hours.html" + ("#week" if request.htmx and not looked_at else "")  # type: ignore[attr-defined]
    return render(request, page, context, status=422 if looked_at and form.errors else 200)


def steps_of(mine: Participant, now: int) -> list[dict[str, Any]]:
    """Signing up: two pages of profile, then the wishes."""
    pages = [
        (_("Profile"), "buddying:profile", bool(mine.working_on)),
        (_("Hours"), "buddying:profile_hours", mine.profile_completed_at is not None),
        (_("Wishes"), "buddying:nominations", mine.nominated_at is not None),
    ]
    return [
        {
            "label": label,
            "state": "now" if number == now else "done" if done else "next",
            "url": reverse(name, args=[mine.cohort_id]) if done and number != now else "",
        }
        for number, (label, name, done) in enumerate(pages, 1)
    ]
