"""One run at a time, claimed by one worker, lost by none."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Nomination, Refusal
from matching import engine, execution, saying, tasks
from matching.changes import groups_of
from matching.figures import why
from matching.models import MatchRun, Proposal, ProposalSeat
from matching.running import CannotStart, execute, request_run


def names(run: MatchRun) -> list[set[str]]:
    proposals = Proposal.objects.filter(run=run).prefetch_related("participants__person")
    return [{str(participant) for participant in proposal.participants.all()} for proposal in proposals]


def test_the_best_pairs_are_proposed_and_proven(draft: MatchRun) -> None:
    assert draft.state == "draft"
    assert names(draft) == [{"Ada", "Ben"}, {"Cleo", "Fay"}]
    assert [p.tier for p in draft.proposals.all()] == ["mutual", "one-way"]
    worst = draft.plan["summary"]["worst_score"]
    assert draft.figures == {
        "paired": 4,
        "pairings": 2,
        "trios": 0,
        "stand_in_used": False,
        "worst_score": worst,
        "worst_off_proven": True,
        "optimal": True,
    }
    engine.verify(engine.Problem.from_dict(draft.snapshot), engine.Plan.from_dict(draft.plan))


def test_members_are_never_told_who_named_whom(draft: MatchRun) -> None:
    for proposal in draft.proposals.all():
        assert any("named" in said for said in saying.to_leads(proposal.reasons_for_lead))
        assert proposal.reasons_for_members
        assert not any("named" in said for said in saying.to_members(proposal.reasons_for_members))


def test_nobody_with_their_own_manager_nor_with_whom_they_refused(
    four: Any, cohort: Any, max_: Any, take_part: Any, make_draft: Any
) -> None:
    take_part(max_, cohort)
    Nomination.objects.create(nominator=four["Ada"], nominee=cohort.participants.get(person=max_), rank=2)
    Refusal.objects.create(refuser=four["Ben"], refused=four["Ada"])
    for group in names(make_draft(cohort)):
        assert not group >= {"Ada", "Ben"}
        assert not group >= {"Ada", "Max"}


def test_the_odd_one_makes_a_trio_or_waits(four: Any, cohort: Any, eve: Any, take_part: Any, make_draft: Any) -> None:
    take_part(eve, cohort)
    trio = make_draft(cohort)
    assert sorted(map(len, names(trio))) == [2, 3]
    waiting = make_draft(cohort, engine.Policy(odd="wait"))
    assert sorted(map(len, names(waiting))) == [2, 2]
    assert [why(row["rules"]) for row in waiting.unplaced] == ["Everybody who could be their buddy has one."]


def test_seats_carry_what_each_can_claim(cohort: Any, four: Any, eve: Any, take_part: Any, make_draft: Any) -> None:
    """In a trio of a mutual pair and somebody whom nobody named, two have their wish and one has not."""
    odd = take_part(eve, cohort)
    run = make_draft(cohort)
    seats = {seat.participant_id: seat.tier for seat in ProposalSeat.objects.filter(run=run)}
    assert {seats[four["Ada"].pk], seats[four["Ben"].pk]} == {"mutual"}
    assert seats[odd.pk] == "none"
    summary = run.plan["summary"]
    assert (summary["mutual"], summary["none"]) == (2, list(seats.values()).count("none"))


def test_a_second_press_returns_the_run_under_way(four: Any, cohort: Any, dora: Any) -> None:
    first, second = request_run(cohort, dora), request_run(cohort, dora)
    assert first == second
    assert MatchRun.objects.count() == 1


def test_too_few_people(cohort: Any, dora: Any, ada: Any, take_part: Any) -> None:
    take_part(ada, cohort)
    with pytest.raises(CannotStart, match="at least two"):
        request_run(cohort, dora)


def test_people_in_a_pairing_are_left_out(four: Any, cohort: Any, make_pairing: Any, make_draft: Any) -> None:
    make_pairing(four["Ada"], four["Ben"])
    assert names(make_draft(cohort)) == [{"Cleo", "Fay"}]


def test_a_run_is_carried_out_once(draft: MatchRun) -> None:
    finished = draft.finished_at
    execute(draft.pk)
    draft.refresh_from_db()
    assert draft.finished_at == finished
    assert len(groups_of(draft)) == 2


def test_a_run_of_a_killed_worker_is_taken_up_again(four: Any, cohort: Any, dora: Any) -> None:
    run = request_run(cohort, dora)
    MatchRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now() - timedelta(minutes=9), progress=40)
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == "running"

    MatchRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert list(MatchRun.objects.claimable()) == [run]
    tasks.run_match.run(run.pk)
    run.refresh_from_db()
    assert run.state == "draft"


def test_a_run_that_kills_every_worker_is_given_up(four: Any, cohort: Any, dora: Any) -> None:
    run = request_run(cohort, dora)
    for _ in range(3):
        assert execution.Claim(run.pk).take()
        MatchRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert not execution.Claim(run.pk).take()
    tasks.match_waiting.run()
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.why_failed.startswith("This run stopped half-way three times")


def test_the_tick_finds_what_waits(
    four: Any, cohort: Any, dora: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    run, asked = request_run(cohort, dora), []
    monkeypatch.setattr(tasks.run_match, "apply_async", lambda args, **options: asked.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.match_waiting.run()
    assert asked == [(run.pk,)]
    execute(run.pk)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.match_waiting.run()
    assert asked == [(run.pk,)]


def test_a_cancelled_run_stays_cancelled_though_its_worker_goes_on(
    four: Any, cohort: Any, dora: Any, monkeypatch: Any
) -> None:
    run = request_run(cohort, dora)

    def solve(problem: engine.Problem, progress: Any) -> engine.Plan:
        plan = engine.solve(problem)
        run.cancel()
        return plan

    monkeypatch.setattr(execution, "engine", Engine(solve))
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.finished_at, run.proposals.count()) == ("cancelled", None, 0)


def test_a_worker_that_was_overtaken_keeps_nothing(four: Any, cohort: Any, dora: Any, monkeypatch: Any) -> None:
    """Its claim ran out while it was frozen; another worker has finished the run in the meantime."""
    run = request_run(cohort, dora)

    def solve(problem: engine.Problem, progress: Any) -> engine.Plan:
        monkeypatch.undo()
        MatchRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now() - timedelta(hours=1))
        execute(run.pk)
        return engine.solve(problem, progress)

    monkeypatch.setattr(execution, "engine", Engine(solve))
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == "draft"
    assert run.proposals.count() == 2


def test_cancelling_stops_the_engine_at_its_next_step(four: Any, cohort: Any, dora: Any, monkeypatch: Any) -> None:
    run, answers = request_run(cohort, dora), []

    def solve(problem: engine.Problem, progress: Any) -> engine.Plan:
        answers.append(progress(0.2, "placing"))
        run.refresh_from_db()
        assert (run.progress, run.step) == (22, "placing")
        run.cancel()
        answers.append(progress(0.2, "placing"))
        raise engine.Cancelled

    monkeypatch.setattr(execution, "engine", Engine(solve))
    monkeypatch.setattr(execution, "PAUSE", 0)
    execute(run.pk)
    assert answers == [True, False]
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_failure_is_told_to_the_lead_and_logged_without_names(
    four: Any, cohort: Any, dora: Any, monkeypatch: Any, caplog: Any
) -> None:
    run = request_run(cohort, dora)

    def solve(problem: engine.Problem, progress: Any) -> engine.Plan:
        raise ValueError(f"cannot place {problem.people[0].name}")

    monkeypatch.setattr(execution, "engine", Engine(solve))
    with caplog.at_level(logging.INFO):
        execute(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "Ada" not in run.why_failed + caplog.text
    assert "ValueError at test_running.py:" in run.why_failed
    assert request_run(cohort, dora) != run


def test_a_failure_while_the_result_is_kept_keeps_nothing(four: Any, cohort: Any, dora: Any, monkeypatch: Any) -> None:
    run = request_run(cohort, dora)

    def fail(seats: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ProposalSeat.objects, "bulk_create", fail)
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.finished_at, run.proposals.count()) == ("failed", None, 0)


def test_weights_of_large_cohorts_are_kept(draft: MatchRun) -> None:
    proposal = draft.proposals.get(number=1)
    proposal.weight = 3**200
    proposal.save()
    proposal.refresh_from_db()
    assert proposal.weight == 3**200


def test_what_is_not_proven_is_not_kept(four: Any, cohort: Any, dora: Any, monkeypatch: Any) -> None:
    run = request_run(cohort, dora)

    def solve(problem: engine.Problem, progress: Any) -> engine.Plan:
        plan = engine.solve(problem)
        (a, b), (c, d) = (pairing.members for pairing in plan.pairings)
        swapped = [{"members": m, "tier": "none", "weight": 0, "reasons": []} for m in ((a, c), (b, d))]
        return engine.Plan.from_dict(plan.to_dict() | {"pairings": swapped})

    monkeypatch.setattr(execution, "engine", Engine(solve))
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == ("failed", 0)
    assert run.why_failed.startswith("The result could not be proven")


def test_with_the_broker_away_the_run_waits_for_the_tick(
    four: Any, cohort: Any, dora: Any, broker_away: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = request_run(cohort, dora)
    assert run.state == "waiting"
    assert list(MatchRun.objects.claimable()) == [run]


class Engine:
    """The engine with another ``solve``."""

    def __init__(self, solve: Any) -> None:
        self.solve = solve

    def __getattr__(self, name: str) -> Any:
        return getattr(engine, name)
