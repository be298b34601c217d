"""What a higher floor for the worst-off would cost, on the page of a draft."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Person, WeeklyWindow
from matching import floors
from matching.execution import execute
from matching.models import FloorStudy, MatchRun
from tests.matching.test_pages import text

pytestmark = pytest.mark.usefixtures("quiet_broker")


@pytest.fixture
def hours(four: Any) -> None:
    """Ada and Ben, who named each other, are never free together; each of the others is with one of them."""
    for name, start in (("Ada", 8), ("Cleo", 8), ("Ben", 14), ("Fay", 14)):
        person = Person.objects.get(name=name)
        WeeklyWindow.objects.create(person=person, weekday=0, starts_at=time(start), minutes=240)


@pytest.fixture
def draft(hours: None, cohort: Any, make_draft: Any) -> MatchRun:
    return make_draft(cohort)  # type: ignore[no-any-return]


def test_the_page_says_how_the_worst_off_fare(draft: MatchRun, dora: Any, as_: Any) -> None:
    shown = text(as_(dora).get(f"/runs/{draft.pk}/"))
    assert "Worst off are two who fit by 38 %. No draft that reaches as much does better for its worst-off." in shown


def test_asked_for_worked_out_and_made_a_draft(draft: MatchRun, dora: Any, as_: Any) -> None:
    lead, page = as_(dora), f"/runs/{draft.pk}/"
    assert "Work out what it would cost" in text(lead.get(page))
    assert lead.post(f"{page}floors/").url == f"{page}#floors"
    study = FloorStudy.objects.get()
    assert "Working out what each floor would cost" in text(lead.get(page))
    floors.work_out(study.pk)
    shown = text(lead.get(page))
    assert "Nobody who fits less than 40 %: 2 fewer people where they named each other" in shown
    again = text(lead.get(f"{page}floors/", headers={"HX-Request": "true"}))
    assert "Nobody who fits less than 40 %" in again

    made = lead.post(f"{page}floors/draft/", {"floor": "400"})
    run = MatchRun.objects.get(based_on=draft)
    assert made.url == f"/runs/{run.pk}/"
    execute(run.pk)
    run.refresh_from_db()
    assert run.figures["worst_score"] >= 400
    assert "Nobody who fits less than 40 %" in text(lead.get(made.url))
    assert FloorStudy.objects.count() == 1


def test_a_floor_that_was_not_worked_out_is_refused(draft: MatchRun, dora: Any, as_: Any) -> None:
    as_(dora).post(f"/runs/{draft.pk}/floors/draft/", {"floor": "400"})
    assert MatchRun.objects.count() == 1


def test_it_is_worked_out_once_and_begun_anew_when_a_worker_was_lost(draft: MatchRun, dora: Any) -> None:
    study = floors.ask(draft, dora)
    now = timezone.now()
    FloorStudy.objects.update(claimed_at=now)
    floors.work_out(study.pk, now + timedelta(minutes=1))
    assert FloorStudy.objects.get().rows == []
    floors.work_out(study.pk, now + timedelta(minutes=11))
    study.refresh_from_db()
    assert (study.progress, study.is_unfinished) == (100, False)
    assert [(row["floor"], row["placed"]) for row in study.rows] == [(None, 4), (400, 4), (750, 0)]
    assert [offer.percent for offer in floors.offers(study)] == [40]
    assert floors.ask(draft, dora).finished_at == study.finished_at


def test_what_goes_wrong_is_said_and_can_be_tried_again(
    draft: MatchRun, dora: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = floors.ask(draft, dora)
    monkeypatch.setattr(floors.engine, "trade_off", lambda *args: 1 / 0)
    floors.work_out(study.pk)
    assert "That could not be worked out" in text(as_(dora).get(f"/runs/{draft.pk}/"))
    monkeypatch.undo()
    floors.ask(draft, dora)
    floors.work_out(study.pk)
    assert FloorStudy.objects.get().finished_at


def test_not_for_a_lead_who_takes_part_nor_once_pairs_are_published(
    draft: MatchRun, dora: Any, cohort: Any, programme: Any, make_person: Any, take_part: Any, as_: Any
) -> None:
    gus = make_person("Gus")
    programme.add_lead(gus, added_by=dora)
    take_part(gus, cohort)
    shown = as_(gus).get(f"/runs/{draft.pk}/")
    assert "Raising the floor" not in text(shown)
    assert as_(gus).post(f"/runs/{draft.pk}/floors/").status_code == 404
    MatchRun.objects.update(published_at=timezone.now())
    assert "Raising the floor" not in text(as_(dora).get(f"/runs/{draft.pk}/"))
    assert as_(dora).post(f"/runs/{draft.pk}/floors/").status_code == 404


@pytest.mark.parametrize("who", ["ada", "eve", "olga"])
def test_for_leads_only(draft: MatchRun, who: str, as_: Any, request: Any) -> None:
    assert as_(request.getfixturevalue(who)).post(f"/runs/{draft.pk}/floors/").status_code == 404
    assert not FloorStudy.objects.exists()
