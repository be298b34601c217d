"""A lead who joins, so that nobody is left without a buddy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from buddying.models import Cohort, Participant, Person
from matching import editing, engine, standing_in
from matching.changes import changes_since
from matching.execution import execute
from matching.models import MatchRun, Pairing, Waiting
from matching.publishing import CannotPublish, publish
from matching.running import CannotStart, request_run
from outbox.models import Message
from tests.matching.test_pages import text

pytestmark = pytest.mark.usefixtures("quiet_broker")
LEAD_JOINS = engine.Policy(odd="lead")


@pytest.fixture
def gus(make_person: Callable[..., Person], programme: Any) -> Person:
    """Another lead, who looks on."""
    gus = make_person("Gus")
    programme.add_lead(gus, added_by=gus)
    return gus


@pytest.fixture
def five(
    four: dict[str, Participant],
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
) -> dict[str, Participant]:
    return four | {"Ian": take_part(make_person("Ian"), cohort)}


@pytest.fixture
def drawn(cohort: Cohort, dora: Person, gus: Person) -> Callable[..., MatchRun]:
    """A draft for which Dora would join, asked for by Gus."""

    def draw(**choices: Any) -> MatchRun:
        run = request_run(cohort, gus, LEAD_JOINS, **({"stand_in": dora} | choices))
        execute(run.pk)
        run.refresh_from_db()
        assert run.failure == ""
        return run

    return draw


def groups(run: MatchRun) -> list[list[str]]:
    return [sorted(map(str, proposal.participants.all())) for proposal in run.proposals.all()]


def places(person: Person) -> list[Participant]:
    return list(Participant.objects.filter(person=person))


def test_the_whole_story(five: Any, cohort: Cohort, dora: Person, gus: Person, as_: Any) -> None:
    lead, board = as_(gus), f"/cohorts/{cohort.pk}/matching/"
    assert "The lead who would join" in text(lead.get(board))
    assert "Choose the lead who would join" in text(lead.post(board, {"odd": "lead"}))
    lead.post(board, {"odd": "lead", "stand_in": dora.pk})
    run = MatchRun.objects.get()
    execute(run.pk)
    run.refresh_from_db()
    assert groups(run) == [["Ada", "Ben"], ["Cleo", "Fay"], ["Dora", "Ian"]]
    assert run.unplaced == []
    shown = text(lead.get(f"/runs/{run.pk}/"))
    assert "Dora joins, so that one more person has a buddy." in shown
    assert "Odd number: Dora joins" in shown
    assert "where no wish could be met 1 without a buddy 0" in shown

    assert text(as_(dora).get("/")).count("Where you take part") == 0
    people = f"/cohorts/{cohort.pk}/people/"
    assert "Dora" not in text(as_(dora).get(people))

    publish(run, gus)
    mine = Participant.objects.get(person=dora)
    assert (mine.is_present, mine.joined_at is not None) == (True, True)
    pairing = Pairing.objects.get(members__participant=mine)
    assert sorted(map(str, pairing.people())) == ["Dora", "Ian"]
    assert Message.objects.filter(kind="pairing_published", recipient=dora).count() == 1
    home = text(as_(dora).get("/"))
    assert "Where you take part" in home
    assert "Ian" in home
    assert as_(dora).get(f"/pairings/{pairing.pk}/").status_code == 200
    assert "Dora" in text(as_(dora).get(people))

    assert set(Pairing.objects.followed_by(gus)) == set(Pairing.objects.all())
    assert set(Pairing.objects.followed_by(dora)) == set(Pairing.objects.exclude(pk=pairing.pk))
    rows = text(as_(dora).get(f"/cohorts/{cohort.pk}/pairings/"))
    assert ("Ada" in rows, "Ian" in rows) == (True, False)


def test_in_the_draft_a_lead_does_not_see_with_whom_they_would_be(
    five: Any, dora: Person, drawn: Any, as_: Any
) -> None:
    run = drawn()
    shown = text(as_(dora).get(f"/runs/{run.pk}/"))
    assert "Your own pairing is left out until the pairs are published" in shown
    assert "Ian" not in shown
    assert "Ian" not in text(as_(dora).get(f"/runs/{run.pk}/editing/"))
    assert "Ian" not in text(as_(dora).get(f"/runs/{run.pk}/picture/"))
    assert "Worst off" not in shown


def test_figures_count_those_who_signed_up(five: Any, drawn: Any, gus: Person) -> None:
    from matching.board import figures_of

    run = drawn()
    found = figures_of([run], gus)[run.pk]
    assert (found.mutual, found.one_way, found.also, found.none, found.unplaced) == (2, 2, 0, 1, 0)


def test_an_even_cohort_needs_no_lead_and_keeps_no_trace(four: Any, dora: Person, drawn: Any) -> None:
    run = drawn()
    assert groups(run) == [["Ada", "Ben"], ["Cleo", "Fay"]]
    assert (run.unplaced, places(dora)) == ([], [])


@pytest.mark.parametrize("how", ["cancel", "discard", "fail"])
def test_a_run_that_comes_to_nothing_leaves_no_trace(
    how: str, five: Any, cohort: Cohort, dora: Person, gus: Person, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = request_run(cohort, gus, LEAD_JOINS, stand_in=dora)
    assert len(places(dora)) == 1
    assert not Participant.objects.listed().filter(person=dora).exists()
    if how == "cancel":
        as_(gus).post(f"/runs/{run.pk}/cancellation/")
    elif how == "fail":
        monkeypatch.setattr(engine, "solve", lambda *args: 1 / 0)
        execute(run.pk)
    else:
        execute(run.pk)
        as_(gus).post(f"/runs/{run.pk}/removal/", {"confirmed": "yes"})
    assert places(dora) == []


def test_two_drafts_share_the_place_and_the_last_takes_it_along(five: Any, dora: Person, drawn: Any) -> None:
    first, second = drawn(), drawn()
    assert len(places(dora)) == 1
    first.discard()
    standing_in.let_go()
    assert groups(second)[2] == ["Dora", "Ian"]
    second.discard()
    standing_in.let_go()
    assert places(dora) == []


def test_publishing_another_draft_lets_the_place_go(
    five: Any, cohort: Cohort, dora: Person, gus: Person, drawn: Any
) -> None:
    drawn()
    other = request_run(cohort, gus, engine.Policy())
    execute(other.pk)
    publish(MatchRun.objects.get(pk=other.pk), gus)
    assert places(dora) == []


def test_whoever_left_before_is_not_removed_and_can_come_back(
    five: Any, cohort: Cohort, dora: Person, gus: Person, drawn: Any, take_part: Any
) -> None:
    before = take_part(dora, cohort)
    Participant.objects.filter(pk=before.pk).update(left_at=before.joined_at)
    run = drawn()
    run.discard()
    standing_in.let_go()
    assert places(dora) == [before]
    publish(drawn(), gus)
    before.refresh_from_db()
    assert before.is_present


def test_nobody_who_reports_to_the_lead(five: Any, dora: Person, drawn: Any) -> None:
    Person.objects.filter(name__in=["Ian", "Cleo"]).update(manager=dora)
    Person.objects.filter(pk=dora.pk).update(manager=Person.objects.get(name="Fay"))
    run = drawn()
    beside = next(group for group in groups(run) if "Dora" in group)
    assert set(beside) & {"Ian", "Cleo", "Fay"} == set()


def test_a_lead_who_takes_part_or_leads_elsewhere_cannot_be_chosen(
    five: Any, cohort: Cohort, dora: Person, gus: Person, eve: Person, take_part: Any, as_: Any
) -> None:
    assert list(standing_in.leads_who_can_join(cohort)) == [dora, gus]
    take_part(dora, cohort)
    assert list(standing_in.leads_who_can_join(cohort)) == [gus]
    for who in (dora, eve):
        with pytest.raises(CannotStart, match="cannot join"):
            request_run(cohort, gus, LEAD_JOINS, stand_in=who)
    take_part(gus, cohort)
    assert "One of the leads joins" not in text(as_(gus).get(f"/cohorts/{cohort.pk}/matching/"))


def test_who_no_longer_leads_no_longer_joins(five: Any, programme: Any, dora: Person, gus: Person, drawn: Any) -> None:
    run = drawn()
    assert changes_since(run, gus).blocking == ""
    programme.remove_lead(dora)
    with pytest.raises(CannotPublish, match="Dora left the cohort"):
        publish(run, gus)
    assert not Participant.objects.present().filter(person=dora).exists()


def test_who_joined_by_themselves_in_the_meantime_simply_takes_part(
    five: Any, dora: Person, gus: Person, drawn: Any
) -> None:
    run = drawn()
    place = Participant.objects.get(person=dora)
    place.join()
    publish(run, gus)
    assert sorted(map(str, Pairing.objects.get(members__participant=place).people())) == ["Dora", "Ian"]


def test_by_hand_a_lead_who_is_not_needed_goes_again(five: Any, dora: Person, gus: Person, drawn: Any) -> None:
    run, ian = drawn(), five["Ian"]
    place = Participant.objects.get(person=dora)
    editing.make(run, gus, (place.pk, ian.pk), f"separate-{place.pk}", editing.latest(run))
    run.refresh_from_db()
    assert [row["participant"] for row in run.unplaced] == [ian.pk]
    desk = editing.Desk(run, gus)
    assert place.pk not in desk.people
    editing.make(run, gus, (ian.pk, five["Ada"].pk), f"join-{ian.pk}", desk.seen)
    publish(MatchRun.objects.get(pk=run.pk), gus)
    assert places(dora) == []
    assert not Message.objects.filter(recipient=dora).exists()
    assert not Waiting.objects.exists()


def test_the_rest_can_be_matched_with_the_same_lead(five: Any, dora: Person, gus: Person, drawn: Any) -> None:
    run = drawn()
    again = editing.match_the_rest(run, gus)
    execute(again.pk)
    assert groups(again) == groups(run)
