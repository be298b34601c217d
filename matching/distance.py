"""How far a draft that was changed by hand is below the best one, in numbers of people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Participant
from matching.models import MatchRun, ProposalSeat

CHANGED = _("This draft was changed by hand.")
THE_SAME = _("It reaches the same numbers as the best one that is possible under its rules.")
WORDS = {
    "mutual": _("where they named each other"),
    "one_way": _("where one named the other"),
    "also": _("“also happy with”"),
    "none": _("where no wish could be met"),
    "unplaced": _("without a buddy"),
}


def by_hand(run: MatchRun, viewer: Any) -> str:
    """Nothing for a draft that is as it was proven to be.

    No numbers for a lead who takes part: their own pairing could be read off them.
    """
    if run.figures.get("optimal", True) or not run.edits.standing().exists():
        return ""
    if Participant.objects.filter(cohort=run.cohort_id, person=viewer).exists():
        return str(CHANGED)
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
    if not said:
        return str(THE_SAME)
    words = gettext("Against the best one that is possible under its rules: %(differences)s.")
    return words % {"differences": ", ".join(said)}


def difference(key: str, number: int) -> str:
    """“3 fewer people without a buddy”."""
    said = _more(key, number) if number > 0 else _fewer(key, -number)
    return said % {"count": abs(number)}


def _more(key: str, count: int) -> str:
    words = {
        "mutual": ngettext(
            "%(count)d more person where they named each other",
            "%(count)d more people where they named each other",
            count,
        ),
        "one_way": ngettext(
            "%(count)d more person where one named the other", "%(count)d more people where one named the other", count
        ),
        "also": ngettext("%(count)d more person “also happy with”", "%(count)d more people “also happy with”", count),
        "none": ngettext(
            "%(count)d more person where no wish could be met",
            "%(count)d more people where no wish could be met",
            count,
        ),
        "unplaced": ngettext("%(count)d more person without a buddy", "%(count)d more people without a buddy", count),
    }
    return words[key]


def _fewer(key: str, count: int) -> str:
    words = {
        "mutual": ngettext(
            "%(count)d fewer person where they named each other",
            "%(count)d fewer people where they named each other",
            count,
        ),
        "one_way": ngettext(
            "%(count)d fewer person where one named the other",
            "%(count)d fewer people where one named the other",
            count,
        ),
        "also": ngettext("%(count)d fewer person “also happy with”", "%(count)d fewer people “also happy with”", count),
        "none": ngettext(
            "%(count)d fewer person where no wish could be met",
            "%(count)d fewer people where no wish could be met",
            count,
        ),
        "unplaced": ngettext("%(count)d fewer person without a buddy", "%(count)d fewer people without a buddy", count),
    }
    return words[key]
