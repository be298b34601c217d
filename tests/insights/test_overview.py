"""The administrator's pages: totals, and of fewer than five people nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person, Programme
from insights.overview import Overview, rows_of
from matching.models import Pairing
from sessions_log.models import CoachingSession
from tests.insights.test_cohort import CONTENT, page_of

Pairs = Callable[..., list[Pairing]]


def meet(*pairings: Pairing) -> None:
    start = timezone.now() - timedelta(hours=2)
    for pairing in pairings:
        CoachingSession.objects.create(pairing=pairing, starts_at=start, held_at=start)
        CoachingSession.objects.create(pairing=pairing, starts_at=start + timedelta(days=9))


@pytest.mark.parametrize(("number", "shown"), [(0, (None,) * 4), (2, (None,) * 4), (3, (6, 6, 3, 3))])
def test_a_cohort_of_fewer_than_five_shows_nothing(
    cohort: Cohort, pairs: Pairs, number: int, shown: tuple[int | None, ...]
) -> None:
    meet(*pairs(number))
    (row,) = rows_of([cohort], timezone.now())
    assert (row.joined, row.paired, row.held, row.booked) == shown


def test_four_people_look_like_none(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Pairs, months_pass: Any, olga: Person
) -> None:
    urls = ("/overview/", "/overview/report/", f"/overview/cohorts/?cohort={cohort.pk}", "/overview/figures/path/")
    months_pass(1)
    before = [page_of(as_(olga), url) for url in urls]
    meet(*pairs(2))
    Person.objects.exclude(pk=olga.pk).update(department="Care")
    type(cohort.months.get().snapshot).objects.all().delete()
    months_pass(1)
    assert [page_of(as_(olga), url) for url in urls] == before


def test_totals_leave_out_cohorts_of_fewer_than_five(
    cohort: Cohort, make_cohort: Callable[..., Cohort], pairs: Pairs, months_pass: Any, olga: Person
) -> None:
    meet(*pairs(3), *pairs(2, of=make_cohort("Small")))
    months_pass(1)
    page = Overview(olga, timezone.now())
    counts = {row[0]: row[1] for row in page.path.sheet.rows}
    assert (counts["Joined"], counts["Paired"], counts["Had a first session"]) == (6, 6, 6)
    assert counts["Reflected"] == "fewer than 5"
    assert [row[3:] for row in page.months.sheet.rows] in ([[6, 3]], [[3, 3]])  # the later ones may be next month's


def test_a_programme_of_fewer_than_five_is_said_in_words(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Pairs, months_pass: Any, olga: Person
) -> None:
    pairs(3)
    Programme.objects.create(name="Small", template="three-month-buddying", purpose="Another.")
    months_pass(1)
    page = page_of(as_(olga), "/overview/")
    row = page[page.rindex(">Small<") :].partition("</tr>")[0]
    assert (row.count("fewer than 5"), "None" in page) == (2, False)


def test_a_programme_is_looked_at_by_itself(
    as_: Callable[[Person], Client], cohort: Cohort, pairs: Pairs, months_pass: Any, olga: Person
) -> None:
    meet(*pairs(3))
    months_pass(1)
    other = Programme.objects.create(name="Other", template="three-month-buddying", purpose="Another.")
    client = as_(olga)
    assert "Spring" in client.get(f"/overview/?programme={cohort.programme_id}").content.decode()
    assert "Spring" not in client.get(f"/overview/?programme={other.pk}").content.decode()
    for nonsense in ("0", "x", "9" * 30):
        assert client.get(f"/overview/?programme={nonsense}").status_code == 404


def test_cohorts_side_by_side(
    as_: Callable[[Person], Client],
    cohort: Cohort,
    make_cohort: Callable[..., Cohort],
    pairs: Pairs,
    say: Any,
    months_pass: Any,
    olga: Person,
) -> None:
    others = [make_cohort(f"Number {number}") for number in range(4)]
    for pairing in pairs(3):
        say(pairing, "good", "not-good")
    months_pass(1)
    client, chosen = as_(olga), "&".join(f"cohort={one.pk}" for one in (cohort, *others))
    page = client.get(f"/overview/cohorts/?{chosen}").content.decode()
    assert [f"Number {number}" in page for number in range(4)] == [True, True, True, False]
    file = client.get(f"/overview/cohorts/figures/?{chosen}").content.decode("utf-8-sig")
    lines = {line[0]: line[1:] for line in csv.reader(io.StringIO(file))}
    assert lines["Joined"] == ["6", "fewer than 5", "fewer than 5", "fewer than 5"]
    assert lines["Is it a good fit? A good fit"] == ["50 %", "nothing yet", "nothing yet", "nothing yet"]
    assert "No cohort is chosen" in client.get("/overview/cohorts/?cohort=x").content.decode()


@pytest.mark.parametrize("url", ["/overview/", "/overview/report/"])
def test_it_asks_the_same_for_one_row_and_for_three_and_nothing_that_people_wrote(
    as_: Callable[[Person], Client],
    make_cohort: Callable[..., Cohort],
    pairs: Pairs,
    say: Any,
    months_pass: Any,
    olga: Person,
    django_assert_num_queries: Any,
    url: str,
) -> None:
    for month, more in ((1, 1), (2, 2)):
        for number in range(more):
            for pairing in pairs(3, of=make_cohort(f"C{month}{number}")):
                say(pairing, "good", "not-good")
        months_pass(month)
        client = as_(olga)
        with django_assert_num_queries(QUERIES[url]) as queries:
            client.get(url)
        asked = [query["sql"] for query in queries]
        assert [sql for sql in asked if any(table in sql for table in CONTENT)] == []


QUERIES = {"/overview/": 36, "/overview/report/": 13}


@pytest.mark.parametrize("more", [0, 2])
def test_side_by_side_asks_the_same_for_each_further_cohort(
    as_: Callable[[Person], Client], make_cohort: Any, olga: Person, django_assert_max_num_queries: Any, more: int
) -> None:
    chosen = "&".join(f"cohort={make_cohort(f'C{number}').pk}" for number in range(1 + more))
    client = as_(olga)
    with django_assert_max_num_queries(24 + 2 * more):
        client.get(f"/overview/cohorts/?{chosen}")


def test_an_administrator_who_takes_part_is_not_counted(
    cohort: Cohort, pairs: Pairs, say: Any, months_pass: Any, take_part: Any, make_pairing: Any, make_person: Any,
    olga: Person,
) -> None:  # fmt: skip
    own = make_pairing(take_part(olga, cohort), take_part(make_person("Buddy"), cohort))
    for pairing in (own, *pairs(2)):
        say(pairing, "good", "not-good")
    months_pass(1)
    assert Overview(olga, timezone.now()).answers.sheet.rows == []


def test_participants_stay_unnamed(
    as_: Callable[[Person], Client], cohort: Cohort, participants: dict[str, Participant], olga: Person
) -> None:
    page = as_(olga).get("/overview/").content.decode()
    assert [name for name in participants if name in page] == []
