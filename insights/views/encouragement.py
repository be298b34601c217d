"""A kind word to a pair: its words first, then one button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from buddying.models import Cohort
from buddying.reader import reader
from buddying.words import listed
from matching.models import Pairing
from reflection.encouraging import TooSoon, encourage, in_need, needs
from reflection.encouraging_letters import words
from trust.trail import note_look


@login_required
@require_http_methods(["GET", "POST"])
def encouragement(request: HttpRequest, pk: int, pairing_pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
    lead, at = reader(request), timezone.now()
    pairing = get_object_or_404(in_need(cohort, lead, at).select_related("cohort__programme"), pk=pairing_pk)
    need = needs([pairing], at)[0]
    names = listed(person.name for person in need.people)
    if request.method == "POST":
        try:
            encourage(pairing, lead, at)
            messages.success(request, _("On its way to %(names)s.") % {"names": names})
        except TooSoon:
            told = _("%(names)s had a reminder in the last seven days. Another can wait a little.")
            messages.info(request, told % {"names": names})
        except Pairing.DoesNotExist:
            messages.info(request, _("%(names)s have just seen to it themselves.") % {"names": names})
        return redirect("insights:cohort", pk)
    note_look(request.user, need.people, gettext_noop("followed the progress of %(cohort)s"), cohort=cohort)
    first, *others = need.people
    letter = words(need.kind, first, others, lead, pairing)
    context = {"cohort": cohort, "need": need, "names": names, "letter": letter, "first": first}
    return render(request, "insights/encouragement.html", context)
