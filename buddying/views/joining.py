from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from buddying import joining, sso
from buddying.describing import about
from buddying.forms.codes import RequestCode, SignUp
from buddying.joining import Closed, Door, Obstacle
from buddying.models import Participant, Person

GONE = {Obstacle.UNKNOWN: 404, Obstacle.SOMEBODY_ELSES: 403}


@never_cache
@require_http_methods(["GET", "POST"])
def join_cohort(request: HttpRequest, token: str) -> HttpResponse:
    return _at_the_door(request, joining.by_link, token)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    return _at_the_door(request, joining.by_invitation, token)


def _at_the_door(request: HttpRequest, opener: Callable[[str], Door], token: str) -> HttpResponse:
    try:
        door = opener(token)
        if request.user.is_authenticated:
            return _come_in(request, door)
    except Closed as closed:
        return _closed(request, closed)
    joining.remember(request, door)
    return render(request, "buddying/join.html", _visitor(request, door))


def _visitor(request: HttpRequest, door: Door) -> dict[str, Any]:
    known = bool(door.address) and _is_known(door.address or "")
    arrived = sso.arrived(request)
    forms = {"form": SignUp(address=door.address, arrived=arrived), "code_form": RequestCode()}
    return {"door": door, "known": known, "arrived": arrived} | forms | about(door.cohort)


def _is_known(address: str) -> bool:
    """Whoever signed up and never came back with the code is asked for their name once more."""
    return Person.objects.active().with_address(address).exclude(pk__in=Person.objects.unproved().values("pk")).exists()


def _come_in(request: HttpRequest, door: Door) -> HttpResponse:
    """Raises Closed."""
    door.check(request.user)  # type: ignore[arg-type]
    if Participant.objects.of(request.user).filter(cohort=door.cohort).exists():
        return _in_already(request)
    if request.method == "POST":
        return _joined(request, joining.enter(door, request.user))  # type: ignore[arg-type]
    return render(request, "buddying/join.html", {"door": door, "cohort": door.cohort} | about(door.cohort))


def _in_already(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("You have joined already."))
    return redirect("insights:home")


def _joined(request: HttpRequest, participant: Participant) -> HttpResponse:
    if participant.cohort.nominating():
        messages.success(request, _("Welcome."))
    else:
        messages.success(request, _("You are in. Two short pages about you, and we look for a buddy for you."))
    return redirect(joining.after_joining(participant))


def _closed(request: HttpRequest, closed: Closed) -> HttpResponse:
    me = request.user
    if closed.cohort and me.is_authenticated and Participant.objects.of(me).filter(cohort=closed.cohort).exists():
        return _in_already(request)
    context = {"obstacle": closed.obstacle.name, "cohort": closed.cohort, "invitation": closed.invitation}
    return render(request, "buddying/cannot_join.html", context, status=GONE.get(closed.obstacle, 410))


@login_required
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody whom the lead put on the list, and who has not said yes so far."""
    mine = Participant.objects.listed().visible_to(request.user).select_related("cohort__programme", "person")
    participant = get_object_or_404(mine, cohort=pk, person=request.user)
    if participant.is_present:
        return redirect("insights:home")
    try:
        if request.method == "POST":
            return _joined(request, joining.join_as_listed(participant))
        joining.check_dates(participant.cohort)
    except Closed as closed:
        return _closed(request, closed)
    return render(request, "buddying/join.html", {"cohort": participant.cohort} | about(participant.cohort))
