"""Carrying out a match run.

A claim is the time of the last sign of life: each step of progress renews it, on the condition that it is still the
one this worker wrote. A worker that was overtaken, or whose run was cancelled, learns so at its next step.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from matching import engine, figures, standing_in
from matching.models import MatchRun, MatchRunQuerySet
from matching.proposing import begin_empty, propose, with_choices
from matching.run_words import NOT_PROVEN, WENT_WRONG
from matching.snapshot import problem_of
from outbox.errors import place

logger = logging.getLogger(__name__)

PAUSE = 0.25  # seconds


def execute(run_id: int, at: datetime | None = None) -> None:
    """Carry the run out if it is to be had; otherwise do nothing."""
    claim = Claim(run_id)
    if not claim.take(at):
        return
    try:
        _match(claim)
    except engine.Cancelled:
        logger.info("Match run %s was cancelled or taken over.", run_id)
    except engine.NotProven as error:
        logger.error("Match run %s was not proven: %s", run_id, place(error))
        claim.fail(NOT_PROVEN)
    except Exception as error:
        logger.error("Match run %s failed: %s", run_id, place(error))
        claim.fail(f"{WENT_WRONG} {place(error)}")


def _match(claim: Claim) -> None:
    run = MatchRun.objects.select_related("cohort__programme").get(pk=claim.run_id)
    policy, stand_in = engine.Policy.from_dict(run.policy), standing_in.place_of(run)
    problem = with_choices(problem_of(run.cohort, policy, stand_in), run)
    claim.write(snapshot=problem.to_dict(), snapshot_at=timezone.now(), step="people")
    plan = engine.solve(problem, claim.report)
    claim.write(progress=95, step="proving")
    engine.verify(problem, plan)
    _keep(claim, run, plan, figures.said_in(problem))


@transaction.atomic
def _keep(claim: Claim, run: MatchRun, plan: engine.Plan, said: figures.Said) -> None:
    claim.end(
        progress=100,
        step="",
        finished_at=timezone.now(),
        plan=plan.to_dict(),
        figures=figures.of_plan(plan),
        unplaced=figures.unplaced(plan),
    )
    if run.starts_empty:
        begin_empty(run, plan)
    else:
        propose(run, plan.pairings, said, kept=run.pinned)
    standing_in.let_go()


class Claim:
    """This worker's hold on a run. ``write`` raises Cancelled once somebody else decided about the run."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self._since: datetime | None = None
        self._quiet_until = 0.0

    def take(self, at: datetime | None = None) -> bool:
        at = at or timezone.now()
        free = MatchRun.objects.claimable(at).filter(pk=self.run_id)
        taken = free.update(claimed_at=at, claims=F("claims") + 1, progress=0, step="starting")
        self._since = at if taken else None
        return self._since is not None

    def report(self, share: float, step: str) -> bool:
        """The engine's progress function: 0 to 1 and what it is doing. False ends the run.

        Written, and asked whether to go on, a few times a second at most.
        """
        if time.monotonic() < self._quiet_until:
            return True
        self._quiet_until = time.monotonic() + PAUSE
        return self._write(progress=5 + round(85 * min(max(share, 0), 1)), step=step[:120])

    def write(self, **fields: Any) -> None:
        if not self._write(**fields):
            raise engine.Cancelled

    def end(self, **fields: Any) -> None:
        """The last write, which may be rolled back: the claim stays what it was."""
        if not self._mine().update(**fields):
            raise engine.Cancelled

    def fail(self, why: str) -> None:
        self._mine().update(failed_at=timezone.now(), failure=why)
        standing_in.let_go()

    def _write(self, **fields: Any) -> bool:
        now = timezone.now()
        if not self._mine().update(claimed_at=now, **fields):
            return False
        self._since = now
        return True

    def _mine(self) -> MatchRunQuerySet:
        return MatchRun.objects.unfinished().filter(pk=self.run_id, claimed_at=self._since)
