from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from buddying import limits
from buddying.words import listed
from sessions_log import booking
from sessions_log.availability import suits_everybody
from sessions_log.forms.booking import OwnTimeForm, SlotForm
from sessions_log.free_times import Interval
from sessions_log.models import CoachingSession
from sessions_log.views.asking import visible_session
from sessions_log.views.choosing import Choosing, visible_pairing

CHANGING = "change_session"
BOOKED = gettext_noop("Booked. The invitation goes to %(names)s and to you by mail.")
CHANGED = gettext_noop("Changed. The invitation goes to %(names)s and to you by mail.")
BOOKED_OUTSIDE = gettext_noop(
    "Booked. This is outside the hours you have in common: make sure that it suits %(names)s."
)
CHANGED_OFTEN = gettext_noop(
    "This session was changed several times within the hour, and each time %(names)s got a mail. "
    "You can change it again in an hour at the latest; a word to them may be quicker."
)
CHANGED_OUTSIDE = gettext_noop(
    "Changed. This is outside the hours you have in common: make sure that it suits %(names)s."
)


@login_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    return Arranging(Choosing(request, visible_pairing(request, pk))).answer()


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    if not session.is_standing or session.is_logged() or session.is_over():
        messages.warning(request, gettext("This session is over or cancelled, so it can no longer be moved."))
        return redirect("sessions_log:session", pk)
    return Arranging(Choosing(request, session.pairing, moving=session)).answer()


@dataclass
class Arranging:
    """A new session, or one that moves."""

    choosing: Choosing

    def __post_init__(self) -> None:
        self.request, self.moving, self.reader = self.choosing.request, self.choosing.moving, self.choosing.reader

    def answer(self) -> HttpResponse:
        slot, own = self._forms()
        sent = own if own.is_bound else slot
        if sent.is_bound and sent.is_valid() and (session := self._arrange(sent)):
            return redirect("sessions_log:session", session.pk)
        return self.choosing.page({"slot_form": slot, "own_form": own}, refused=bool(sent.errors))

    def _forms(self) -> tuple[SlotForm, OwnTimeForm]:
        post = self.request.POST if self.choosing.is_sent else None
        wants_own = post is not None and "own" in post
        known = self.choosing.known()
        starts = {"starts_at": self.moving.starts_at} if self.moving else {}
        return (
            SlotForm(None if wants_own else post, initial=known, auto_id="slot_%s"),
            OwnTimeForm(
                post if wants_own else None,
                initial=known | starts,
                zone=self.reader.zone,
                length=self.choosing.minutes,
            ),
        )

    def _arrange(self, form: SlotForm | OwnTimeForm) -> CoachingSession | None:
        meeting: dict[str, Any] = {name: form.cleaned_data[name] for name in ("starts_at", "minutes")} | form.meeting
        if self.moving and not limits.allows(self.request, CHANGING, key=str(self.moving.pk), only_asking=True):
            form.add_error(None, gettext(CHANGED_OFTEN) % {"names": self._others()})
            return None
        try:
            if self.moving:
                return self._change(self.moving, meeting)
            session = booking.book(self.choosing.pairing, **meeting, by=self.reader)
        except booking.Refused as refused:
            form.add_error("starts_at", str(refused))
            return None
        self._say(session)
        return session

    def _change(self, session: CoachingSession, meeting: dict[str, Any]) -> CoachingSession:
        """Only what is changed counts, whoever of the pair does it. Raises Refused."""
        before = session.sequence
        session = booking.move(session, **meeting, by=self.reader)
        if session.sequence == before:
            messages.info(self.request, gettext("Nothing is changed: the session is as it was."))
        else:
            limits.allows(self.request, CHANGING, key=str(session.pk))
            self._say(session)
        return session

    def _others(self) -> str:
        return listed(person for person in self.choosing.pairing.people() if person != self.reader)

    def _say(self, session: CoachingSession) -> None:
        people, names = self.choosing.pairing.people(), self._others()
        if suits_everybody(people, Interval(session.starts_at, session.ends_at)):
            done = CHANGED if self.moving else BOOKED
            messages.success(self.request, gettext(done) % {"names": names})
        else:
            done = CHANGED_OUTSIDE if self.moving else BOOKED_OUTSIDE
            messages.warning(self.request, gettext(done) % {"names": names})
