"""Input that no page would send. It is refused in words or with a 4xx, and breaks no page for anybody."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from buddying.forms.people import InvitationsForm
from buddying.models import Cohort, Person
from matching.models import Pairing
from reflection import agreeing
from sessions_log.models import CoachingSession, Commitment

As = Callable[[Person | None], Client]


@pytest.fixture
def signed(pairing: Pairing, ada: Person, ben: Person) -> Pairing:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in (ada, ben):
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    return pairing


@pytest.mark.parametrize("address", ["/cohorts/{cohort}/people/?search=%00", "/join/%00/", "/?x=%00", "/%00/"])
def test_null_characters_in_an_address(as_: As, dora: Person, cohort: Cohort, address: str) -> None:
    for person in (dora, None):
        assert as_(person).get(address.format(cohort=cohort.pk)).status_code == 400


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("own", [{}, {"own": "1"}])
@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_time_at_the_ends_of_the_calendar(
    as_: As, signed: Pairing, ada: Person, zone: str, own: dict[str, str], at: str
) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone=zone)
    answer = as_(ada).post(f"/pairings/{signed.pk}/sessions/new/", own | {"starts_at": at, "minutes": "60"})
    assert answer.status_code == 422


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_past_session_at_the_ends_of_the_calendar(as_: As, signed: Pairing, ada: Person, at: str) -> None:
    answer = as_(ada).post(f"/pairings/{signed.pk}/sessions/past/", {"starts_at": at, "minutes": "60"})
    assert answer.status_code == 422


@pytest.mark.parametrize("topics", ["Listening\x00", "x\n" * 5_000])
def test_topics_that_no_page_would_send(as_: As, cohort: Cohort, dora: Person, topics: str) -> None:
    answer = as_(dora).post(f"/programmes/{cohort.programme_id}/copy/", {"name": "A copy", "topics": topics})
    assert answer.status_code == 422


def test_a_signature_with_a_date_that_is_none(as_: As, signed: Pairing, ada: Person) -> None:
    signature = {"version": "1", "read_at": "2026-13-45T10:00:00"}
    assert as_(ada).post(f"/pairings/{signed.pk}/agreement/signature/", signature).status_code == 302


@pytest.mark.parametrize(
    "back", ["nowhere", "insights:home", "//evil.example/", r"\\evil.example", "https://evil.example/", "javascript:x"]
)
def test_back_leads_to_a_page_of_ours(as_: As, signed: Pairing, ada: Person, back: str) -> None:
    session = CoachingSession.objects.create(pairing=signed, starts_at=timezone.now())
    commitment = Commitment.objects.create(pairing=signed, session=session, author=ada, text="Read")
    answer = as_(ada).post(f"/commitments/{commitment.pk}/", {"back": back})
    assert (answer.status_code, answer["Location"]) == (302, f"/sessions/{session.pk}/")


def dates(**changes: str) -> dict[str, str]:
    days = ["2027-01-01", "2027-02-01", "2027-02-08", "2027-02-15", "2027-05-15"]
    names = ["sign_up_opens_on", "nominations_close_on", "pairs_published_on", "starts_on", "ends_on"]
    rest = {"name": "New", "session_minutes": "60", "target_sessions": "6", "reflection_point": "3"}
    return dict(zip(names, days, strict=True)) | rest | {"time_zone": "Europe/London"} | changes


@pytest.mark.parametrize("day", [{"sign_up_opens_on": "0001-01-01"}, {"ends_on": "9999-12-31"}])
def test_a_cohort_without_end_breaks_nobodys_page(as_: As, cohort: Cohort, dora: Person, day: dict[str, str]) -> None:
    answer = as_(dora).post(f"/cohorts/{cohort.pk}/edit/", dates(**day))
    assert answer.status_code == 422
    assert as_(dora).post(f"/cohorts/{cohort.pk}/edit/", dates()).status_code == 302


@pytest.mark.parametrize("start", ["9999-12-31", "0001-01-01"])
def test_a_start_out_of_this_world(as_: As, cohort: Cohort, dora: Person, start: str) -> None:
    assert as_(dora).get(f"/programmes/{cohort.programme_id}/cohorts/new/?start={start}").status_code == 422


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\u2028", "\x0b", "\x85"])
def test_a_name_is_one_line(as_: As, ada: Person, line_break: str) -> None:
    name = f"Ada{line_break}Bcc: eve@example.org"
    assert as_(ada).post("/me/", {"name": name, "time_zone": "Europe/London"}).status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada Bcc: eve@example.org"


def test_a_name_does_not_turn_the_line_around(as_: As, ada: Person) -> None:
    as_(ada).post("/me/", {"name": "Ada \u202egro.elpmaxe\u202c\u2066", "time_zone": "Europe/London"})
    ada.refresh_from_db()
    assert ada.name == "Ada gro.elpmaxe"


def test_a_heap_of_addresses_is_refused_at_once(db: None) -> None:
    begun = perf_counter()
    form = InvitationsForm({"addresses": "a@b, x <" * 250_000})
    assert not form.is_valid()
    assert len(str(form.errors)) < 10_000
    assert perf_counter() - begun < 5


def test_many_askers_do_not_wash_a_limit_away(db: None) -> None:
    """Limits are rows of the cache; a small cache forgets a third of them when it is full."""
    cache.set("zz-limit", 1)
    for number in range(700):
        cache.set(f"key-{number}", 1)
    assert all(cache.get(f"key-{number}") for number in range(700))


def test_a_deactivation_is_not_undone_by_a_page_that_was_open(
    as_: As, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own page, sent in the moment in which an administrator closes the account."""
    from buddying.forms.people import MeForm

    is_valid = MeForm.is_valid

    def closed_meanwhile(form: MeForm) -> bool:
        Person.objects.filter(pk=ada.pk).update(deactivated_at=timezone.now())
        return is_valid(form)

    monkeypatch.setattr(MeForm, "is_valid", closed_meanwhile)
    as_(ada).post("/me/", {"name": "Ada", "time_zone": "Europe/London"})
    ada.refresh_from_db()
    assert ada.deactivated_at
