"""Where to turn when it is more than coaching: the organisation's contacts, and a programme's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Organisation, Participant, Person, Programme
from matching.models import Pairing
from reflection import agreeing
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]
COMMON, OWN = "Occupational health", "Ines Roth, confidential adviser"


@pytest.fixture
def contacts(programme: Programme) -> None:
    organisation = Organisation.current()
    organisation.support_contacts = COMMON
    organisation.save()
    programme.support_contacts = f"{OWN}\n"
    programme.save()


def test_a_lead_sets_them(as_: As, programme: Programme, dora: Person, eve: Person) -> None:
    page = f"/programmes/{programme.pk}/edit/"
    words = {"name": "Buddies", "purpose": "Learn together.", "support_contacts": OWN}
    assert as_(eve).post(page, words).status_code == 404
    assert as_(dora).post(page, words).status_code == 302
    programme.refresh_from_db()
    assert programme.support_contacts == OWN
    copied = as_(dora).get(f"/programmes/{programme.pk}/copy/").content.decode()
    assert OWN in copied


def test_they_stand_in_the_agreement_beside_it_and_in_the_guide_of_a_session(
    as_: As, contacts: None, cohort: Cohort, pairing: Pairing, ada: Person
) -> None:
    agreeing.draft_for(pairing, timezone.now())
    assert f"We turn to:\n{OWN}\n{COMMON}" in pairing.agreements.get().text
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() + timedelta(days=2))
    for page in (f"/pairings/{pairing.pk}/agreement/", f"/sessions/{session.pk}/"):
        assert as_(ada).get(page).context["contacts"] == f"{OWN}\n{COMMON}"
        assert f"{OWN}\n{COMMON}" in as_(ada).get(page).content.decode()


def test_the_help_page_shows_them_to_those_who_take_or_took_part(
    as_: As, contacts: None, participants: dict[str, Participant], ada: Person, ben: Person, eve: Person
) -> None:
    Participant.objects.filter(person=ben).update(left_at=timezone.now())
    shown = {person.name: as_(person).get("/help/").content.decode() for person in (ada, ben, eve)}
    assert {name: OWN in page for name, page in shown.items()} == {"Ada": True, "Ben": True, "Eve": False}
    assert all(COMMON in page for page in shown.values())
