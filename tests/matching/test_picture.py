"""A draft as a picture, for leads and until pairs are published."""

from __future__ import annotations

import re
from typing import Any

import pytest

from buddying.models import Nomination, Participant, Person
from matching.models import MatchRun
from matching.publishing import publish
from tests.matching.test_pages import names_on, queries, text
from trust.models import AccessRecord


def picture(browser: Any, run: MatchRun, asked: str = "") -> str:
    answer = browser.get(f"/runs/{run.pk}/picture/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def drawn(page: str) -> dict[str, int]:
    svg = re.search(r'<svg class="network".*?</svg>', page, re.S)
    assert svg is not None
    return {
        what: len(re.findall(rf"<{tag} class=\"{what}[ \"]", svg.group()))
        for what, tag in {"network-arrow": "path", "network-pair": "path", "network-name": "text"}.items()
    }


def test_people_pairings_and_nominations_and_the_same_as_a_table(
    draft: MatchRun, four: dict[str, Participant], dora: Any, as_: Any
) -> None:
    """What is met within a pairing is said by its line; only Fay's wish for Ada is left as an arrow."""
    Nomination.objects.create(nominator=four["Fay"], nominee=four["Ada"], rank=1)
    assert drawn(picture(as_(dora), draft)) == {"network-arrow": 0, "network-pair": 2, "network-name": 4}
    draft.snapshot["nominations"].append({"from_id": str(four["Fay"].pk), "to_id": str(four["Ada"].pk), "rank": 1})
    draft.save()
    page = picture(as_(dora), draft)
    assert drawn(page) == {"network-arrow": 1, "network-pair": 2, "network-name": 4}
    table = text(as_(dora).get(f"/runs/{draft.pk}/picture/")).split("Named", 1)[1]
    assert "Ada Ben Ben Ben Ada Ada Cleo Fay Fay Fay Cleo Ada" in table


def test_no_style_and_no_script_in_it(draft: MatchRun, dora: Any, as_: Any) -> None:
    page = picture(as_(dora), draft)
    svg = page[page.index('<svg class="network" width') :]
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", svg)


def test_one_person_stands_out(draft: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    draft.snapshot["nominations"] += [
        {"from_id": str(four["Fay"].pk), "to_id": str(four["Ada"].pk), "rank": 1},
        {"from_id": str(four["Ben"].pk), "to_id": str(four["Cleo"].pk), "rank": 2},
    ]
    draft.save()
    page = picture(as_(dora), draft, f"?who={four['Ada'].pk}")
    assert (page.count('network-arrow-on"'), page.count('network-arrow-off"')) == (1, 1)
    assert "network-arrow-o" not in picture(as_(dora), draft, "?who=nobody")


def test_a_lead_who_takes_part_finds_nothing_about_themself(
    draft: MatchRun, four: Any, ada: Any, programme: Any, as_: Any
) -> None:
    programme.add_lead(ada, added_by=ada)
    draft.snapshot["nominations"] += [
        {"from_id": str(four["Fay"].pk), "to_id": str(four["Ada"].pk), "rank": 1},
        {"from_id": str(four["Fay"].pk), "to_id": str(four["Ben"].pk), "rank": 3},
    ]
    draft.save()
    page = picture(as_(ada), draft)
    assert drawn(page) == {"network-arrow": 0, "network-pair": 1, "network-name": 2}
    assert names_on(text(as_(ada).get(f"/runs/{draft.pk}/picture/?who={four['Ben'].pk}"))) == {"Cleo", "Fay"}
    assert sorted(AccessRecord.objects.values_list("subject__name", flat=True)) == ["Cleo", "Fay"]


@pytest.mark.parametrize("who", ["ada", "eve", "olga"])
def test_nobody_else_sees_it(draft: MatchRun, who: str, as_: Any, request: Any) -> None:
    assert as_(request.getfixturevalue(who)).get(f"/runs/{draft.pk}/picture/").status_code == 404


def test_it_is_gone_once_pairs_are_published(
    draft: MatchRun, cohort: Any, dora: Any, make_draft: Any, as_: Any
) -> None:
    other = make_draft(cohort)
    publish(draft, dora)
    for run in (draft, other):
        assert as_(dora).get(f"/runs/{run.pk}/picture/").url == f"/runs/{run.pk}/"


@pytest.fixture
def large(draft: MatchRun, four: dict[str, Participant], monkeypatch: pytest.MonkeyPatch) -> MatchRun:
    """Ada and Cleo in Sales, Ben in Care, of Fay it is not known; four are too many to be told apart."""
    monkeypatch.setattr("matching.picture.DRAWN", 3)
    for name, department in {"Ada": "Sales", "Cleo": "Sales", "Ben": "Care", "Fay": ""}.items():
        Person.objects.filter(name=name).update(department=department)
    return draft


def test_a_large_cohort_is_drawn_by_its_departments(large: MatchRun, dora: Any, as_: Any) -> None:
    page = picture(as_(dora), large)
    assert page.count('<circle class="bubble" cx') == 4  # one in the key
    assert re.findall(r"<title>(.*: \d+)</title>", page) == ["Care and Sales: 1", "Not known and Sales: 1"]
    assert "Sales 2 0 2 Care 1, Not known 1" in text(as_(dora).get(f"/runs/{large.pk}/picture/"))


def test_one_department_stands_out(large: MatchRun, dora: Any, as_: Any) -> None:
    page = picture(as_(dora), large, "?department=Care")
    assert (page.count('"between between-on"'), page.count('"between between-off"')) == (1, 1)
    assert (page.count('"bubble bubble-on"'), page.count('"bubble bubble-off"')) == (1, 1)
    table = text(as_(dora).get(f"/runs/{large.pk}/picture/?department=Care")).split("In this draft with", 1)[1]
    assert names_on(table) == {"Ben", "Ada"}
    assert "between-o" not in picture(as_(dora), large, "?department=nonsense")


def test_one_person_of_a_large_cohort_among_those_they_named(large: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    """Cleo named Fay. Neither has to do with Ada and Ben."""
    page = picture(as_(dora), large, f"?who={four['Cleo'].pk}")
    assert drawn(page) == {"network-arrow": 0, "network-pair": 1, "network-name": 2}
    assert names_on(text(as_(dora).get(f"/runs/{large.pk}/picture/?who={four['Cleo'].pk}"))) == {"Cleo", "Fay"}
    assert set(AccessRecord.objects.values_list("subject__name", flat=True)) == {"Cleo", "Fay"}


def test_people_of_a_large_cohort_are_found_by_name(large: MatchRun, dora: Any, as_: Any) -> None:
    table = text(as_(dora).get(f"/runs/{large.pk}/picture/?find=cle")).split("In this draft with", 1)[1]
    assert names_on(table) == {"Cleo", "Fay"}


def test_without_departments_there_is_a_table(large: MatchRun, dora: Any, as_: Any) -> None:
    Person.objects.update(department="")
    page = picture(as_(dora), large)
    assert "4 people are too many to be told apart" in page
    assert '<svg class="network" width' not in page
    assert "<caption" in page


def test_it_asks_as_much_for_many_people_as_for_few(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    asked = []
    for people in (range(4), range(4, 12)):
        for number in people:
            take_part(make_person(f"Person{number}"), cohort)
        asked.append(queries(as_(dora), f"/runs/{make_draft(cohort).pk}/picture/"))
    assert asked[0] == asked[1] < 20
