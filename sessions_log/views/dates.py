from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from buddying.models import DayHours, Leave, Participant
from buddying.reader import reader
from sessions_log import busy_calendars
from sessions_log import dates as marked
from sessions_log.forms.dates import CalendarForm, DayHoursForm, LeaveForm
from sessions_log.models import BusyCalendar


@login_required
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
def add_leave(request: HttpRequest) -> HttpResponse:
    return _added(request, LeaveForm(request.POST, person=reader(request)), "leave_form")


@login_required
@require_POST
def add_hours(request: HttpRequest) -> HttpResponse:
    return _added(request, DayHoursForm(request.POST, person=reader(request)), "hours_form")


@login_required
@require_POST
def remove_leave(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Leave.objects.visible_to(request.user), pk=pk).delete()
    messages.success(request, _("Taken away. Your weekly hours count again on those days."))
    return redirect("sessions_log:dates")


@login_required
@require_POST
def remove_hours(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(DayHours.objects.visible_to(request.user), pk=pk).delete()
    messages.success(request, _("Taken away. Your weekly hours count again on that day."))
    return redirect("sessions_log:dates")


@login_required
@require_POST
def connect_calendar(request: HttpRequest) -> HttpResponse:
    form = CalendarForm(request.POST)
    if form.is_valid():
        try:
            busy_calendars.connect(reader(request), form.cleaned_data["address"])
            messages.success(request, _("Saved. Your calendar is being read; look here again in a moment."))
            return redirect("sessions_log:dates")
        except busy_calendars.Refused as refused:
            form.add_error("address", str(refused))
    return _page(request, calendar_form=form)


@login_required
@require_POST
def disconnect_calendar(request: HttpRequest) -> HttpResponse:
    busy_calendars.disconnect(reader(request))
    messages.success(request, _("The address and everything that was read from it are erased."))
    return redirect("sessions_log:dates")


def _added(request: HttpRequest, form: ModelForm, name: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, **{name: form})
    try:
        with transaction.atomic():
            row = form.save()
    except IntegrityError:  # the same sent twice
        return redirect("sessions_log:dates")
    met = marked.sessions_in(row) if getattr(row, "kind", DayHours.BUSY) == DayHours.BUSY else []
    if met:
        saved = ngettext(
            "Saved. %(count)d session is booked in that time: move what does not suit. Nothing is moved by itself.",
            "Saved. %(count)d sessions are booked in that time: move what does not suit. Nothing is moved by itself.",
            len(met),
        )
        messages.warning(request, saved % {"count": len(met)})
    else:
        messages.success(
            request, _("Saved. You are offered no times there any more.") if _is_less(row) else _("Saved.")
        )
    return redirect("sessions_log:dates")


def _is_less(row: Leave | DayHours) -> bool:
    return not isinstance(row, DayHours) or row.kind == DayHours.BUSY


def _page(request: HttpRequest, **refused: Any) -> HttpResponse:
    person = reader(request)
    context = {
        "leaves": marked.leaves(person),
        "day_hours": marked.day_hours(person),
        "calendar": BusyCalendar.objects.visible_to(person).first(),
        "leave_form": LeaveForm(person=person),
        "hours_form": DayHoursForm(person=person),
        "calendar_form": CalendarForm(),
        "takes_part_in": Participant.objects.listed().filter(person=person, joined_at__isnull=False).first(),
    }
    return render(request, "sessions_log/dates.html", context | refused, status=422 if refused else 200)
