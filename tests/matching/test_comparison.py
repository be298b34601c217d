"""Two drafts side by side."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from buddying.models import Participant, WeeklyWindow
from matching import editing, engine
from matching.comparison import comparison_of
from matching.models import MatchRun
from matching.publishing import publish
from tests.matching.test_pages import names_on, queries, text
from trust.models import AccessRecord


@pytest.fixture
def two(draft: MatchRun, four: Any, cohort: Any, dora: Any, make_draft: Any) -> tuple[MatchRun, MatchRun]:
    """The second with Ada and Cleo, Ben and Fay."""
    second = make_draft(cohort, engine.Policy(odd="wait"))
    a, b = four["Ada"].pk, four["Cleo"].pk
    editing.make(second, dora, (a, b), f"cross-{a}", editing.latest(second))
    second.refresh_from_db()
    return draft, second


def path(cohort: Any, first: MatchRun, second: MatchRun) -> str:
    return f"/cohorts/{cohort.pk}/matching/comparison/?first={first.pk}&second={second.pk}"


def test_what_two_drafts_reach_and_where_they_differ(two: Any, cohort: Any, dora: Any, as_: Any) -> None:
    shown = comparison_of(*two, dora, None)
    assert [(side.row.figures.mutual, side.row.figures.none, side.pairings) for side in shown.sides] == [
        (2, 0, 2),
        (0, 4, 2),
    ]
    assert shown.kept == 0
    assert [(str(row.person), row.first, row.second) for row in shown.rows] == [
        ("Ada", "Ben", "Cleo"),
        ("Ben", "Ada", "Fay"),
        ("Cleo", "Fay", "Ada"),
        ("Fay", "Cleo", "Ben"),
    ]
    page = text(as_(dora).get(path(cohort, *two)))
    assert "Odd number: a trio" in page
    assert "Odd number: one person waits" in page
    assert "0 pairings are the same in both. 4 people have another buddy." in page
    assert "Changed by hand no yes" in page
    assert "Compare" in text(as_(dora).get(f"/cohorts/{cohort.pk}/matching/"))


def test_the_worst_off_pairing_is_the_one_with_the_fewest_free_hours(
    four: dict[str, Participant], cohort: Any, dora: Any, make_draft: Any
) -> None:
    for name, hour in {"Ada": 9, "Ben": 9, "Cleo": 9, "Fay": 10}.items():
        WeeklyWindow.objects.create(person=four[name].person, weekday=0, starts_at=time(hour), minutes=150)
    first, second = make_draft(cohort), make_draft(cohort)
    shown = comparison_of(first, second, dora, None)
    assert [side.fewest_hours for side in shown.sides] == ["1.5", "1.5"]
    assert (shown.kept, shown.rows) == (2, [])


def test_a_lead_who_takes_part_sees_their_own_pairing_in_neither(
    two: Any, cohort: Any, ada: Any, programme: Any, as_: Any
) -> None:
    """Ada sits with Ben in one and with Cleo in the other: neither is shown, nor that either of them moved."""
    programme.add_lead(ada, added_by=ada)
    shown = comparison_of(*two, ada, None)
    assert [(str(row.person), row.first, row.second) for row in shown.rows] == [("Fay", "Cleo", "Ben")]
    assert [side.pairings for side in shown.sides] == [1, 1]
    page = text(as_(ada).get(path(cohort, *two)))
    assert names_on(page) == {"Ben", "Cleo", "Fay"}


def test_only_drafts_that_may_still_be_published_are_compared(
    two: Any, cohort: Any, dora: Any, make_draft: Any, as_: Any
) -> None:
    publish(make_draft(cohort), dora)
    assert as_(dora).get(path(cohort, *two)).url == f"/cohorts/{cohort.pk}/matching/"


@pytest.mark.parametrize("asked", ["", "?first=1&second=x", "?first=0&second=0"])
def test_what_is_no_choice_asks_again(two: Any, cohort: Any, dora: Any, as_: Any, asked: str) -> None:
    answer = as_(dora).get(f"/cohorts/{cohort.pk}/matching/comparison/{asked}")
    assert answer.status_code == 200
    assert "Where they differ" not in text(answer)


@pytest.mark.parametrize("who", ["ada", "eve", "olga"])
def test_nobody_else_compares(two: Any, cohort: Any, who: str, as_: Any, request: Any) -> None:
    assert as_(request.getfixturevalue(who)).get(path(cohort, *two)).status_code == 404


def test_looks_are_noted(two: Any, cohort: Any, dora: Any, as_: Any) -> None:
    as_(dora).get(path(cohort, *two))
    assert set(AccessRecord.objects.values_list("subject__name", flat=True)) == {"Ada", "Ben", "Cleo", "Fay"}


def test_it_asks_as_much_for_many_people_as_for_few(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    asked = []
    for people in (range(4), range(4, 12)):
        for number in people:
            take_part(make_person(f"Person{number}"), cohort)
        pair = make_draft(cohort), make_draft(cohort, engine.Policy(odd="wait"))
        asked.append(queries(as_(dora), path(cohort, *pair)))
    assert asked[0] == asked[1] < 25
