"""What a lead does about pairings after publishing. Looking at people is noted, and they can see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying.models import Cohort, Participant
from buddying.reader import reader
from buddying.words import listed
from matching import engine, placing
from matching.models import MatchRun, Pairing
from matching.pairings import pairings_of, pairs_to_join, row_of, waiting_in, with_people
from matching.repair_form import MOST, RepairForm
from matching.running import CannotStart, request_run
from trust.acting import without_content
from trust.trail import note_look

AT_A_TIME = 40


@login_required
@require_safe
@without_content
def pairings(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    shown = pairings_of(cohort, reader(request), request.GET.get("page"), timezone.now())
    note_look(
        request.user,
        shown.people(),
        gettext_noop("looked at who is paired in %(cohort)s, and who waits"),
        cohort=cohort,
    )
    return render(request, "matching/pairings.html", {"cohort": cohort, "pairings": shown})


@login_required
@require_POST
def match_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """A run for those who wait, under the policy by which the cohort was matched."""
    cohort = _led(request, pk)
    published = MatchRun.objects.published().filter(cohort=cohort).order_by("-published_at")
    policy = published.values_list("policy", flat=True).first()
    try:
        run = request_run(cohort, request.user, engine.Policy.from_dict(policy) if policy else None)
    except CannotStart as why:
        messages.error(request, str(why))
        return redirect("matching:pairings", pk)
    return redirect("matching:run", run.pk)


@login_required
@require_safe
@without_content
def placement(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """With whom somebody who waits could be paired."""
    cohort, person = _led(request, pk), reader(request)
    newcomer = _waiting(request, cohort, participant_pk)
    wanted = request.GET.get("search", "").strip()
    others = [
        one
        for one in waiting_in(cohort, person)
        if one.can_be_placed and one.participant != newcomer and wanted.lower() in one.person.name.lower()
    ]
    pairs = [row_of(pairing) for pairing in pairs_to_join(cohort, person, wanted)[: AT_A_TIME + 1]]
    looked_at = [one.person for one in others[:AT_A_TIME]] + [one for row in pairs for one in row.people]
    note_look(
        request.user,
        [newcomer.person, *looked_at],
        gettext_noop("looked for a buddy for somebody in %(cohort)s"),
        cohort=cohort,
    )
    context = {
        "cohort": cohort,
        "newcomer": newcomer,
        "others": others[:AT_A_TIME],
        "pairs": pairs[:AT_A_TIME],
        "more": len(others) > AT_A_TIME or len(pairs) > AT_A_TIME,
        "search": wanted,
    }
    return render(request, "matching/placement.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def pair_with(request: HttpRequest, pk: int, participant_pk: int, other_pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    both = [_waiting(request, cohort, participant_pk), _waiting(request, cohort, other_pk)]
    if request.method == "POST":
        done = _("%(names)s are buddies now, and are being told.") % {"names": listed(both)}
        return _do(request, cohort, lambda: placing.pair(both, request.user), done)
    title = _("Pair %(names)s?") % {"names": listed(both)}
    context = {"title": title, "action": _("Pair them and tell them")}
    return _ask(request, cohort, both, context)


@login_required
@require_http_methods(["GET", "POST"])
def join_pairing(request: HttpRequest, pk: int, participant_pk: int, pairing_pk: int) -> HttpResponse:
    cohort = _led(request, pk)
    newcomer = _waiting(request, cohort, participant_pk)
    pairing = get_object_or_404(_followed(request, cohort).live(), pk=pairing_pk)
    if request.method == "POST":
        names = listed([*pairing.people(), newcomer])
        done = _("%(names)s are three now, and are being told.") % {"names": names}
        return _do(request, cohort, lambda: placing.add(newcomer, pairing, request.user), done)
    sitting = list(_present(request, cohort).filter(seats__pairing=pairing, seats__left_at=None))
    context = {
        "title": _("Make three of %(names)s with %(name)s?") % {"names": listed(sitting), "name": newcomer},
        "text": _(
            "All three read and sign the agreement once more before they book. Sessions booked so far stand, and what "
            "the two have shared stays between them."
        ),
        "action": _("Make them three and tell them"),
    }
    return _ask(request, cohort, [newcomer, *sitting], context)


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def closure(request: HttpRequest, pk: int, pairing_pk: int) -> HttpResponse:
    """A pairing ends, and others open in the same step as far as the lead knows whom with."""
    cohort = _led(request, pk)
    pairing = get_object_or_404(with_people(_followed(request, cohort).live()), pk=pairing_pk)
    members = [seat.participant for seat in pairing.seated]  # type: ignore[attr-defined]
    candidates = [one.participant for one in waiting_in(cohort, reader(request)) if one.can_be_placed]
    form = RepairForm(request.POST or None, members=members, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            placing.repair(pairing, form.groups(), request.user)
        except placing.NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("The pairing has ended. Everybody concerned is being told, kindly."))
            return redirect("matching:pairings", pk)
    shown = [one.person for one in (*members, *candidates[:MOST])]
    note_look(request.user, shown, gettext_noop("looked at how a pairing of %(cohort)s could end"), cohort=cohort)
    more = max(0, len(candidates) - MOST)
    context = {"cohort": cohort, "form": form, "members": members, "candidates": candidates, "more": more}
    return render(request, "matching/closure.html", context, status=422 if form.errors else 200)


def _do(request: HttpRequest, cohort: Cohort, verb: Callable[[], Any], done: str) -> HttpResponse:
    try:
        verb()
    except placing.NotPossible as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("matching:pairings", cohort.pk)


def _ask(request: HttpRequest, cohort: Cohort, people: list[Participant], context: dict[str, Any]) -> HttpResponse:
    """The profiles side by side, and the question."""
    note_look(
        request.user, [one.person for one in people], gettext_noop("compared profiles in %(cohort)s"), cohort=cohort
    )
    return render(request, "matching/pairing_question.html", context | {"cohort": cohort, "people": people})


def _led(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)


def _present(request: HttpRequest, cohort: Cohort) -> Any:
    visible = Participant.objects.visible_to(request.user).present()
    return visible.filter(cohort=cohort).select_related("person")


def _waiting(request: HttpRequest, cohort: Cohort, pk: int) -> Participant:
    """Present in the cohort; whether they still wait, the verb says."""
    return get_object_or_404(_present(request, cohort), pk=pk)


def _followed(request: HttpRequest, cohort: Cohort) -> Any:
    return Pairing.objects.followed_by(request.user).filter(cohort=cohort)
