from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from buddying import devices


@login_required
@require_safe
def in_use(request: HttpRequest) -> HttpResponse:
    found, lasts = devices.in_use(request), devices.lasting(request.user)
    return render(request, "buddying/devices.html", {"devices": found, "lasts": lasts})


@login_required
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    if not devices.end(request, key):
        raise Http404
    messages.success(request, _("Logged out there."))
    return redirect("buddying:devices")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    ended = devices.end_others(request)
    messages.success(request, _("Logged out everywhere else.") if ended else _("You were logged in nowhere else."))
    return redirect("buddying:devices")
