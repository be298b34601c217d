"""Pairings of a plan as rows of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max
from django.utils import timezone

from buddying.models import Participant
from matching import engine, figures
from matching.models import DraftEdit, MatchRun, Proposal, ProposalSeat

OUT_BY_HAND: dict[str, Any] = {"rules": [figures.BY_HAND], "relaxation": []}


def with_choices(problem: engine.Problem, run: MatchRun) -> engine.Problem:
    """The problem with what a lead has fixed by hand before the run."""
    return replace(problem, pinned=_ids(run.pinned), forbidden=tuple((str(a), str(b)) for a, b in run.forbidden))


def propose(
    run: MatchRun, pairings: Sequence[engine.PlannedPairing], said: figures.Said, kept: Iterable[Iterable[int]] = ()
) -> None:
    """Adds proposals to the run; those that hold a group of ``kept`` are kept when it is matched again."""
    fixed, now = [set(group) for group in _ids(kept)], timezone.now()
    last = run.proposals.aggregate(last=Max("number"))["last"] or 0
    proposals = Proposal.objects.bulk_create(
        Proposal(
            run=run,
            number=number,
            tier=pairing.tier,
            weight=pairing.weight,
            reasons_for_lead=figures.reasons_for_lead(pairing),
            reasons_for_members=figures.reasons_for_members(pairing),
            pinned_at=now if any(group <= set(pairing.members) for group in fixed) else None,
        )
        for number, pairing in enumerate(pairings, last + 1)
    )
    ProposalSeat.objects.bulk_create(
        ProposalSeat(
            run=run,
            proposal=proposal,
            participant_id=int(member),
            tier=figures.tier_of_seat(member, pairing, said),
        )
        for proposal, pairing in zip(proposals, pairings, strict=True)
        for member in pairing.members
    )


def begin_empty(run: MatchRun, plan: engine.Plan) -> None:
    """Nobody is paired; that is the draft's first change, so that going back to the best plan undoes it."""
    groups = [{"members": [int(member) for member in one.members], "kept": False} for one in plan.pairings]
    DraftEdit.objects.create(run=run, number=1, kind="empty", before=groups, by=run.requested_by)
    count_anew(run, plan)


def count_anew(run: MatchRun, plan: engine.Plan) -> None:
    """The run's figures and who is left over, from its proposals as they are now."""
    rows = list(ProposalSeat.objects.filter(run=run).values_list("proposal", "participant"))
    groups: dict[int, set[int]] = {}
    for proposal, participant in rows:
        groups.setdefault(proposal, set()).add(participant)
    planned = {frozenset(map(int, one.members)) for one in plan.pairings}
    left = {row["participant"]: row for row in figures.unplaced(plan)}
    seated = {participant for _, participant in rows}
    people = {int(member) for one in plan.pairings for member in one.members} | set(left)
    people -= set(Participant.objects.filter(cohort=run.cohort_id, person=run.stand_in_id).values_list("pk", flat=True))
    best = planned == set(map(frozenset, groups.values()))
    run.unplaced = [left.get(pk, {"participant": pk, **OUT_BY_HAND}) for pk in sorted(people - seated)]
    run.figures = figures.of_plan(plan) | {
        "paired": len(rows),
        "pairings": len(groups),
        "trios": sum(1 for group in groups.values() if len(group) == 3),
        "optimal": best and plan.summary.get("optimal", False),
    }
    run.save(update_fields=["unplaced", "figures"])


def _ids(groups: Iterable[Iterable[Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(member) for member in group) for group in groups)
