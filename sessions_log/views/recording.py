from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buddying.reader import reader
from sessions_log import recording
from sessions_log.booking import Refused
from sessions_log.forms.recording import RecordForm
from sessions_log.models import CoachingSession
from sessions_log.views.choosing import visible_pairing


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """A session that was not booked; saying that it took place comes next, in its log."""
    pairing, person = visible_pairing(request, pk), reader(request)
    form = RecordForm(
        request.POST if request.method == "POST" else None, zone=person.zone, length=pairing.cohort.session_minutes
    )
    if form.is_bound and form.is_valid():
        try:
            session: CoachingSession = recording.record(pairing, **form.cleaned_data, by=person)
            messages.success(request, _("Noted. Now say in a minute how it was."))
            return redirect("sessions_log:log", session.pk)
        except Refused as refused:
            form.add_error("starts_at", str(refused))
    context = {"form": form, "pairing": pairing, "buddies": pairing.buddies_of(person)}
    return render(request, "sessions_log/record.html", context, status=422 if form.errors else 200)
