"""The page of one run: its pairings, who is left over, and what a lead may know of why.

Until pairs are published a lead may read who named whom, except in the pairing they are in themself.
Afterwards there are names, counts, and what else speaks for a pairing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Participant, Person
from buddying.models.participation import ParticipantQuerySet
from buddying.words import listed
from matching import saying
from matching.changes import takes_part
from matching.figures import why, without_wishes
from matching.finding import own_proposals, proposals_with
from matching.models import TIERS, MatchRun, Proposal, ProposalSeat

A_PAGE = 40
TIERS_OF_TRIOS = {
    "mutual": _("Each named another who named them"),
    "one-way": _("Each named another or was named"),
    "also": _("At least “also happy with” for each"),
    "none": _("At least one of them has no wish that fits"),
}
TONES = {"mutual": "good", "one-way": "accent", "also": "", "none": "outline"}


@dataclass(frozen=True)
class Somebody:
    """``pk`` is that of the participant."""

    person: Person
    pk: int = 0

    @property
    def detail(self) -> str:
        """Team and level, as far as they are known."""
        level = "" if self.person.level is None else gettext("level %(level)s") % {"level": self.person.level}
        detail = " · ".join(filter(None, [self._unit, level]))
        return detail[:1].upper() + detail[1:]

    @property
    def _unit(self) -> str:
        unit = self.person.team or self.person.department
        return gettext("department %(name)s") % {"name": unit} if unit.isdigit() else unit


@dataclass(frozen=True)
class Card:
    proposal: Proposal
    members: list[Somebody]
    open_to_leads: bool

    @property
    def names(self) -> str:
        return listed(member.person.name for member in self.members)

    @property
    def pair(self) -> str:
        """The first two, for the address of the page that changes them."""
        first, second = sorted(seat.participant_id for seat in self.proposal.seats.all())[:2]
        return f"a={first}&b={second}"

    @property
    def is_trio(self) -> bool:
        return len(self.members) == 3

    @property
    def tier(self) -> str:
        """In words; nothing once pairs are published."""
        if not self.open_to_leads:
            return ""
        words = TIERS_OF_TRIOS if self.is_trio else dict(TIERS)
        return str(words[self.proposal.tier])

    @property
    def tone(self) -> str:
        return TONES[self.proposal.tier]

    @property
    def reasons(self) -> list[str]:
        reasons = self.proposal.reasons_for_lead
        return saying.to_leads(reasons) if self.open_to_leads else without_wishes(reasons)


@dataclass(frozen=True)
class LeftOver:
    member: Somebody
    why: str
    relaxation: str


@dataclass(frozen=True)
class Draft:
    cards: list[Card]
    page: Page[Proposal]
    left_over: list[LeftOver]
    own_is_hidden: bool

    def people(self) -> set[Person]:
        members = [member for card in self.cards for member in card.members]
        return {member.person for member in members + [one.member for one in self.left_over]}

    def participants(self) -> list[Participant]:
        return [seat.participant for card in self.cards for seat in card.proposal.seats.all()]

    def marked(self, changed: set[int]) -> dict[int, str]:
        """By proposal, who of it is among ``changed``."""
        seats = {card.proposal.pk: card.proposal.seats.all() for card in self.cards}
        names = {
            pk: listed(seat.participant for seat in found if seat.participant_id in changed)
            for pk, found in seats.items()
        }
        return {pk: name for pk, name in names.items() if name}


def draft_of(run: MatchRun, viewer: Any, page: str | None, find: str = "") -> Draft:
    """``find``: only pairings with somebody of this name."""
    proposals = Proposal.objects.filter(run=run)
    own = own_proposals(run, viewer) if run.published_at is None else []
    listed = proposals.exclude(pk__in=own)
    if find:
        listed = listed.filter(pk__in=proposals_with(run, find))
    shown = Paginator(_with_people(listed), A_PAGE).get_page(page)
    return Draft(
        cards=[_card(proposal, open_to_leads=run.shows_wishes) for proposal in shown],
        page=shown,
        left_over=_left_over(run, viewer),
        own_is_hidden=bool(own),
    )


def _with_people(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    seats = ProposalSeat.objects.select_related("participant__person").order_by("participant__person__name", "pk")
    return proposals.prefetch_related(Prefetch("seats", seats))


def _card(proposal: Proposal, *, open_to_leads: bool) -> Card:
    members = [Somebody(seat.participant.person, seat.participant_id) for seat in proposal.seats.all()]
    return Card(proposal, members, open_to_leads)


def _left_over(run: MatchRun, viewer: Any) -> list[LeftOver]:
    """Not why, for a lead who takes part: they know whom they refused, and so would learn who refused them."""
    rows = {row["participant"]: row for row in run.unplaced}
    found = Participant.objects.filter(pk__in=list(rows)).select_related("person")
    if takes_part(viewer, run.cohort):
        return [LeftOver(Somebody(participant.person, participant.pk), "", "") for participant in found]
    return [
        LeftOver(
            Somebody(participant.person, participant.pk),
            why(rows[participant.pk]["rules"]),
            saying.relaxation(rows[participant.pk]["relaxation"]),
        )
        for participant in found
    ]


def announcement(paired: ParticipantQuerySet, waiting: ParticipantQuerySet) -> str:
    """What publishing will do, for the lead who is about to."""
    (told, silent), (told_to_wait, silent_too) = _reachable(paired), _reachable(waiting)
    said = [_who_is_told(told)]
    if told_to_wait:
        said.append(_who_waits(told_to_wait))
    if silent := silent + silent_too:
        said.append(_who_cannot_be_told(silent))
    return " ".join([*said, gettext("This cannot be taken back.")])


def _who_is_told(count: int) -> str:
    if not count:
        return gettext("Nobody will be told by mail now who their buddy is.")
    return ngettext(
        "%(count)d person will be told by mail now who their buddy is.",
        "%(count)d people will be told by mail now who their buddy is.",
        count,
    ) % {"count": count}


def _who_waits(count: int) -> str:
    return ngettext(
        "%(count)d person will be told that a buddy is still to be found.",
        "%(count)d people will be told that a buddy is still to be found.",
        count,
    ) % {"count": count}


def _who_cannot_be_told(count: int) -> str:
    return ngettext(
        "%(count)d person has no e-mail address: tell them yourself.",
        "%(count)d people have no e-mail address: tell them yourself.",
        count,
    ) % {"count": count}


def _reachable(participants: ParticipantQuerySet) -> tuple[int, int]:
    """How many have an address, and how many have none."""
    silent = Q(person__email__isnull=True) | Q(person__email="")
    counts = participants.order_by().aggregate(everybody=Count("pk"), silent=Count("pk", filter=silent))
    return counts["everybody"] - counts["silent"], counts["silent"]
