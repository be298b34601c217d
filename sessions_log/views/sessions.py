from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying.reader import reader
from buddying.session_guide import guide_from
from sessions_log import answers, booking, calendars, history, logs, series
from sessions_log.forms.cancelling import CancelForm
from sessions_log.logs import turn_minutes
from sessions_log.meeting import AFTER, stand
from sessions_log.models import CoachingSession, OwnCalendar, SessionLog, Word
from sessions_log.timetable import other_clocks
from sessions_log.views.asking import visible_session


@login_required
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    return render(request, "sessions_log/session.html", _context(request, session))


def _context(request: HttpRequest, session: CoachingSession) -> dict[str, Any]:
    person, people = reader(request), session.pairing.people()
    buddies = [other for other in people if other != person]
    later = series.later_ones(session)
    minutes, entry = turn_minutes(session, people), history.entry(session, person)
    answers.show([session], person)
    guide = guide_from(session.pairing.cohort.programme.guide)
    return {
        "session": session,
        "pairing": session.pairing,
        "buddies": buddies,
        "is_declined": any(seat.has_declined for seat in session.answers),  # type: ignore[attr-defined]
        "others": other_clocks(timezone.localtime(session.starts_at), buddies),
        "entry": entry,
        "i_logged": entry.log_of(person) is not None,
        "next_session": history.next_session(session.pairing),
        "earlier": history.earlier_commitments(session, person),
        "order": [turn.coachee for turn in stand(session, guide).turns],
        "turn_minutes": minutes,
        "guide": guide,
        "phases": guide.of_minutes(minutes),
        "contacts": session.pairing.cohort.programme.where_to_turn(),
        "has_begun": session.has_begun(),
        "may_meet": _may_meet(session),
        "can_change": session.is_standing and not session.is_logged() and not session.is_over(),
        "is_live": session.pairing.closed_at is None,
        "words": Word.objects.visible_to(person).filter(session=session).select_related("author"),
        "later": later,
        "cancel_form": CancelForm(later=len(later), auto_id="cancel_%s"),
    }


def _may_meet(session: CoachingSession) -> bool:
    """Before its time it is there to prepare and to print."""
    return session.is_standing and not session.is_recorded_afterwards and timezone.now() < session.ends_at + AFTER


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; the POST is the answer."""
    session = visible_session(request, pk)
    form = CancelForm(
        request.POST if request.method == "POST" else None, later=len(series.later_ones(session)), auto_id="cancel_%s"
    )
    if form.is_bound and form.is_valid():
        _cancel(request, session, form)
        return redirect("sessions_log:session", pk)
    when = date_format(timezone.localtime(session.starts_at), "WEEKDAY_MOMENT_FORMAT")
    question = _("Cancel the session on %(when)s?") % {"when": when}
    context = {"session": session, "question": question, "form": form}
    return render(request, "sessions_log/cancel.html", context, status=422 if form.errors else 200)


def _cancel(request: HttpRequest, session: CoachingSession, form: CancelForm) -> None:
    word = form.cleaned_data["word"]
    try:
        if form.takes_later_ones:
            many = series.cancel_from(session, reader(request), word=word)
            done = _cancelled(many)
        else:
            booking.cancel(session, reader(request), word=word)
            done = _("Cancelled. All of you are told by mail, and it goes from your calendars.")
        messages.success(request, done)
    except booking.Refused as refused:
        messages.warning(request, str(refused))


def _cancelled(many: int) -> str:
    done = ngettext(
        "%(count)d session is cancelled. All of you are told by mail, and it goes from your calendars.",
        "%(count)d sessions are cancelled. All of you are told by mail, and they go from your calendars.",
        many,
    )
    return done % {"count": many}


@login_required
@require_POST
def not_held(request: HttpRequest, pk: int) -> HttpResponse:
    """“It did not take place”, from either side, and on to the next time. What a member logged before is left alone."""
    session, person = visible_session(request, pk), reader(request)
    if session.logs.filter(person=person).exists():
        return redirect("sessions_log:log", pk)
    try:
        logs.log(session, person, logs.Log(SessionLog.MISSED))
    except booking.Refused as refused:
        messages.warning(request, str(refused))
        return redirect("sessions_log:session", pk)
    if history.next_session(session.pairing):
        messages.success(request, _("Noted. That happens, and your next session is booked already."))
        return redirect("sessions_log:session", pk)
    messages.success(request, _("Noted. That happens. Here are the next times that suit you."))
    return redirect("sessions_log:book", session.pairing_id)


@login_required
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    summary = calendars.title(session, OwnCalendar.objects.of(reader(request)))
    return HttpResponse(
        calendars.published(session, timezone.now(), summary),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="buddying-session.ics"'},
    )
