"""A draft as a picture, for leads and until pairs are published."""

from __future__ import annotations

import re
from typing import Any

import pytest

from buddying.models import Nomination, Participant
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


def test_too_many_people_for_a_picture(draft: MatchRun, dora: Any, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.picture.DRAWN", 3)
    page = picture(as_(dora), draft)
    assert "4 people are too many for a picture" in page
    assert "network-name" not in page
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
