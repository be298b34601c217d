"""What every page on which a time is chosen shows: the good times, a week, lengths, both zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from buddying.reader import reader
from matching.models import Pairing
from sessions_log import booking
from sessions_log.forms.booking import WeekForm, instant_of, lengths
from sessions_log.models import PLACE, CoachingSession, Proposal
from sessions_log.timetable import Slot, Times, Timetable

WAYS = [("once", _("Once"), "book"), ("rhythm", _("A rhythm"), "series"), ("several", _("Propose several"), "propose")]


def visible_pairing(request: HttpRequest, pk: int) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort"), pk=pk)


def _place(person: Person) -> str:
    return gettext("%(name)s in %(zone)s") % {"name": person.name, "zone": person.time_zone}


@dataclass
class Choosing:
    """``way``: once, rhythm or several. A session that is ``moving`` keeps nobody busy."""

    request: HttpRequest
    pairing: Pairing
    way: str = "once"
    moving: CoachingSession | None = None

    def __post_init__(self) -> None:
        self.reader = reader(self.request)
        self.at = timezone.now()
        self.asked = WeekForm(self.request.GET)
        usual = self.moving.minutes if self.moving else self.pairing.cohort.session_minutes
        self.minutes: int = self.asked.get("minutes") or usual

    @property
    def is_sent(self) -> bool:
        return self.request.method == "POST"

    def known(self) -> dict[str, Any]:
        """What a form begins with: how and where this session is, or where they met the last time."""
        latest = self.moving or self.pairing.sessions.standing().order_by("-starts_at").first()
        how, place = (latest.how, latest.place) if latest else (PLACE, "")
        return {"minutes": self.minutes, "how": how, "place": place}

    def page(self, forms: dict[str, Any], *, refused: bool = False) -> HttpResponse:
        part = "#week" if self.request.htmx and not self.is_sent else ""  # type: ignore[attr-defined]
        context = self._context() | forms
        return render(self.request, f"sessions_log/book.html{part}", context, status=422 if refused else 200)

    def _context(self) -> dict[str, Any]:
        why_not = booking.reason_not_to_book(self.pairing, self.at)
        times = None if why_not else Times(self.pairing, self.reader, self.minutes, self.at, self.moving)
        timetable = times.timetable(self.asked.get("week")) if times else None
        buddies = self.pairing.buddies_of(self.reader)
        chosen, ticked_elsewhere = self._chosen(timetable), self._ticked_elsewhere(times, timetable)
        return {
            "way": self.way,
            "ways": self._ways(),
            "pairing": self.pairing,
            "session": self.moving,
            "proposed": self._proposed(),
            "buddies": buddies,
            "elsewhere": [_place(person) for person in buddies if person.time_zone != self.reader.time_zone],
            "why_not": why_not,
            "times": timetable,
            "chosen": chosen,
            "ticked_elsewhere": ticked_elsewhere,
            "week_stands_open": self._looks_through_weeks(timetable, [*chosen, *ticked_elsewhere]),
            "i_gave_hours": self.reader.windows.exists(),
            "minutes": self.minutes,
            "lengths": lengths(self.minutes),
        }

    def _proposed(self) -> Proposal | None:
        """Times that a buddy proposes: choosing one of them is quicker still."""
        theirs = Proposal.objects.visible_to(self.reader).open(self.at).filter(pairing=self.pairing)
        return None if self.moving else theirs.exclude(proposed_by=self.reader).select_related("proposed_by").first()

    def _ways(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": reverse(f"sessions_log:{name}", args=[self.pairing.pk]), "current": way == self.way}
            for way, label, name in WAYS
        ]

    def _chosen(self, times: Timetable | None) -> Sequence[Slot]:
        """What was sent and is still on offer; else the first of the good times, or, to propose, all of them."""
        if times is None:
            return []
        ticked = self._ticked()
        if self.way == "several":
            return [slot for slot in times.all() if slot.starts_at in ticked] if ticked else times.good
        return [slot for slot in times.all() if slot.starts_at in ticked][:1] or times.good[:1]

    def _looks_through_weeks(self, times: Timetable | None, chosen: Sequence[Slot]) -> bool:
        asked = self.way == "several" or "week" in self.request.GET
        return asked or bool(times and any(slot not in times.good for slot in chosen))

    def _ticked(self) -> set[datetime]:
        data = self.request.POST if self.is_sent else self.request.GET
        return {instant for value in data.getlist("starts_at") if (instant := instant_of(value))}

    def _ticked_elsewhere(self, times: Times | None, timetable: Timetable | None) -> list[Slot]:
        """Ticked in another week: they stay with the page."""
        if not times or not timetable or self.way != "several":
            return []
        return [times.slot(start) for start in timetable.elsewhere(sorted(self._ticked()))]
