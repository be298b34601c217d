"""What people can do about their data: download it, see when it goes, erase their account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying import limits
from buddying.models import Person
from buddying.nudge import nudge
from buddying.reader import reader
from buddying.recently import asked_again
from buddying.tasks import make_download
from insights import my_data as data
from trust import downloads, erasing
from trust.models import Download
from trust.trail import note_look


@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    me, at = reader(request), timezone.now()
    context = {
        "download": downloads.newest(me),
        "content_ends": data.content_ends(me),
        "leavable": data.leavable(me, at),
        "at": at,
    }
    return render(request, "insights/my_data.html", context)


@login_required
@require_POST
def ask_for_download(request: HttpRequest) -> HttpResponse:
    if not limits.allows(request, "download", user=request.user):
        messages.warning(
            request,
            _("You have asked for a download several times today. You can ask again in a day at the latest."),
        )
        return redirect("insights:my_data")
    download = downloads.ask(reader(request))
    nudge(make_download, str(download.pk))
    return redirect("insights:my_data")


@login_required
@require_safe
def download_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked each second by the page while it is being made."""
    download = get_object_or_404(Download.objects.visible_to(request.user).defer("content"), pk=pk)
    if "HX-Request" not in request.headers:
        return redirect("insights:my_data")
    return render(request, "insights/my_data.html#download", {"download": download, "at": timezone.now()})


@login_required
@require_safe
def download_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    download = get_object_or_404(Download.objects.visible_to(request.user), pk=pk)
    if answer := asked_again(request):
        return answer
    if not download.is_ready():
        raise Http404
    response = HttpResponse(download.opened(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="about-you-{download.finished_at:%Y-%m-%d}.zip"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest) -> HttpResponseBase:
    if answer := asked_again(request):
        return answer
    me = reader(request)
    if request.method == "GET" or "confirmed" not in request.POST:
        return render(request, "insights/erasure.html", _erasure(request, me))
    try:
        erasing.erase(me)
    except erasing.NotYet:
        return render(request, "insights/erasure.html", _erasure(request, me), status=422)
    logout(request)
    messages.success(request, _("Your account is erased. Thank you for having been here."))
    return redirect("insights:home")


@login_required
@require_http_methods(["GET", "POST"])
def erase_person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """By an administrator, because the person asked for it."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk, erased_at=None)
    if not reader(request).is_administrator or person == request.user:
        raise Http404
    if answer := asked_again(request):
        return answer
    note_look(request.user, [person], gettext_noop("opened the page that erases your account"))
    if request.method == "GET" or "confirmed" not in request.POST:
        return render(request, "insights/erasure.html", _erasure(request, person))
    try:
        erasing.erase(person)
    except erasing.NotYet:
        return render(request, "insights/erasure.html", _erasure(request, person), status=422)
    messages.success(request, _("The account is erased."))
    return redirect("admin:buddying_person_changelist")


def _erasure(request: HttpRequest, person: Person) -> dict[str, Any]:
    is_own, at = person == request.user, timezone.now()
    return {
        "person": person,
        "is_own": is_own,
        "obstacles": erasing.obstacles(person),
        "lines": data.what_becomes_of_it(),
        "cohorts": data.what_it_means(person, at) if is_own else [],
    }
