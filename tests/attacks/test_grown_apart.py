"""Where features that grew beside each other might say more than either, or forget each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from insights.home import home_for
from matching.models import Pairing, PairingMember
from reflection import agreeing, reflecting
from reflection.models import ReflectionPrompt
from sessions_log.availability import mutual_free
from sessions_log.free_times import Interval
from sessions_log.models import BusyCalendar, BusyTime, CoachingSession
from sessions_log.proposals import propose
from sessions_log.recording import record

As = Callable[[Person | None], Client]
DAY = timedelta(days=1)


def titles(person: Person) -> list[str]:
    return [step.title for step in home_for(person, timezone.now()).steps]


def next_monday(at: datetime) -> datetime:
    return (at + (7 - at.weekday()) * DAY).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def told(participants: dict[str, Participant]) -> None:
    """Everybody has said what they work on."""
    for name, participant in participants.items():
        participant.working_on = f"The work of {name}"
        participant.save()


def works_seen(page: str) -> set[str]:
    return {name for name in ("Ada", "Ben", "Cleo") if f"The work of {name}" in page}


@pytest.mark.usefixtures("told")
def test_who_has_left_a_trio_is_no_buddy_any_more(
    as_: As, participants: dict[str, Participant], make_pairing: Callable[..., Pairing], ada: Person, cleo: Person
) -> None:
    trio = make_pairing(*participants.values())
    url = f"/pairings/{trio.pk}/"
    assert works_seen(as_(ada).get(url).content.decode()) == {"Ben", "Cleo"}
    PairingMember.objects.filter(participant=participants["Cleo"]).update(left_at=timezone.now())
    assert works_seen(as_(ada).get(url).content.decode()) == {"Ben"}
    assert {one.person.name for one in Participant.objects.visible_to(ada)} == {"Ada", "Ben"}
    assert {one.person.name for one in Participant.objects.visible_to(cleo)} == {"Cleo"}


@pytest.mark.usefixtures("told")
def test_a_newcomer_does_not_read_who_was_there_before(
    as_: As, participants: dict[str, Participant], make_pairing: Callable[..., Pairing], cleo: Person
) -> None:
    pairing = make_pairing(participants["Ada"], participants["Ben"])
    PairingMember.objects.filter(participant=participants["Ben"]).update(left_at=timezone.now())
    PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"])
    assert works_seen(as_(cleo).get(f"/pairings/{pairing.pk}/").content.decode()) == {"Ada"}


@pytest.mark.usefixtures("told")
def test_a_former_buddy_does_not_read_on(as_: As, pairing: Pairing, ada: Person) -> None:
    """What Ben writes of himself from now on is for his next buddy."""
    pairing.close()
    assert works_seen(as_(ada).get(f"/pairings/{pairing.pk}/").content.decode()) == set()
    assert {one.person.name for one in Participant.objects.visible_to(ada)} == {"Ada"}


@pytest.fixture
def private(pairing: Pairing, ada: Person, ben: Person) -> Pairing:
    """Signed, and going on beyond a cohort that ended ten days ago."""
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in (ada, ben):
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    cohort, start = pairing.cohort, timezone.now().date() - 100 * DAY
    cohort.sign_up_opens_on, cohort.nominations_close_on = start - 28 * DAY, start - 7 * DAY
    cohort.pairs_published_on, cohort.starts_on, cohort.ends_on = start - 3 * DAY, start, start + 90 * DAY
    cohort.save()
    pairing.continues_at = timezone.now() - 9 * DAY
    pairing.save()
    return pairing


def test_those_who_go_on_are_shown_the_times_a_buddy_proposes(private: Pairing, ada: Person, ben: Person) -> None:
    propose(private, [timezone.now() + 2 * DAY], 60, "", by=ben)
    assert "Ben proposes a time for a session" in titles(ada)


def test_whoever_is_asked_to_choose_a_time_is_not_sent_to_find_one_as_well(
    private: Pairing, ada: Person, ben: Person
) -> None:
    assert "Find a time with Ben" in titles(ada)
    propose(private, [timezone.now() + 2 * DAY], 60, "", by=ben)
    assert "Find a time with Ben" not in titles(ada)


def test_those_who_go_on_note_sessions_that_took_place(private: Pairing, ada: Person) -> None:
    starts_at = (timezone.now() - 2 * DAY).replace(microsecond=0)
    assert record(private, starts_at, 60, "", by=ada).starts_at == starts_at


def test_a_lead_who_removes_somebody_neither_learns_of_a_private_pair_nor_ends_it(
    as_: As, private: Pairing, participants: dict[str, Participant], dora: Person
) -> None:
    url = f"/cohorts/{private.cohort_id}/people/{participants['Ada'].pk}/removal/"
    assert "Ben" not in as_(dora).get(url).content.decode()
    as_(dora).post(url, {"confirmed": "yes"})
    private.refresh_from_db()
    assert (private.closed_at, [str(person) for person in private.people()]) == (None, ["Ada", "Ben"])


def test_a_pairs_page_leads_to_booking_whatever_comes_first(as_: As, private: Pairing, ada: Person) -> None:
    ReflectionPrompt.objects.create(pairing=private, person=ada)
    page = as_(ada).get(f"/pairings/{private.pk}/").content.decode()
    assert f'href="/pairings/{private.pk}/sessions/new/"' in page


def test_ones_own_calendar_does_not_keep_a_session_where_it_is(
    private: Pairing, ada: Person, ben: Person, office_hours: Callable[..., None]
) -> None:
    """The session that is to be moved by half an hour stands in Ada's calendar as well."""
    office_hours(ada, ben)
    starts_at = next_monday(timezone.now()).replace(hour=12)
    session = CoachingSession.objects.create(pairing=private, starts_at=starts_at)
    calendar = BusyCalendar.objects.create(person=ada, address="https://calendar.example/secret")
    BusyTime.objects.create(calendar=calendar, period=(starts_at, session.ends_at))
    span = Interval(starts_at, starts_at + timedelta(hours=2))
    assert mutual_free([ada, ben], span) == [Interval(session.ends_at, span.end)]
    assert mutual_free([ada, ben], span, session) == [span]


@pytest.mark.parametrize(("name", "many"), [("Ben", "both"), ("Sandra", "both")])
def test_two_have_both_reflected_whatever_their_names(
    pairing: Pairing, ada: Person, ben: Person, name: str, many: str
) -> None:
    Person.objects.filter(pk=ben.pk).update(name=name)
    for person in (ada, ben):
        reflecting.answer(ReflectionPrompt.objects.create(pairing=pairing, person=person), {"works": "We laugh."})
    assert f"You and {name} have {many} reflected" in titles(ada)


def test_about_you_leads_to_everything_of_ones_own(as_: As, ada: Person) -> None:
    page = as_(ada).get("/me/").content.decode()
    for address in ("/me/dates/", "/me/calendar/", "/me/messages/"):
        assert f'href="{address}"' in page
        assert 'href="/me/"' in as_(ada).get(address).content.decode()
