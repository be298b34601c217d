"""How far a draft that was changed by hand is below the best one, in numbers of people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from buddying.models import Participant
from buddying.words import people
from matching.models import MatchRun, ProposalSeat

CHANGED = "This draft was changed by hand."
THE_SAME = "It reaches the same numbers as the best one that is possible under its rules."
WORDS = {
    "mutual": "where they named each other",
    "one_way": "where one named the other",
    "also": "“also happy with”",
    "none": "where no wish could be met",
    "unplaced": "without a buddy",
}


def by_hand(run: MatchRun, viewer: Any) -> str:
    """Nothing for a draft that is as it was proven to be.

    No numbers for a lead who takes part: their own pairing could be read off them.
    """
    if run.figures.get("optimal", True) or not run.edits.standing().exists():
        return ""
    if Participant.objects.filter(cohort=run.cohort_id, person=viewer).exists():
        return CHANGED
    return f"{CHANGED} {_against_the_best(run)}"


def _against_the_best(run: MatchRun) -> str:
    best = MatchRun.objects.filter(pk=run.pk).values_list("plan__summary", flat=True).get() or {}
    seats = ProposalSeat.objects.filter(run=run)
    if run.stand_in_id:
        seats = seats.exclude(participant__person=run.stand_in_id)
    tiers = Counter(seats.values_list("tier", flat=True))
    now = {key: tiers[key.replace("_", "-")] for key in WORDS} | {"unplaced": len(run.unplaced)}
    less = {key: now[key] - best.get(key, 0) for key in WORDS}
    said = [difference(key, number) for key, number in less.items() if number]
    return f"Against the best one that is possible under its rules: {', '.join(said)}." if said else THE_SAME


def difference(key: str, number: int) -> str:
    more = people(abs(number)).replace(" ", f" {'more' if number > 0 else 'fewer'} ", 1)
    return f"{more} {WORDS[key]}"
