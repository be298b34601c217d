"""What is written during a session: mine saves itself, theirs is shown as it grows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying.models import Person
from buddying.reader import reader
from sessions_log import history, meeting
from sessions_log.booking import Refused
from sessions_log.forms.logs import NotesForm
from sessions_log.models import CoachingSession, SharedNote
from sessions_log.views.asking import visible_session

NOTHING_NEW = 204


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET, after somebody has logged in again in another tab, hands the page the token of the new log-in."""
    session, person = visible_session(request, pk), reader(request)
    if request.method == "GET":
        return HttpResponse(status=NOTHING_NEW, headers={"CSRF-Token": get_token(request)})
    form = NotesForm(request.POST, entry=history.entry(session, person), person=person)
    if form.is_valid():
        _keep(form, session, person)
    if request.htmx:  # type: ignore[attr-defined]
        return render(
            request, "sessions_log/_saved.html", _state(form, session, person, request.POST.get("notes_seen", ""))
        )
    for why in _why_not(form):
        messages.warning(request, why)
    if not form.errors:
        messages.success(request, _("Saved."))
    return redirect("sessions_log:meet", pk)


def _keep(form: NotesForm, session: CoachingSession, person: Person) -> None:
    try:
        meeting.keep_notes(session, person, form.cleaned_data["private_note"], form.cleaned_data["shared_note"])
    except Refused as refused:
        form.add_error(None, str(refused))


def _why_not(form: NotesForm) -> list[str]:
    return [str(why) for errors in form.errors.values() for why in errors]


def _state(form: NotesForm, session: CoachingSession, person: Person, had_seen: str) -> dict[str, Any]:
    """After a refusal the page goes on as one that has not seen what is kept, and so replaces nothing by itself."""
    known = NotesForm(entry=history.entry(session, person), person=person)
    return {
        "why_not_saved": _why_not(form),
        "is_stale": form.has_error("__all__", "written_elsewhere"),
        "seen": had_seen if form.errors else known.seen(),
        "session": session,
        "writer": form.data.get("writer", ""),
        "saved_at": timezone.now(),
    }


@login_required
@require_safe
def theirs(request: HttpRequest, pk: int) -> HttpResponse:
    context = shown(visible_session(request, pk), reader(request))
    if request.GET.get("read") == context["read"]:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "sessions_log/_their_pads.html", context)


def shown(session: CoachingSession, person: Person) -> dict[str, Any]:
    """What the others share, and up to when this has been read."""
    notes = SharedNote.objects.visible_to(person).filter(session=session).exclude(author=person)
    found = list(notes.select_related("author").order_by("author__name"))
    read = "|".join(f"{note.pk}.{note.written_at.timestamp()}" for note in found)
    return {"session": session, "their_notes": found, "read": read or "nothing"}
