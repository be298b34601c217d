from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buddying import unsent
from buddying.reader import reader
from sessions_log import history, logs
from sessions_log.booking import Refused
from sessions_log.forms.logs import LogForm
from sessions_log.models import CoachingSession
from sessions_log.views.asking import visible_session


@login_required
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    if why_not := logs.reason_not_to_log(session):
        messages.warning(request, why_not)
        return redirect("sessions_log:session", pk)
    form = _form(request, session)
    if request.method == "POST" and form.is_valid() and _logged(form, request, session):
        return redirect("sessions_log:session", pk)
    context = {
        "session": session,
        "buddies": session.pairing.buddies_of(request.user),
        "form": form,
        "entry": form.entry,
        "theirs": [one for one in form.earlier if one.author != request.user],
    }
    return render(request, "sessions_log/log.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, session: CoachingSession) -> LogForm:
    person = reader(request)
    form = LogForm(
        request.POST if request.method == "POST" else None,
        entry=history.entry(session, person),
        people=session.pairing.people(),
        person=person,
        earlier=history.earlier_commitments(session, person),
    )
    form.fields["commitment_1"].label = _("One thing you will do")
    return form


def _logged(form: LogForm, request: HttpRequest, session: CoachingSession) -> bool:
    try:
        logs.log(session, reader(request), form.log())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    unsent.forget(reader(request), "log", session.pk)
    unsent.forget(reader(request), "meet", session.pk)
    messages.success(request, _("Saved."))
    return True
