from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddying.reader import reader
from buddying.words import listed
from matching.models import Pairing
from sessions_log import booking
from sessions_log.availability import suits_everybody
from sessions_log.forms.booking import OwnTimeForm, SlotForm, WeekForm, lengths
from sessions_log.free_times import Interval
from sessions_log.models import CoachingSession
from sessions_log.timetable import Slot, Times, Timetable
from sessions_log.views.asking import visible_session


@login_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    return Choosing(request, pairing).answer()


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    if not session.is_standing or session.is_logged() or session.is_over():
        messages.warning(request, "This session is over or cancelled, so it can no longer be moved.")
        return redirect("sessions_log:session", pk)
    return Choosing(request, session.pairing, session).answer()


@dataclass
class Choosing:
    """Choosing a time: for a new session, or for one that moves."""

    request: HttpRequest
    pairing: Pairing
    moving: CoachingSession | None = None

    def __post_init__(self) -> None:
        self.reader = reader(self.request)
        self.at = timezone.now()
        self.asked = WeekForm(self.request.GET)
        usual = self.moving.minutes if self.moving else self.pairing.cohort.session_minutes
        self.minutes: int = self.asked.get("minutes") or usual

    def answer(self) -> HttpResponse:
        slot, own = self._forms()
        sent = own if own.is_bound else slot
        if sent.is_bound and sent.is_valid() and (session := self._arrange(sent)):
            return redirect("sessions_log:session", session.pk)
        context = self._context() | {"slot_form": slot, "own_form": own}
        page = "sessions_log/book.html" + ("#week" if self.request.htmx and not sent.is_bound else "")  # type: ignore[attr-defined]
        return render(self.request, page, context, status=422 if sent.errors else 200)

    def _forms(self) -> tuple[SlotForm, OwnTimeForm]:
        post = self.request.POST if self.request.method == "POST" else None
        wants_own = post is not None and "own" in post
        known = {"minutes": self.minutes, "place": self._usual_place()}
        starts = {"starts_at": self.moving.starts_at} if self.moving else {}
        return (
            SlotForm(None if wants_own else post, initial=known, auto_id="slot_%s"),
            OwnTimeForm(
                post if wants_own else None, initial=known | starts, zone=self.reader.zone, length=self.minutes
            ),
        )

    def _arrange(self, form: Form) -> CoachingSession | None:
        meeting = {name: form.cleaned_data[name] for name in ("starts_at", "minutes", "place")}
        try:
            if self.moving:
                before = self.moving.sequence
                session = booking.move(self.moving, **meeting, by=self.reader)
                if session.sequence == before:
                    messages.info(self.request, "Nothing is changed: the session is as it was.")
                    return session
            else:
                session = booking.book(self.pairing, **meeting, by=self.reader)
        except booking.Refused as refused:
            form.add_error("starts_at", str(refused))
            return None
        self._say(session)
        return session

    def _say(self, session: CoachingSession) -> None:
        done = "Changed" if self.moving else "Booked"
        people = self.pairing.people()
        names = listed(person for person in people if person != self.reader)
        if suits_everybody(people, Interval(session.starts_at, session.ends_at)):
            messages.success(self.request, f"{done}. The invitation goes to {names} and to you by mail.")
        else:
            messages.warning(
                self.request,
                f"{done}. This is outside the weekly hours you have in common: make sure that it suits {names}.",
            )

    def _usual_place(self) -> str:
        """Where this session is, or where they met the last time."""
        latest = self.moving or self.pairing.sessions.standing().order_by("-starts_at").first()
        return latest.place if latest else ""

    def _context(self) -> dict[str, Any]:
        why_not = booking.reason_not_to_book(self.pairing, self.at)
        times = None if why_not else Times(self.pairing, self.reader, self.minutes, self.at, self.moving)
        timetable = times.timetable(self.asked.get("week")) if times else None
        buddies = self.pairing.buddies_of(self.reader)
        return {
            "pairing": self.pairing,
            "session": self.moving,
            "buddies": buddies,
            "elsewhere": [person for person in buddies if person.time_zone != self.reader.time_zone],
            "why_not": why_not,
            "times": timetable,
            "chosen": self._chosen(timetable),
            "i_gave_hours": self.reader.windows.exists(),
            "minutes": self.minutes,
            "lengths": lengths(self.minutes),
        }

    def _chosen(self, times: Timetable | None) -> Slot | None:
        """The time that was sent and refused, if it is still on offer; else the first of the good ones."""
        if times is None:
            return None
        sent = self.request.POST.get("starts_at")
        return next((slot for slot in times.all() if slot.value == sent), times.good[0])
