"""What a lead sees of a cohort's matching: who is ready, and the runs side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant, Person
from matching.forms import in_words
from matching.models import MatchRun, ProposalSeat
from matching.running import why_not_start
from matching.snapshot import to_be_matched

RUNS = 12
NAMES = 60
STATES = {
    "waiting": (_("Waiting"), ""),
    "running": (_("Under way"), "accent"),
    "draft": (_("Draft"), "warm"),
    "published": (_("Published"), "good"),
    "cancelled": (pgettext_lazy("match run", "Cancelled"), "outline"),
    "failed": (_("Failed"), "danger"),
}
NOT_USED = (_("Not used"), "outline")
LOOKED_AT_A_DRAFT = gettext_noop("looked at a draft of the matching of %(cohort)s")


@dataclass(frozen=True)
class Figures:
    """People by the best that they can claim of their pairing.

    Without the pairing that the viewer is in, or the difference would tell them who named them.
    """

    mutual: int = 0
    one_way: int = 0
    also: int = 0
    none: int = 0
    unplaced: int = 0


@dataclass(frozen=True)
class Row:
    run: MatchRun
    figures: Figures
    closed: bool = False  # the cohort's pairs are published

    @property
    def label(self) -> str:
        return str(self._badge[0])

    @property
    def tone(self) -> str:
        return self._badge[1]

    @property
    def _badge(self) -> tuple[Any, str]:
        return NOT_USED if self.closed and self.run.is_draft else STATES[self.run.state]

    @property
    def has_figures(self) -> bool:
        """Not of a later round: few people, and the wishes of each were closed with the first."""
        return self.run.finished_at is not None and self.run.round == 1

    @property
    def policy(self) -> str:
        """Under which rules, and what a lead had fixed by hand before."""
        kept, out = len(self.run.pinned), len(self.run.forbidden)
        by_hand = [_kept_by_hand(kept)] if kept else []
        by_hand += [_ruled_out(out)] if out else []
        return " · ".join(in_words(self.run.policy, self._odd_one()) + by_hand)

    def _odd_one(self) -> str:
        """What is said of the lead who would join."""
        if not self.run.stand_in:
            return ""
        joins = self.run.figures.get("stand_in_used")
        words = gettext("Odd number: %(lead)s joins") if joins else gettext("Odd number: %(lead)s would join")
        return words % {"lead": self.run.stand_in}

    @property
    def least_fit(self) -> int | None:
        """Of two who sit together, in per cent; of a draft as it was proven, not as it was changed by hand."""
        worst = self.run.figures.get("worst_score") if self.run.figures.get("optimal") else None
        return None if worst is None or not self.has_figures else int(worst) // 10


def _kept_by_hand(pairings: int) -> str:
    words = ngettext("%(count)d pairing kept by hand", "%(count)d pairings kept by hand", pairings)
    return words % {"count": pairings}


def _ruled_out(pairs: int) -> str:
    return ngettext("%(count)d pair ruled out", "%(count)d pairs ruled out", pairs) % {"count": pairs}


@dataclass(frozen=True)
class Stage:
    label: str
    count: int


@dataclass(frozen=True)
class Board:
    ready: list[Stage]
    listed: int
    to_match: int
    have_not_named: list[Person]
    not_shown: int
    rows: list[Row] = field(default_factory=list)
    why_not: str = ""

    @property
    def under_way(self) -> Row | None:
        return next((row for row in self.rows if row.run.is_unfinished), None)

    @property
    def published(self) -> Row | None:
        return next((row for row in self.rows if row.run.published_at), None)

    @property
    def can_start(self) -> bool:
        return not (self.under_way or self.published or self.why_not)

    @property
    def comparable(self) -> list[MatchRun]:
        return [row.run for row in self.drafts if not self.published]

    @property
    def drafts(self) -> list[Row]:
        return [row for row in self.rows if row.run.is_draft]


def board_of(cohort: Cohort, viewer: Any) -> Board:
    listed = Participant.objects.listed().filter(cohort=cohort)
    counts = listed.aggregate(
        listed=Count("pk"),
        joined=Count("pk", Q(joined_at__isnull=False)),
        profiles=Count("pk", Q(joined_at__isnull=False, profile_completed_at__isnull=False)),
        named=Count("pk", Q(joined_at__isnull=False, nominated_at__isnull=False)),
    )
    silent = listed.filter(joined_at__isnull=False, nominated_at=None).select_related("person")[:NAMES]
    return Board(
        ready=[
            Stage(gettext("Joined"), counts["joined"]),
            Stage(gettext("Filled in their profile"), counts["profiles"]),
            Stage(gettext("Named buddies"), counts["named"]),
        ],
        listed=counts["listed"],
        to_match=to_be_matched(cohort).count(),
        have_not_named=[participant.person for participant in silent],
        not_shown=max(0, counts["joined"] - counts["named"] - NAMES),
        rows=rows_of(cohort, viewer),
        why_not=why_not_start(cohort),
    )


def rows_of(cohort: Cohort, viewer: Any) -> list[Row]:
    latest = MatchRun.objects.visible_to(viewer).filter(cohort=cohort)
    runs = list(lean(latest.order_by(F("published_at").asc(nulls_last=True), "-requested_at"))[:RUNS])
    figures, closed = figures_of(runs, viewer), {run.round for run in runs if run.published_at}
    return [Row(run, figures[run.pk], run.round in closed) for run in runs]


def lean(runs: QuerySet[MatchRun]) -> QuerySet[MatchRun]:
    """Without the snapshot and the plan, which are as large as the cohort."""
    return runs.defer("snapshot", "plan").select_related(
        "requested_by", "published_by", "stand_in", "cohort__programme"
    )


def figures_of(runs: Iterable[MatchRun], viewer: Any) -> dict[int, Figures]:
    known = list(runs)
    seats = ProposalSeat.objects.filter(run__in=known)
    own = seats.filter(participant__person=viewer).values("proposal")
    people: dict[int, dict[str, int]] = defaultdict(dict)
    matched = seats.filter(Q(run__stand_in=None) | ~Q(participant__person=F("run__stand_in"))).exclude(proposal__in=own)
    counted = matched.order_by().values_list("run", "tier").annotate(people=Count("pk"))
    for run, tier, count in counted:
        people[run][tier.replace("-", "_")] = count
    return {run.pk: Figures(**people[run.pk], unplaced=len(run.unplaced)) for run in known}
