"""A draft as a picture: who named whom, and who would be paired. For leads, until pairs are published.

Whoever sits with a lead who takes part is left out with them, and so is every nomination of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from buddying.models import Participant
from buddying.words import listed
from matching.models import MatchRun, ProposalSeat
from matching.network import Circle, Group, Spot, circle

DRAWN = 250  # more people cannot be told apart


@dataclass(frozen=True)
class Node:
    pk: int
    name: str
    spot: Spot
    paired: bool
    chosen: bool


@dataclass(frozen=True)
class Arrow:
    """``both``: they named each other. ``state``: on, off, or nothing where nobody is chosen."""

    path: str
    both: bool
    state: str


@dataclass(frozen=True)
class Link:
    path: str
    tier: str


@dataclass(frozen=True)
class Line:
    """A row of the table beside the picture."""

    participant: Participant
    sits_with: str
    named: str


class Picture:
    def __init__(self, run: MatchRun, viewer: Any, who: str | None) -> None:
        groups, self.tiers = _groups(run)
        rows = MatchRun.objects.filter(pk=run.pk).values_list("snapshot__people", "snapshot__nominations").get()
        seated = {member for group in groups for member in group}
        everybody = [int(row["id"]) for row in rows[0] or [] if not row.get("stand_in") or int(row["id"]) in seated]
        hidden = _own(run, viewer, groups)
        self.people = _people(pk for pk in everybody if pk not in hidden)
        self.groups = [group for group in groups if not hidden & set(group)]
        self.wishes = {
            (int(row["from_id"]), int(row["to_id"])): row["rank"]
            for row in rows[1] or []
            if {int(row["from_id"]), int(row["to_id"])} <= set(self.people)
        }
        self.who = next((pk for pk in self.people if str(pk) == who), None)
        self.own_is_hidden = bool(hidden)

    @property
    def is_drawn(self) -> bool:
        return 0 < len(self.people) <= DRAWN

    @property
    def chosen(self) -> Participant | None:
        return self.people.get(self.who or 0)

    def circle(self) -> Circle:
        together = {member: group for group in self.groups for member in group}
        alone = [(pk,) for pk in self.people if pk not in together]
        return circle([*self.groups, *alone], self.wishes)

    def drawing(self) -> dict[str, Any]:
        drawn = self.circle()
        paired = {member for group in self.groups for member in group}
        return {
            "size": drawn.size,
            "arrows": sorted(self._arrows(drawn), key=lambda arrow: arrow.state == "on"),
            "links": [Link(drawn.line(group), self.tiers[group]) for group in self.groups],
            "nodes": [
                Node(pk, str(self.people[pk]), spot, pk in paired, pk == self.who) for pk, spot in drawn.spots.items()
            ],
        }

    def _arrows(self, drawn: Circle) -> list[Arrow]:
        """Not within a pairing, whose line says it already."""
        together = {member: group for group in self.groups for member in group}
        return [
            Arrow(drawn.arrow(a, b), (b, a) in self.wishes, self._state(a, b))
            for a, b in self.wishes
            if b not in together.get(a, ()) and (a < b or (b, a) not in self.wishes)
        ]

    def _state(self, a: int, b: int) -> str:
        if self.who is None:
            return ""
        return "on" if self.who in (a, b) else "off"

    def table(self) -> list[Line]:
        together = {member: group for group in self.groups for member in group}
        named: dict[int, list[tuple[int, str]]] = {}
        for (a, b), rank in self.wishes.items():
            named.setdefault(a, []).append((rank or 99, str(self.people[b])))
        return [
            Line(
                participant,
                listed(self.people[other] for other in together.get(pk, ()) if other != pk) or "nobody",
                ", ".join(name for _, name in sorted(named.get(pk, ()))) or "nobody",
            )
            for pk, participant in self.people.items()
        ]


def _people(wanted: Any) -> dict[int, Participant]:
    found = Participant.objects.filter(pk__in=list(wanted)).select_related("person")
    return {participant.pk: participant for participant in found.order_by("person__name", "pk")}


def _groups(run: MatchRun) -> tuple[list[Group], dict[Group, str]]:
    seats: dict[int, list[int]] = {}
    tiers: dict[int, str] = {}
    rows = ProposalSeat.objects.filter(run=run).order_by("pk").values_list("proposal", "participant", "proposal__tier")
    for proposal, participant, tier in rows:
        seats.setdefault(proposal, []).append(participant)
        tiers[proposal] = tier
    groups = {proposal: tuple(sorted(members)) for proposal, members in seats.items()}
    return list(groups.values()), {group: tiers[proposal] for proposal, group in groups.items()}


def _own(run: MatchRun, viewer: Any, groups: list[Group]) -> set[int]:
    mine = set(Participant.objects.filter(cohort=run.cohort_id, person=viewer).values_list("pk", flat=True))
    return mine | {member for group in groups if mine & set(group) for member in group}
