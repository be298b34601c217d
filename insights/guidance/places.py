"""Where the ways of a help page lead for one person: to their own pairing, their cohort, the cohort that they lead."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse

from buddying.models import Cohort, Programme
from matching.models import Pairing
from sessions_log.models import CoachingSession

FOR_VISITORS = {"log-in": "account_request_login_code", "privacy": "insights:privacy"}
FOR_ALL = {
    "dates": "sessions_log:dates",
    "my-calendar": "sessions_log:my_calendar",
    "messages": "outbox:choices",
    "my-data": "insights:my_data",
    "looks": "insights:looks",
}
OF_MY_PAIRING = {
    "pairing": "insights:pairing",
    "agreement": "reflection:agreement",
    "book": "sessions_log:book",
    "series": "sessions_log:series",
    "propose": "sessions_log:propose",
    "another-buddy": "matching:another_buddy",
    "options": "reflection:options",
    "talk-guide": "reflection:talk_guide",
}
OF_MY_COHORT = {
    "profile": "buddying:profile",
    "hours": "buddying:profile_hours",
    "nominations": "buddying:nominations",
    "about-cohort": "buddying:about_cohort",
    "taking-part": "matching:taking_part",
    "statement": "reflection:statement",
    "pack": "reflection:pack",
}
OF_A_COHORT_I_LEAD = {
    "led-cohort": "insights:cohort",
    "invitations": "buddying:invitations",
    "import": "buddying:import_people",
    "people": "buddying:people",
    "matching": "matching:board",
    "pairings": "matching:pairings",
    "practice": "equipping:practices",
    "cohort-mail": "insights:cohort_mail",
    "led-pack": "reflection:pack",
}
OF_A_PROGRAMME_I_LEAD = {
    "programme": "buddying:programme",
    "edit-programme": "buddying:edit_programme",
    "edit-guide": "buddying:edit_guide",
    "new-cohort": "buddying:new_cohort",
    "led-lessons": "equipping:lessons",
    "programme-pack": "reflection:programme_pack",
}
FOR_LEADS = {"programmes": "buddying:programmes", "new-programme": "buddying:new_programme"}
FOR_ADMINISTRATORS = {
    "overview": "insights:overview",
    "comparison": "insights:comparison",
    "report": "insights:overview_report",
    "operations": "outbox:operations",
    "roles": "admin:buddying_rolegrant_changelist",
    "all-people": "admin:buddying_person_changelist",
    "organisation": "buddying:organisation",
}
CONTACTS = {"contacts": "more", "confidence": "lead"}  # parts of the page that they stand on


class Places:
    """Asks nothing before a way is followed, and each thing once."""

    def __init__(self, person: Any) -> None:
        self.person = person

    def url(self, place: str) -> str:
        """Empty where there is nothing of the kind for this person."""
        if place in FOR_VISITORS:
            return reverse(FOR_VISITORS[place])
        if place in CONTACTS:
            return f"{reverse('insights:help')}#{CONTACTS[place]}"
        return self._url_of_mine(place) if self.person.is_authenticated else ""

    def _url_of_mine(self, place: str) -> str:
        if place in FOR_ALL:
            return reverse(FOR_ALL[place])
        if place in FOR_LEADS:
            return reverse(FOR_LEADS[place]) if sets_up(self.person) else ""
        if place in FOR_ADMINISTRATORS:
            return reverse(FOR_ADMINISTRATORS[place]) if self.person.is_administrator else ""
        return self._url_of_a_row(place)

    def _url_of_a_row(self, place: str) -> str:
        if place in OF_MY_PAIRING:
            return _of(OF_MY_PAIRING[place], self.pairing)
        if place in OF_MY_COHORT:
            return _of(OF_MY_COHORT[place], self.cohort)
        if place in OF_A_COHORT_I_LEAD:
            return _of(OF_A_COHORT_I_LEAD[place], self.led_cohort)
        if place in OF_A_PROGRAMME_I_LEAD:
            return _of(OF_A_PROGRAMME_I_LEAD[place], self.led_programme)
        return self._special[place]()

    @property
    def _special(self) -> dict[str, Any]:
        return {
            "next-session": lambda: _of("sessions_log:session", self.next_session),
            "lessons": lambda: self._lesson("equipping:lessons"),
            "boundaries": lambda: self._lesson("equipping:lesson", "boundaries"),
        }

    def _lesson(self, name: str, *slug: str) -> str:
        return reverse(name, args=[self.cohort.programme_id, *slug]) if self.cohort else ""

    @cached_property
    def pairing(self) -> Pairing | None:
        mine = Pairing.objects.visible_to(self.person).live().select_related("cohort")
        return next((pairing for pairing in mine if not pairing.is_over()), None)

    @cached_property
    def cohort(self) -> Cohort | None:
        """The one that they are paired in, else the latest that they take part in."""
        mine = list(Cohort.objects.taken_part_in_by(self.person))
        paired_in = [cohort for cohort in mine if self.pairing and cohort.pk == self.pairing.cohort_id]
        return next(iter(paired_in + mine), None)

    @cached_property
    def led_cohort(self) -> Cohort | None:
        return Cohort.objects.led_by(self.person).select_related("programme").first()

    @cached_property
    def led_programme(self) -> Programme | None:
        if self.led_cohort:
            return self.led_cohort.programme
        return Programme.objects.filter(leads__person=self.person).first()

    @cached_property
    def next_session(self) -> CoachingSession | None:
        mine = CoachingSession.objects.visible_to(self.person).filter(pairing__closed_at=None)
        return mine.upcoming().first()


def _of(name: str, row: Any) -> str:
    return reverse(name, args=[row.pk]) if row else ""


def sets_up(person: Any) -> bool:
    return bool(person.can_create_programmes or person.leads_any_programme)
