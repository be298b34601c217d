"""The page of a session while it runs. Devices ask every few seconds; while nothing has changed they get no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buddying import unsent
from buddying.models import Person
from buddying.reader import reader
from buddying.session_guide import Guide, guide_from
from buddying.shared_clock import telling_the_time
from sessions_log import history, logs, meeting
from sessions_log.booking import Refused
from sessions_log.forms.logs import LogForm
from sessions_log.models import CoachingSession
from sessions_log.views import pads
from sessions_log.views.asking import visible_session

NOTHING_NEW = 204


@login_required
@require_http_methods(["GET", "POST"])
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST closes the session for whoever sends it: what they take along, as their log."""
    session, at = visible_session(request, pk), timezone.now()
    if "seen" in request.GET:
        return _what_is_new(request, session, at)
    form = _form(request, session)
    if request.method == "POST" and form.is_valid() and _closed(form, session, reader(request)):
        messages.success(request, _("Saved. Well done, all of you."))
        return redirect("sessions_log:session", pk)
    context = _now(request, session, at) | pads.shown(session, reader(request)) | {"form": form}
    context |= {"earlier": form.earlier, "is_live": session.pairing.closed_at is None}
    context["may_close"] = context["why_not"] is None or logs.reason_not_to_log(session, at) is None
    page = render(request, "sessions_log/meet.html", context, status=422 if form.errors else 200)
    return telling_the_time(page, at)


def _what_is_new(request: HttpRequest, session: CoachingSession, at: datetime) -> HttpResponse:
    context = _now(request, session, at)
    if request.GET["seen"] == context["version"]:
        return telling_the_time(HttpResponse(status=NOTHING_NEW), at)
    return telling_the_time(render(request, "sessions_log/_meeting.html", context), at)


def _form(request: HttpRequest, session: CoachingSession) -> LogForm:
    person = reader(request)
    return LogForm(
        request.POST if request.method == "POST" else None,
        entry=history.entry(session, person),
        people=session.pairing.people(),
        person=person,
        earlier=history.earlier_commitments(session, person),
    )


def _closed(form: LogForm, session: CoachingSession, person: Person) -> bool:
    try:
        if meeting.reason_not_to_begin(session, timezone.now()) is None:
            meeting.end(session, person)
        logs.log(session, person, form.log())
        unsent.forget(person, "meet", session.pk)
    except Refused as refused:
        form.add_error(None, str(refused))
    return form.is_valid()


def _now(request: HttpRequest, session: CoachingSession, at: datetime) -> dict[str, Any]:
    guide = guide_of(session)
    stand, refused = meeting.stand(session, guide), meeting.reason_not_to_begin(session, at)
    return {
        "session": session,
        "buddies": session.pairing.buddies_of(request.user),
        "guide": guide,
        "stand": stand,
        "why_not": refused,
        "now": at,
        "version": f"{stand.version}.{'shut' if refused else 'open'}",
    }


def guide_of(session: CoachingSession) -> Guide:
    return guide_from(session.pairing.cohort.programme.guide)


# -- what a member presses ----------------------------------------------------------------------------


@login_required
@require_POST
def beginning(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _do(request, pk, lambda session, person: meeting.begin(session, number, person))


@login_required
@require_POST
def taking_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _do(request, pk, lambda session, person: meeting.take_back(session, number, person))


@login_required
@require_POST
def first(request: HttpRequest, pk: int) -> HttpResponse:
    people = visible_session(request, pk).pairing.people()
    chosen = next((one for one in people if str(one.pk) == request.POST.get("first")), None)
    return _do(request, pk, lambda session, person: chosen and meeting.begin_with(session, chosen, person))


@login_required
@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, meeting.end)


@login_required
@require_POST
def going_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, meeting.go_on)


def _do(request: HttpRequest, pk: int, verb: Callable[[CoachingSession, Person], Any]) -> HttpResponse:
    """To a script the new state, to everybody else the page: what is being typed there stays as it is."""
    session = visible_session(request, pk)
    try:
        verb(session, reader(request))
    except Refused as refused:
        if not request.htmx:  # type: ignore[attr-defined]
            messages.warning(request, str(refused))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("sessions_log:meet", pk)
    at = timezone.now()
    return telling_the_time(render(request, "sessions_log/_meeting.html", _now(request, session, at)), at)
