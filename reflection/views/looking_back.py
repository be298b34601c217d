from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying import paper, typesetting, unsent
from buddying.models import Participant
from buddying.reader import reader
from matching.models import Pairing
from outbox.words import Words
from reflection import goal_setting, going_on
from reflection.forms import ThanksForm, WishForm
from reflection.models import EndingWish, Thanks
from sessions_log.models import CoachingSession

TOO_LATE = _("This pairing has ended: nothing of it can be changed any more.")
NO_FILE = _("No PDF files can be made here. Your browser can: print the page, and choose to save it as PDF.")
NOT_NOW = _("It is not the time for that: people look back in the last two weeks of a cohort.")


@login_required
@require_safe
def looking_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What was, a line of thanks, and how to go on."""
    pairing = _pairing(request, pk)
    if not going_on.is_time(pairing):
        messages.info(request, NOT_NOW)
        return redirect("insights:pairing", pk)
    return _page(request, pairing)


@login_required
@require_POST
def thanks(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = _pairing(request, pk)
    form = ThanksForm(request.POST)
    if not form.is_valid():
        return _page(request, pairing, thanks_form=form)
    try:
        going_on.thank(pairing, form.cleaned_data["text"].strip(), by=reader(request))
        unsent.forget(reader(request), "thanks", pk)
        messages.success(request, _("Kept. It stands on the page that you share."))
    except going_on.Over:
        messages.warning(request, TOO_LATE)
    return redirect("reflection:looking_back", pk)


@login_required
@require_POST
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = _pairing(request, pk)
    form = WishForm(request.POST)
    if not form.is_valid():
        return _page(request, pairing, wish_form=form)
    try:
        chosen = going_on.choose(pairing, form.cleaned_data["choice"], by=reader(request))
        messages.success(request, _said(chosen, form.cleaned_data["choice"]))
    except going_on.Over:
        messages.warning(request, TOO_LATE)
    except going_on.NotNow:
        messages.info(request, NOT_NOW)
    return redirect("insights:pairing", pk)


def _said(pairing: Pairing, choice: str) -> Words:
    if pairing.continues_at:
        return _("All of you wish to go on. You are buddies from here on, outside the cohort.")
    if choice == EndingWish.GO_ON:
        return _("Noted, for you alone. If all of you wish it, you go on, and are told.")
    return _("Noted, for you alone. Nobody is told.")


def _page(request: HttpRequest, pairing: Pairing, **forms: Any) -> HttpResponse:
    me = reader(request)
    lines = list(Thanks.objects.visible_to(me).filter(pairing=pairing).select_related("author"))
    mine = next((line.text for line in lines if line.author_id == me.pk), "")
    wished = going_on.wish_of(pairing, me)
    seat = Participant.objects.filter(person=me, cohort=pairing.cohort).select_related("cohort__programme").first()
    context = {
        "pairing": pairing,
        "buddies": pairing.buddies_of(me),
        "goals": goal_setting.goals_in(pairing, me),
        "held": CoachingSession.objects.visible_to(me).held().filter(pairing=pairing).count(),
        "done": going_on.commitments_done(pairing, me),
        "thanks": [line for line in lines if line.author_id != me.pk],
        "to_rate": goal_setting.still_to_rate(seat) if seat else [],
        "wished": wished,
        "is_private": pairing.is_private(),
        "thanks_form": ThanksForm(initial={"text": mine}),
        "wish_form": WishForm(initial={"choice": wished.choice if wished else None}),
    }
    return render(request, "reflection/looking_back.html", context | forms, status=422 if forms else 200)


@login_required
@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a pairing that goes on privately. Before that, one asks for another buddy instead."""
    pairing = _pairing(request, pk)
    if not pairing.is_private() or pairing.closed_at:
        return redirect("insights:pairing", pk)
    if request.method == "POST":
        going_on.end(pairing, by=reader(request))
        messages.success(request, _("Your pairing has ended. What you wrote can still be read."))
        return redirect("insights:home")
    return render(
        request, "reflection/ending.html", {"pairing": pairing, "buddies": pairing.buddies_of(reader(request))}
    )


@login_required
@require_safe
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet that says that I took part, for me to open, print and keep. It stays for those who have left."""
    context = _statement(request, pk) | {"has_file": paper.is_possible()}
    return render(request, "reflection/statement.html", context)


@login_required
@require_safe
def statement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a file, for me alone to download, and to share if I like."""
    context = _statement(request, pk)
    if not paper.is_possible():
        messages.info(request, NO_FILE)
        return redirect("reflection:statement", pk)
    name = f"{slugify(_('Statement of participation'))}.pdf"
    try:
        return paper.download("reflection/statement_paper.html", context, request, name)
    except typesetting.NotSet:
        messages.warning(request, paper.too_busy())
        return redirect("reflection:statement", pk)


def _statement(request: HttpRequest, pk: int) -> dict[str, Any]:
    joined = Participant.objects.filter(person=request.user.pk, joined_at__isnull=False)
    mine = get_object_or_404(joined.select_related("cohort__programme", "person"), cohort=pk)
    ended_on = mine.left_at.date() if mine.left_at else min(mine.cohort.ends_on, timezone.localdate())
    return {
        "mine": mine,
        "cohort": mine.cohort,
        "ended_on": max(ended_on, mine.cohort.starts_on),
        "is_running": not mine.left_at and not mine.cohort.has_ended(),
        "held": going_on.sessions_held_by(mine),
        "today": timezone.localdate(),
    }


def _pairing(request: HttpRequest, pk: int) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort__programme"), pk=pk)
