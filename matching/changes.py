"""What has become different in a cohort since a draft was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from buddying.models import Cohort, Nomination, Participant, Person
from buddying.words import listed
from matching.models import MatchRun, PairingMember, ProposalSeat
from matching.snapshot import lines_of_management, refusals_among
from matching.standing_in import with_stand_in

OUT_OF_DATE = _("This draft is out of date. Match again; it takes a moment.")

Group = tuple[int, ...]
Wish = tuple[int, int, int | None]  # from, to, rank


@dataclass(frozen=True)
class Changes:
    """``impossible`` counts pairings that a hard rule forbids by now; which ones is told to nobody.

    To a lead who takes part (``may_be_own``) not even how many: it could be theirs, and they know whom they refused.
    """

    gone: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    new_wishes: int = 0
    impossible: int = 0
    may_be_own: bool = False
    named: list[Person] = field(default_factory=list)

    @property
    def blocking(self) -> str:
        """Why the draft cannot be published any more, for the lead."""
        if self.gone:
            return ngettext(
                "%(names)s left the cohort, or found a buddy, or began to pause, after this draft was made. Match "
                "again, so that nobody is left without one.",
                "%(names)s left the cohort, or found a buddy, or began to pause, after this draft was made. Match "
                "again, so that nobody is left without one.",
                len(self.gone),
            ) % {"names": listed(self.gone)}
        if self.impossible and self.may_be_own:
            return str(OUT_OF_DATE)
        if self.impossible:
            return ngettext(
                "%(count)d pairing of this draft is not possible any more. Match again; it takes a moment.",
                "%(count)d pairings of this draft are not possible any more. Match again; it takes a moment.",
                self.impossible,
            ) % {"count": self.impossible}
        return ""

    @property
    def sentences(self) -> list[str]:
        return list(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.blocking:
            yield self.blocking
        if self.joined:
            yield ngettext(
                "%(names)s joined after this draft was made and would be left waiting.",
                "%(names)s joined after this draft was made and would be left waiting.",
                len(self.joined),
            ) % {"names": listed(self.joined)}
        if self.new_wishes:
            yield ngettext(
                "%(count)d person has changed whom they name since.",
                "%(count)d people have changed whom they name since.",
                self.new_wishes,
            ) % {"count": self.new_wishes}


def takes_part(viewer: Any, cohort: Cohort) -> bool:
    """Now or before."""
    return cohort.participants.filter(person=viewer).exists()


def changes_since(run: MatchRun, viewer: Any = None) -> Changes:
    groups = groups_of(run)
    now = with_stand_in(run)
    drafted = {pk for group in groups for pk in group} | {row["participant"] for row in run.unplaced}
    gone = list(Participant.objects.filter(pk__in=drafted - set(now)).select_related("person"))
    joined = [now[pk] for pk in set(now) - drafted]
    return Changes(
        gone=list(map(str, gone)),
        joined=sorted(map(str, joined)),
        new_wishes=_new_wishes(run, drafted & set(now)),
        impossible=_impossible(run, groups, now),
        may_be_own=viewer is not None and takes_part(viewer, run.cohort),
        named=[participant.person for participant in (*gone, *joined)],
    )


def groups_of(run: MatchRun) -> list[Group]:
    """The people of each proposal, in the order of the draft."""
    seats: dict[int, list[int]] = defaultdict(list)
    rows = ProposalSeat.objects.filter(run=run).order_by("proposal__number", "pk")
    for number, participant in rows.values_list("proposal__number", "participant"):
        seats[number].append(participant)
    return [tuple(members) for members in seats.values()]


def _new_wishes(run: MatchRun, people: set[int]) -> int:
    rows = MatchRun.objects.filter(pk=run.pk).values_list("snapshot__nominations", flat=True).get() or []
    then: set[Wish] = {(int(row["from_id"]), int(row["to_id"]), row["rank"]) for row in rows}
    now = Nomination.objects.filter(nominator__cohort=run.cohort_id)
    different = then ^ set(now.values_list("nominator", "nominee", "rank"))
    return len({nominator for nominator, nominee, _ in different if {nominator, nominee} <= people})


def _impossible(run: MatchRun, groups: list[Group], now: dict[int, Participant]) -> int:
    """Pairings against a rule that holds always, with a past since, or that lost somebody whose data was erased."""
    whole_line = bool(run.policy.get("rules", {}).get("whole_line"))
    against = {frozenset(pair) for pair in refusals_among(now.values())}
    against |= {frozenset(pair) for pair in lines_of_management(now.values(), whole_line=whole_line)}
    against |= _parted_since(run)
    erased = run.figures.get("paired", 0) - sum(map(len, groups))
    return erased + sum(1 for group in groups if against & _pairs_in(group))


def _parted_since(run: MatchRun) -> set[frozenset[str]]:
    """Who became buddies after the draft was made, and wait again."""
    if run.snapshot_at is None or run.round == 1:
        return set()
    seats = PairingMember.objects.filter(pairing__cohort=run.cohort_id, pairing__opened_at__gt=run.snapshot_at)
    together: dict[int, list[int]] = defaultdict(list)
    for pairing, participant in seats.order_by("pk").values_list("pairing", "participant"):
        together[pairing].append(participant)
    return {pair for members in together.values() for pair in _pairs_in(tuple(members))}


def _pairs_in(group: Group) -> set[frozenset[str]]:
    return {frozenset(map(str, pair)) for pair in combinations(group, 2)}
