from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sessions_log import booking, rhythm, series
from sessions_log.availability import open_span
from sessions_log.booking import Refused
from sessions_log.forms.booking import EVERY, DatesForm, RhythmForm
from sessions_log.models import CoachingSession
from sessions_log.rhythm import Occasion
from sessions_log.timetable import other_clocks
from sessions_log.views.choosing import Choosing, visible_pairing

ASKS_FOR_DATES = "weeks"


@login_required
@require_http_methods(["GET", "POST"])
def book_series(request: HttpRequest, pk: int) -> HttpResponse:
    """First from when on and how often; then, with that in the address, the dates; then the POST that books them."""
    choosing = Choosing(request, visible_pairing(request, pk), "rhythm")
    form = _rhythm_form(choosing)
    may_book = booking.reason_not_to_book(choosing.pairing, choosing.at) is None
    if form.is_bound and may_book and form.is_valid():
        return _dates(choosing, form)
    return choosing.page({"rhythm_form": form, "slot_form": form}, refused=bool(form.errors))


def _rhythm_form(choosing: Choosing) -> RhythmForm:
    cohort, asked = choosing.pairing.cohort, choosing.request.GET
    until = _("Until %(day)s") % {"day": date_format(cohort.ends_on, "MONTH_DAY_FORMAT")}
    return RhythmForm(
        asked if ASKS_FOR_DATES in asked else None,
        initial={"minutes": choosing.minutes},
        zone=choosing.reader.zone,
        until=until,
        span=open_span(choosing.pairing, choosing.at),
        auto_id="slot_%s",
    )


def _dates(choosing: Choosing, asked: RhythmForm) -> HttpResponse:
    request, weeks = choosing.request, asked.cleaned_data["weeks"]
    form, occasions = _dates_form(choosing, asked)
    if choosing.is_sent and form.is_valid() and (booked := _booked(choosing, form, weeks)):
        return redirect("sessions_log:session", booked[0].pk)
    if form.errors:  # what was free a moment ago may not be free now
        occasions = _plan(choosing, asked)
    context = {
        "form": form,
        "rows": [(_Row(occasion, choosing), form[name]) for occasion, name in zip(occasions, form.names, strict=False)],
        "pairing": choosing.pairing,
        "buddies": choosing.pairing.buddies_of(choosing.reader),
        "minutes": choosing.minutes,
        "every": dict(EVERY)[weeks],
        "first": asked.cleaned_data["first"],
        "clashes": sum(bool(one.clash) and not one.is_booked_already for one in occasions),
    }
    return render(request, "sessions_log/series.html", context, status=422 if form.errors else 200)


def _plan(choosing: Choosing, asked: RhythmForm) -> list[Occasion]:
    first, weeks, times = (asked.cleaned_data[name] for name in ("first", "weeks", "times"))
    return rhythm.plan(choosing.pairing, choosing.reader, first, weeks, choosing.minutes, choosing.at, times)


def _dates_form(choosing: Choosing, asked: RhythmForm) -> tuple[DatesForm, list[Occasion]]:
    occasions = _plan(choosing, asked)
    dates = [
        (date_format(one.wall, "WEEKDAY_FORMAT"), _choices(one, choosing), _value(one.suggested)) for one in occasions
    ]
    data = choosing.request.POST if choosing.is_sent else None
    return DatesForm(data, initial=choosing.known(), dates=dates), occasions


def _choices(occasion: Occasion, choosing: Choosing) -> list[tuple[str, str]]:
    return [(_value(start), _words(start, occasion, choosing)) for start in occasion.choices]


def _value(start: datetime | None) -> str:
    return start.isoformat() if start else ""


def _words(start: datetime, occasion: Occasion, choosing: Choosing) -> str:
    here = start.astimezone(choosing.reader.zone)
    if start == occasion.starts_at:
        return _("As planned, all the same") if occasion.clash else _("Book it")
    return _("Instead %(when)s") % {"when": date_format(here, "SHORT_WEEKDAY_MOMENT_FORMAT")}


class _Row:
    """One date of the series, as its row shows it."""

    def __init__(self, occasion: Occasion, choosing: Choosing) -> None:
        self.wall, self.clash = occasion.wall, _(occasion.clash) if occasion.clash else ""
        self.is_booked_already = occasion.is_booked_already
        start = occasion.starts_at
        buddies = choosing.pairing.buddies_of(choosing.reader)
        self.others = other_clocks(start.astimezone(choosing.reader.zone), buddies) if start else []


def _booked(choosing: Choosing, form: DatesForm, weeks: int) -> list[CoachingSession]:
    wanted = form.meeting
    try:
        booked = series.book_series(
            choosing.pairing, form.starts, choosing.minutes, weeks=weeks, by=choosing.reader, **wanted
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return []
    _say(choosing.request, booked)
    return booked


def _say(request: HttpRequest, booked: list[CoachingSession]) -> None:
    first, last = (
        date_format(timezone.localtime(one.starts_at), "MONTH_DAY_FORMAT") for one in (booked[0], booked[-1])
    )
    done = ngettext(
        "%(count)d session is booked, on %(first)s. It has an invitation of its own, which comes by mail.",
        "%(count)d sessions are booked, from %(first)s to %(last)s. "
        "Each has an invitation of its own, which comes by mail.",
        len(booked),
    )
    messages.success(request, done % {"count": len(booked), "first": first, "last": last})
