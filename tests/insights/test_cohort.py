from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from buddying.models import Cohort, Participant, Person
from insights import cohort as figures
from insights.plots import steps_of
from insights.progress import progress_of
from matching.models import Pairing
from reflection import agreeing, helping
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


def counts(cohort: Cohort) -> dict[str, int | str]:
    found = progress_of([cohort], timezone.now())[cohort.pk]
    return {label: count for _, label, count in steps_of(found, masked=False)}


def test_the_path_counts_how_far_people_have_come(
    cohort: Cohort, met: CoachingSession, participants: dict[str, Participant]
) -> None:
    Participant.objects.filter(pk=participants["Cleo"].pk).update(nominated_at=timezone.now())
    assert counts(cohort) == {
        "Invited or on the list": 3,
        "Joined": 3,
        "Named buddies": 1,
        "Paired": 2,
        "Signed their agreement": 0,
        "Had a first session": 2,
        "Came to the end with a buddy": "not yet",
    }


def test_the_path_goes_on_to_the_agreement_and_to_the_end(
    make_cohort: Callable[..., Cohort],
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    over = make_cohort("Over", days_since_start=100)
    one, two = (make_pairing(*(take_part(make_person(f"{side}{n}"), over) for side in "ab")) for n in range(2))
    two.close()
    agreeing.draft_for(one, timezone.now())
    agreement = one.agreements.get()
    for person in one.people():
        agreeing.sign(one, agreement, by=person, read_at=agreement.written_at)
    shown = counts(over)
    assert (shown["Signed their agreement"], shown["Came to the end with a buddy"]) == (2, 4)
    two.members.update(left_at=timezone.now() - timedelta(days=50))
    assert counts(over)["Came to the end with a buddy"] == 2


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
    with django_assert_max_num_queries(53) as queries:
        as_(dora).get(f"/cohorts/{cohort.pk}/")
    asked = [query["sql"] for query in queries]
    assert [sql for sql in asked if any(table in sql for table in CONTENT)] == []
    assert [sql for sql in asked if '"reflection_agreement"."text"' in sql] == []


CONTENT = (
    *("privatenote", "sharednote", "commitment", "reflectionanswer", "sharedanswer", "datakey", "helpmessage"),
    *("fitcheck", "usefulness", "reflectionscale", "outcomerating", "goals", "thanks", "endingwish"),
)


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


QUERIES_OF_THE_LEADS_PAGE = 34


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


def test_four_answers_look_like_none(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Any, say: Any, months_pass: Any, dora: Person
) -> None:
    one, two = pairs(2)
    for pairing in (one, two):
        say(pairing, None, None)
    months_pass(1)
    before = page_of(as_(dora), f"/cohorts/{cohort.pk}/")
    for pairing in (one, two):
        say(pairing, "good", "not-good")
    CoachingSession.objects.all().delete()
    for pairing in (one, two):
        say(pairing, None, None)
    months_pass(2)
    assert page_of(as_(dora), f"/cohorts/{cohort.pk}/") == before


def page_of(client: Client, url: str) -> str:
    """Without what differs each time."""
    page = client.get(url)
    assert page.status_code == 200
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", page.content.decode())


def test_a_call_for_help_shows_only_to_the_lead_it_was_addressed_to(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    pairing: Pairing,
    make_person: Callable[..., Person],
    dora: Person,
    ada: Person,
) -> None:
    hugo = make_person("Hugo")
    cohort.programme.add_lead(hugo, added_by=dora)
    url, silent = f"/cohorts/{cohort.pk}/", page_of(as_(hugo), f"/cohorts/{cohort.pk}/")
    thread = helping.ask(dora, "marked words", by=ada)
    assert f"/help/conversations/{thread.pk}/" in page_of(as_(dora), url)
    assert "marked words" not in page_of(as_(dora), url)
    assert page_of(as_(hugo), url) == silent


@pytest.mark.parametrize(("asked", "more"), [(10, ""), (11, "1 more has written to you"), (13, "3 more have written")])
def test_more_than_ten_open_words_to_a_lead_are_counted_and_lead_to_all_of_them(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    dora: Person,
    asked: int,
    more: str,
) -> None:
    for number in range(asked):
        person = make_person(f"Person{number}")
        take_part(person, cohort)
        helping.ask(dora, "marked words", by=person)
    page = page_of(as_(dora), f"/cohorts/{cohort.pk}/")
    shown = page[page.index('id="calls"') :].partition("</section>")[0]
    assert shown.count("/help/conversations/") == 10
    assert ('href="/help/"' in shown, "more" in shown) == (bool(more), bool(more))
    assert more in shown


@pytest.mark.parametrize("name", ["path", "rhythm", "outcomes", "answers", "departments", "matching"])
def test_a_file_holds_what_is_on_the_page(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Any, say: Any, months_pass: Any, dora: Person, name: str
) -> None:
    for pairing in pairs(3):
        say(pairing, "good", "not-good")
    Person.objects.update(department="=Care")
    months_pass(1)
    client = as_(dora)
    answer = client.get(f"/cohorts/{cohort.pk}/figures/{name}/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    page, lines = (
        client.get(f"/cohorts/{cohort.pk}/").content.decode(),
        list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))),
    )
    for line in lines[1:]:
        for cell in line:
            assert escape(cell.removeprefix("'")) in page
    assert not [cell for line in lines for cell in line if cell.startswith("=")]


def test_an_unknown_figure_is_nowhere(as_: Callable[[Person], Client], cohort: Cohort, dora: Person) -> None:
    assert as_(dora).get(f"/cohorts/{cohort.pk}/figures/people/").status_code == 404


def test_the_report_is_of_five_people_or_more_and_of_nobody_by_name(
    as_: Callable[[Person], Client], cohort: Cohort, pairing: Pairing, pairs: Any, dora: Person
) -> None:
    url = f"/cohorts/{cohort.pk}/report/"
    assert "Joined" not in as_(dora).get(url).content.decode()
    pairs(2)
    page = as_(dora).get(url).content.decode()
    assert re.findall(r'path-label">([^<]+)</span><span class="path-count">([^<]+)<', page)[:4] == [
        ("Invited or on the list", "7"),
        ("Joined", "7"),
        ("Named buddies", "fewer than 5"),
        ("Paired", "6"),
    ]
    assert [person.name for person in pairing.people() if person.name in page] == []
