from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from insights import cohort as figures
from matching.models import Pairing
from reflection import agreeing
from reflection.models import ReflectionPrompt
from sessions_log.models import CoachingSession, PrivateNote, SharedNote
from trust.models import AccessRecord

SECRETS = ["marked private note", "marked shared note", "marked place"]


@pytest.fixture
def met(pairing: Pairing, ada: Person) -> CoachingSession:
    """Ada and Ben met three days ago, and wrote about it; another session is booked."""
    start = timezone.now() - timedelta(days=3, minutes=1)
    held = CoachingSession.objects.create(pairing=pairing, starts_at=start, held_at=start, place="marked place")
    PrivateNote.objects.create(session=held, author=ada, text="marked private note")
    SharedNote.objects.create(session=held, pairing=pairing, author=ada, text="marked shared note")
    CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() + timedelta(days=9))
    return held


def counts(cohort: Cohort) -> dict[str, int]:
    return {stage.label: stage.count for stage in figures.path(cohort)}


def test_the_path_counts_how_far_people_have_come(
    cohort: Cohort, met: CoachingSession, participants: dict[str, Participant]
) -> None:
    Participant.objects.filter(pk=participants["Cleo"].pk).update(nominated_at=timezone.now())
    assert counts(cohort) == {
        "Invited or on the list": 3,
        "Joined": 3,
        "Named buddies": 1,
        "Paired": 2,
        "Had a first session": 2,
    }


@pytest.mark.parametrize(("asked", "shown"), [(4, None), (5, 1)])
def test_how_many_have_reflected_shows_only_of_five_or_more(
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
    asked: int,
    shown: int | None,
) -> None:
    trio = make_pairing(*(take_part(make_person(f"P{n}"), cohort) for n in range(3)))
    pair = make_pairing(*(take_part(make_person(f"Q{n}"), cohort) for n in range(2)))
    seats = [(one, person) for one in (trio, pair) for person in one.people()]
    for number, (one, person) in enumerate(seats[:asked]):
        answered_at = None if number else timezone.now()
        ReflectionPrompt.objects.create(pairing=one, person=person, answered_at=answered_at)
    assert counts(cohort).get("Reflected") == shown


def test_a_lead_sees_rhythm_and_whether_the_agreement_is_signed(
    cohort: Cohort, met: CoachingSession, dora: Person
) -> None:
    (row,) = figures.followed(cohort, dora, timezone.now())
    assert [person.name for person in row.people] == ["Ada", "Ben"]
    assert (row.signed, row.rhythm.held, row.rhythm.days_since_last, row.rhythm.is_booked) == (False, 1, 3, True)


def test_of_very_many_those_come_first_that_have_no_session_booked(
    cohort: Cohort,
    met: CoachingSession,
    dora: Person,
    make_person: Any,
    take_part: Any,
    make_pairing: Any,
    as_: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_pairing(*(take_part(make_person(name), cohort) for name in ("Yan", "Zoe")))
    monkeypatch.setattr(figures, "MOST", 1)
    (row,) = figures.followed(cohort, dora, timezone.now())
    assert [person.name for person in row.people] == ["Yan", "Zoe"]
    assert "And 1 more" in as_(dora).get(f"/cohorts/{cohort.pk}/").content.decode()


def test_signed_shows_once_all_have_signed(
    cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, ben: Person
) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person, signed in ((ada, False), (ben, True)):
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)
        assert figures.followed(cohort, dora, timezone.now())[0].signed is signed


def test_nobody_leads_a_pair_that_they_are_in(
    cohort: Cohort,
    dora: Person,
    participants: dict[str, Participant],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    make_pairing(take_part(dora, cohort), participants["Cleo"])
    assert figures.followed(cohort, dora, timezone.now()) == []


def test_no_content_reaches_the_lead_or_the_administrator(
    as_: Callable[[Person], Client], cohort: Cohort, met: CoachingSession, dora: Person, olga: Person
) -> None:
    for person, url in ((dora, f"/cohorts/{cohort.pk}/"), (olga, "/overview/")):
        page = as_(person).get(url).content.decode()
        assert [secret for secret in SECRETS if secret in page] == []
        assert f"{timezone.localtime(met.starts_at):%H:%M}" not in page


def test_no_query_of_the_leads_page_touches_content(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    met: CoachingSession,
    dora: Person,
    django_assert_max_num_queries: Any,
) -> None:
    browser = as_(dora)
    with django_assert_max_num_queries(40) as queries:
        browser.get(f"/cohorts/{cohort.pk}/")
    content = ("privatenote", "sharednote", "commitment", "reflectionanswer", "sharedanswer", "datakey")
    assert [q["sql"] for q in queries if any(table in q["sql"] for table in content)] == []


@pytest.mark.parametrize("more", [0, 2])
def test_the_leads_page_asks_the_same_for_one_row_and_for_three(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    pairing: Pairing,
    dora: Person,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
    django_assert_num_queries: Any,
    more: int,
) -> None:
    for number in range(more):
        people = [make_person(f"P{number}{side}") for side in "ab"]
        make_pairing(*(take_part(person, cohort) for person in people))
    client = as_(dora)
    with django_assert_num_queries(QUERIES_OF_THE_LEADS_PAGE):
        assert client.get(f"/cohorts/{cohort.pk}/").status_code == 200


QUERIES_OF_THE_LEADS_PAGE = 22


def test_people_can_see_that_the_lead_looked_and_reloading_is_not_another_look(
    as_: Callable[[Person], Client], cohort: Cohort, pairing: Pairing, dora: Person, ada: Person, eve: Person
) -> None:
    client = as_(dora)
    client.get(f"/cohorts/{cohort.pk}/")
    client.get(f"/cohorts/{cohort.pk}/")
    assert [(look.viewer, look.subject) for look in AccessRecord.objects.visible_to(ada)] == [(dora, ada)]
    assert "Dora" in as_(ada).get("/privacy/looks/").content.decode()
    assert "Nobody has looked" in as_(eve).get("/privacy/looks/").content.decode()


@pytest.mark.parametrize("name", ["Ada", "Ben", "Cleo", "Eve", "Max", "Olga"])
def test_the_page_is_for_the_cohorts_leads(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    pairing: Pairing,
    eve: Person,
    max_: Person,
    olga: Person,
    name: str,
) -> None:
    assert as_(Person.objects.get(name=name)).get(f"/cohorts/{cohort.pk}/").status_code == 404
