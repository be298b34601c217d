from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying.models import Person
from buddying.reader import reader
from buddying.words import listed
from sessions_log import proposals
from sessions_log.booking import Refused, TimeTaken
from sessions_log.forms.booking import ChoiceForm, ProposalForm
from sessions_log.models import Proposal
from sessions_log.proposals import Offer
from sessions_log.timetable import other_clocks
from sessions_log.views.choosing import Choosing, visible_pairing


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    choosing = Choosing(request, visible_pairing(request, pk), "several")
    form = ProposalForm(
        request.POST if choosing.is_sent else None,
        initial=choosing.known(),
        zone=choosing.reader.zone,
        auto_id="slot_%s",
    )
    if form.is_bound and form.is_valid() and (made := _proposed(choosing, form)):
        return redirect("sessions_log:proposal", made.pk)
    return choosing.page({"proposal_form": form, "slot_form": form}, refused=bool(form.errors))


def _proposed(choosing: Choosing, form: ProposalForm) -> Proposal | None:
    sent = form.cleaned_data
    try:
        made = proposals.propose(
            choosing.pairing,
            sent["starts"],
            sent["minutes"],
            sent["place"],
            choosing.reader,
            how=sent["how"],
            note=sent["word"],
        )
    except Refused as refused:
        form.add_error("starts_at", str(refused))
        return None
    names, number = listed(choosing.pairing.buddies_of(choosing.reader)), len(sent["starts"])
    done = ngettext(
        "You propose %(count)d time. %(names)s can choose, and then it is booked.",
        "You propose %(count)d times. %(names)s can choose, and then it is booked.",
        number,
    )
    messages.success(choosing.request, done % {"count": number, "names": names})
    return made


@login_required
@require_safe
def proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _visible(request, pk))


@login_required
@require_POST
def choice(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, _("Choose one of the times."))
    try:
        session = proposals.choose(found, form.cleaned_data["starts_at"], reader(request))
    except TimeTaken:
        return _page(request, found, _("That time has just been taken: one of you has another session then."))
    except Refused as refused:
        return _page(request, found, str(refused))
    names = listed(session.pairing.buddies_of(request.user))
    done = _("Booked. The invitation goes to %(names)s and to you by mail.")
    messages.success(request, done % {"names": names})
    return redirect("sessions_log:session", session.pk)


@login_required
@require_POST
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _visible(request, pk)
    try:
        proposals.withdraw(found, reader(request))
        messages.success(request, _("These times are withdrawn."))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("sessions_log:proposal", pk)


def _visible(request: HttpRequest, pk: UUID) -> Proposal:
    visible = Proposal.objects.visible_to(request.user).select_related("pairing__cohort", "proposed_by", "session")
    return get_object_or_404(visible, pk=pk)


def _page(request: HttpRequest, found: Proposal, refused: str = "") -> HttpResponse:
    at, person = timezone.now(), reader(request)
    buddies = found.pairing.buddies_of(person)
    is_open = Proposal.objects.open(at).filter(pk=found.pk).exists() and not found.pairing.is_over(at)
    offers = proposals.offers(found, at)
    context = {
        "proposal": found,
        "pairing": found.pairing,
        "buddies": buddies,
        "rows": [_row(offer, found, buddies) for offer in offers],
        "is_mine": found.proposed_by_id == person.pk,
        "is_open": is_open,
        "some_open": any(offer.is_open for offer in offers),
        "refused": refused,
    }
    return render(request, "sessions_log/proposal.html", context, status=422 if refused else 200)


def _row(offer: Offer, found: Proposal, buddies: list[Person]) -> dict[str, Any]:
    here = timezone.localtime(offer.starts_at)
    ends_at = here + timedelta(minutes=found.minutes)
    return {"offer": offer, "starts_at": here, "ends_at": ends_at, "others": other_clocks(here, buddies)}
