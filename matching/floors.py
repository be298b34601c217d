"""Raising the floor: what it would cost if nobody were in a pairing that fits less than so much.

A lead asks for it on the page of a draft. Each floor is answered by a plan that is proven to be the best under it. A
lead who takes part is not shown the numbers, for their own pairing could be read off them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.nudge import nudge
from matching import engine, tasks
from matching.changes import takes_part
from matching.distance import WORDS, difference
from matching.models import FloorStudy, MatchRun
from matching.running import request_run
from outbox.errors import place

logger = logging.getLogger(__name__)

AT_MOST = 2000  # people


@dataclass(frozen=True)
class Offer:
    floor: int  # in the engine's thousandths
    words: str

    @property
    def percent(self) -> int:
        return self.floor // 10


def can_be_asked(run: MatchRun, viewer: Any) -> bool:
    """Whether the pairs of the cohort are published from another draft is to be asked beside this."""
    if not (run.is_draft and run.shows_wishes):
        return False
    return _people(run) <= AT_MOST and not takes_part(viewer, run.cohort)


def _people(run: MatchRun) -> int:
    return int(run.figures.get("paired", 0)) + len(run.unplaced)


def ask(run: MatchRun, by: Any, at: datetime | None = None) -> FloorStudy:
    """Idempotent; what came to nothing is begun anew."""
    at = at or timezone.now()
    study, _ = FloorStudy.objects.get_or_create(run=run, defaults={"asked_by": by, "asked_at": at})
    FloorStudy.objects.filter(pk=study.pk, failed_at__isnull=False).update(failed_at=None, claimed_at=None, progress=0)
    study.refresh_from_db()
    if study.is_unfinished:
        nudge(tasks.raise_floor, study.pk)
    return study


def work_out(study_id: int, at: datetime | None = None) -> None:
    """Does it if nobody else is at it; otherwise nothing."""
    at = at or timezone.now()
    if not FloorStudy.objects.claimable(at).filter(pk=study_id).update(claimed_at=at, progress=0):
        return
    mine = FloorStudy.objects.unfinished().filter(pk=study_id, claimed_at=at)
    try:
        rows = engine.trade_off(_problem(study_id), lambda share, _: bool(mine.update(progress=round(99 * share))))
        mine.update(rows=[asdict(row) for row in rows], progress=100, finished_at=timezone.now())
    except engine.Cancelled:
        logger.info("The floors of study %s were discarded or taken over.", study_id)
    except Exception as error:
        logger.error("The floors of study %s failed: %s", study_id, place(error))
        mine.update(failed_at=timezone.now())


def _problem(study_id: int) -> engine.Problem:
    return engine.Problem.from_dict(MatchRun.objects.values_list("snapshot", flat=True).get(floors=study_id))


def offers(study: FloorStudy) -> list[Offer]:
    rows = [engine.TradeOff(**row) for row in study.rows]
    return [Offer(row.floor, _in_words(rows[0], row)) for row in rows[1:] if row.floor and row.placed]


def _in_words(now: engine.TradeOff, then: engine.TradeOff) -> str:
    said = list(_differences(now, then)) or [_("nobody loses a wish or a buddy")]
    if now.score and then.placed == now.placed and (less := round(100 - 100 * then.score / now.score)):
        words = (
            _("all in all people fit %(share)d %% less") if less > 0 else _("all in all people fit %(share)d %% better")
        )
        said.append(words % {"share": abs(less)})
    return ", ".join(said)


def _differences(now: engine.TradeOff, then: engine.TradeOff) -> Iterator[str]:
    for key in ("unplaced", *(key for key in WORDS if key != "unplaced")):
        if number := _number(then, key) - _number(now, key):
            yield difference(key, number)


def _number(row: engine.TradeOff, key: str) -> int:
    return -row.placed if key == "unplaced" else int(getattr(row, key))


def draft_with(run: MatchRun, by: Any, floor: int, at: datetime | None = None) -> MatchRun:
    """Another draft under the same policy and choices, with the floor. Raises CannotStart."""
    policy = engine.Policy.from_dict(run.policy)
    raised = replace(policy, rules=replace(policy.rules, min_score=floor))
    return request_run(
        run.cohort,
        by,
        raised,
        at,
        based_on=run,
        pinned=run.pinned,
        forbidden=run.forbidden,
        stand_in=run.stand_in,
    )
