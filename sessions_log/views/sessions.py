from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from buddying.reader import reader
from buddying.session_guide import guide_from
from sessions_log import answers, booking, calendars, history
from sessions_log.logs import turn_minutes, usual_order
from sessions_log.models import CoachingSession
from sessions_log.own_calendars import OwnCalendar
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
        "order": usual_order(session, people),
        "turn_minutes": minutes,
        "guide": guide,
        "phases": guide.of_minutes(minutes),
        "has_begun": session.has_begun(),
        "can_change": session.is_standing and not session.is_logged() and not session.is_over(),
        "is_live": session.pairing.closed_at is None,
    }


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; the POST is the answer."""
    session = visible_session(request, pk)
    if request.method == "GET":
        when = date_format(timezone.localtime(session.starts_at), "l j F, H:i")
        context = {"session": session, "question": f"Cancel the session on {when}?"}
        return render(request, "sessions_log/cancel.html", context)
    try:
        booking.cancel(session, by=reader(request))
        messages.success(request, "Cancelled. All of you are told by mail, and it goes from your calendars.")
    except booking.Refused as refused:
        messages.warning(request, str(refused))
    return redirect("sessions_log:session", pk)


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
