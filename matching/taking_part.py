"""A participant's own say about taking part: a pause, another buddy, or leaving. No reason is asked anywhere."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from buddying import joining
from buddying.models import Participant
from buddying.reader import reader
from buddying.views.mine import my_participation
from matching import ending, pausing
from matching.models import Pairing, Pause, Waiting


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Back on"),
        help_text=_("Until then nobody is paired with you, and you are not reminded of anything but booked sessions."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def taking_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Where I am in this cohort, and what I may change about it; the POST begins a pause."""
    mine = my_participation(request, pk)
    now = timezone.now()
    form = PauseForm(request.POST or None, initial={"until": (now + timedelta(days=14)).date()})
    if request.method == "POST" and form.is_valid():
        try:
            pausing.pause(mine, form.cleaned_data["until"])
        except pausing.CannotPause as why:
            form.add_error("until", str(why))
        else:
            day = date_format(form.cleaned_data["until"], "WEEKDAY_FORMAT")
            messages.success(request, gettext("You pause until %(day)s. Then it is over by itself.") % {"day": day})
            return redirect("matching:taking_part", pk)
    context = {
        "mine": mine,
        "cohort": mine.cohort,
        "form": form,
        "pairing": _my_pairing(request, mine),
        "pause": Pause.objects.visible_to(request.user).in_force(now).filter(participant=mine).first(),
        "wait": Waiting.objects.visible_to(request.user).open().filter(participant=mine).first(),
    }
    return render(request, "matching/taking_part.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def resumption(request: HttpRequest, pk: int) -> HttpResponse:
    pausing.resume(my_participation(request, pk))
    messages.success(request, gettext("Welcome back. Your pause is over."))
    return redirect("matching:taking_part", pk)


@login_required
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    mine = my_participation(request, pk)
    if request.method == "POST":
        joining.leave(mine)
        words = gettext("You have left %(cohort)s. Thank you for having been part of it.")
        messages.success(request, words % {"cohort": mine.cohort.name})
        return redirect("insights:home")
    pairing = _my_pairing(request, mine)
    buddies = pairing.buddies_of(mine.person) if pairing and not pairing.is_private() else []
    return render(request, "matching/leaving.html", {"mine": mine, "cohort": mine.cohort, "buddies": buddies})


@login_required
@require_http_methods(["GET", "POST"])
def another_buddy(request: HttpRequest, pk: int) -> HttpResponse:
    """Asking for another buddy. What happens is the same for everybody in the pairing, and so is what they are told."""
    visible = Pairing.objects.visible_to(request.user).select_related("cohort__programme")
    pairing = get_object_or_404(visible, pk=pk)
    me = reader(request)
    if pairing.closed_at or pairing.cohort.has_ended():
        messages.info(request, _why_over(pairing))
        return redirect("insights:pairing", pk)
    if request.method == "POST":
        ending.rematch(pairing, me)
        messages.success(request, gettext("Your pairing has ended. We are looking for another buddy for you."))
        return redirect("insights:home")
    context = {"pairing": pairing, "cohort": pairing.cohort, "buddies": pairing.buddies_of(me)}
    return render(request, "matching/another_buddy.html", context)


def _why_over(pairing: Pairing) -> str:
    if pairing.closed_at:
        return gettext("This pairing has ended already.")
    return gettext("%(cohort)s is over.") % {"cohort": pairing.cohort.name}


def _my_pairing(request: HttpRequest, mine: Participant) -> Pairing | None:
    visible = Pairing.objects.visible_to(request.user).live()
    return visible.filter(members__participant=mine, members__left_at=None).first()
