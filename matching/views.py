from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from buddying.models import Cohort, Participant
from matching.board import LOOKED_AT_A_DRAFT, Row, board_of, figures_of, lean
from matching.changes import changes_since
from matching.distance import by_hand
from matching.drafts import announcement, draft_of
from matching.editing import can_be_changed
from matching.floors import can_be_asked
from matching.floors_views import about_floors
from matching.forms import PolicyForm, policy_form
from matching.marks import changed_since
from matching.models import MatchRun
from matching.policy_page import presets, rules_of
from matching.publishing import CannotPublish
from matching.publishing_later import ask_to_publish
from matching.reminding import to_remind
from matching.running import CannotStart, request_run
from matching.snapshot import to_be_matched
from matching.standing_in import leads_who_can_join, let_go
from trust.acting import without_content
from trust.trail import note_look


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def board(request: HttpRequest, pk: int) -> HttpResponse:
    led = Cohort.objects.led_by(request.user).select_related("programme")
    cohort = get_object_or_404(led, pk=pk)
    form = policy_form(request.POST or None, request.GET.get("preset"), leads_who_can_join(cohort))
    if request.method == "POST" and form.is_valid():
        return _start(request, cohort, form)
    shown = board_of(cohort, request.user)
    note_look(
        request.user,
        shown.have_not_named,
        gettext_noop("looked at who has named nobody yet in %(cohort)s"),
        cohort=cohort,
    )
    context = {"cohort": cohort, "board": shown, "form": form, "now": timezone.now(), "to_remind": to_remind(cohort)}
    if shown.can_start:
        context |= rules_of(cohort, shown.to_match) | {"presets": presets(request.GET.get("preset"))}
    return render(request, "matching/board.html", context, status=422 if form.is_bound else 200)


def _start(request: HttpRequest, cohort: Cohort, form: PolicyForm) -> HttpResponse:
    try:
        by_hand = "by_hand" in request.POST
        run = request_run(cohort, request.user, form.policy(), starts_empty=by_hand, stand_in=form.lead_who_joins())
    except CannotStart as why:
        messages.error(request, str(why))
        return redirect("matching:board", cohort.pk)
    return redirect("matching:run", run.pk)


@login_required
@require_GET
@without_content
def run(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    context = {"run": run, "cohort": run.cohort, "row": Row(run, figures_of([run], request.user)[run.pk])}
    published = run.published_instead()
    if run.published_at or (run.is_draft and not published):
        context |= _draft(request, run)
        if request.headers.get("HX-Target") == "proposed":
            return render(request, "matching/run.html#proposed", context)
    if run.is_draft and not published and not run.is_being_published:
        context |= _question(run, request.user)
        if can_be_asked(run, request.user):
            context |= {"can_raise_floor": True} | about_floors(run)
    return render(request, "matching/run.html", context | {"published": published})


def _draft(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    find = request.GET.get("find", "").strip()
    draft = draft_of(run, request.user, request.GET.get("page"), find)
    published = gettext_noop("looked at the published pairs of %(cohort)s")
    looked_at = published if run.published_at else LOOKED_AT_A_DRAFT
    note_look(request.user, draft.people(), looked_at, cohort=run.cohort)
    marks = {} if run.published_at else draft.marked(changed_since(run, draft.participants(), request.user))
    return {"draft": draft, "marks": marks, "find": find, "can_be_changed": can_be_changed(run)}


def _question(run: MatchRun, viewer: Any) -> dict[str, Any]:
    """What publishing would do, and what speaks against it."""
    changes = changes_since(run, viewer)
    note_look(viewer, changes.named, LOOKED_AT_A_DRAFT, cohort=run.cohort)
    waiting = to_be_matched(run.cohort).exclude(proposals__run=run)
    told = announcement(Participant.objects.filter(proposals__run=run), waiting)
    hand = by_hand(run, viewer)
    return {"changes": changes, "question": " ".join(filter(None, [*changes.sentences, hand, told])), "by_hand": hand}


@login_required
@require_GET
@without_content
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked each second by the run's page; sends it on when the run has ended."""
    run, htmx = _run(request, pk), "HX-Request" in request.headers
    if run.is_under_way and htmx:
        return render(request, "matching/run.html#progress", {"run": run})
    there = redirect("matching:run", run.pk)
    return HttpResponseClientRedirect(there.url) if htmx else there


@login_required
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    run.cancel()
    if run.cancelled_at is None:
        return redirect("matching:run", run.pk)
    let_go()
    messages.success(request, _("The run is cancelled. Nothing has changed for anybody."))
    return redirect("matching:board", run.cohort_id)


@login_required
@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    if request.method == "POST" and request.POST.get("confirmed"):
        if run.discard():
            let_go()
            messages.success(request, _("It is discarded, with all that it knew."))
        return redirect("matching:board", run.cohort_id)
    return render(request, "matching/removal.html", {"run": run, "cohort": run.cohort})


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and says how many people will be told."""
    run = _run(request, pk)
    if request.method == "POST" and request.POST.get("confirmed"):
        return _publish(request, run)
    if not run.is_draft or run.is_being_published:
        return redirect("matching:run", run.pk)
    context = {"run": run, "cohort": run.cohort} | _question(run, request.user)
    return render(request, "matching/publication.html", context)


def _publish(request: HttpRequest, run: MatchRun) -> HttpResponse:
    try:
        ask_to_publish(run, request.user)
    except CannotPublish as why:
        messages.error(request, str(why))
    else:
        run.refresh_from_db(fields=["publishing_at", "published_at"])
        if not run.is_being_published:
            messages.success(request, _("The pairs are published, and everybody is being told."))
    return redirect("matching:run", run.pk)


def _run(request: HttpRequest, pk: int) -> MatchRun:
    return get_object_or_404(lean(MatchRun.objects.visible_to(request.user)), pk=pk)
