from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from buddying.reader import reader
from sessions_log.models import Commitment


@login_required
@require_POST
def commitment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Done, or not done after all (``done=no``). Only who made it says so, while the pairing lasts."""
    visible = Commitment.objects.visible_to(request.user).filter(author=reader(request))
    mine = get_object_or_404(visible.filter(pairing__closed_at=None), pk=pk)
    mine.mark(done=request.POST.get("done") != "no")
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect("sessions_log:session", mine.session_id)
