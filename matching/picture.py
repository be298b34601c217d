"""A draft as a picture: who named whom, and who would be paired. For leads, until pairs are published.

Small cohorts are drawn whole. Of large ones the departments are drawn, or one person with whom they named, who named
them, and whoever sits with any of these. Whoever sits with a lead who takes part is left out with them, and so is every
nomination of either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from buddying.models import Participant, Person
from buddying.models.participation import ParticipantQuerySet
from buddying.words import listed
from matching.departments import Departments
from matching.finding import named, people_of
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
    """``asked``: what the address asks for, as text: who, department and find."""

    def __init__(self, run: MatchRun, viewer: Any, asked: dict[str, str]) -> None:
        self.visible = people_of(run, viewer)
        self.department_of: dict[int, str] = dict(self.visible.values_list("pk", "person__department"))
        groups, self.tiers = _groups(run)
        self.groups = [group for group in groups if self.department_of.keys() >= set(group)]
        self.together = {member: group for group in self.groups for member in group}
        self.wishes = _wishes(run, set(self.department_of))
        self.who = next((pk for pk in self.department_of if str(pk) == asked.get("who")), None)
        self.find = asked.get("find", "").strip()
        self.department = self._known_department(asked.get("department", ""))
        self.own_is_hidden = Participant.objects.filter(cohort=run.cohort_id, person=viewer).exists()

    def _known_department(self, wanted: str) -> str:
        known = self.is_large and any(one.name == wanted for one in self.departments.all)
        return wanted if known else ""

    @property
    def is_large(self) -> bool:
        return len(self.department_of) > DRAWN

    @cached_property
    def departments(self) -> Departments:
        return Departments(self.department_of, self.groups)

    @property
    def has_departments(self) -> bool:
        return len(self.departments.all) > 1

    @cached_property
    def drawn(self) -> dict[int, Participant]:
        """Who is in the picture by name; in a large cohort one person's neighbourhood, if one is chosen."""
        if not self.is_large:
            return {one.pk: one for one in self.visible}
        near = self._near(self.who) if self.who else set()
        return {one.pk: one for one in self.visible.filter(pk__in=near)}

    def _near(self, who: int) -> set[int]:
        wished = {who, *(b for a, b in self.wishes if a == who), *(a for a, b in self.wishes if b == who)}
        return {member for one in list(wished)[:DRAWN] for member in self.together.get(one, (one,))}

    @property
    def chosen(self) -> Participant | None:
        return self.drawn.get(self.who or 0)

    def circle(self) -> Circle:
        return circle([*self._groups_drawn(), *self._alone()], self._wishes_drawn())

    def _groups_drawn(self) -> list[Group]:
        return [group for group in self.groups if self.drawn.keys() >= set(group)]

    def _alone(self) -> list[Group]:
        return [(pk,) for pk in self.drawn if pk not in self.together]

    def _wishes_drawn(self) -> list[tuple[int, int]]:
        """In a neighbourhood only those from and to the chosen one."""
        here = [wish for wish in self.wishes if self.drawn.keys() >= set(wish)]
        return [wish for wish in here if self.who in wish] if self.is_large else here

    def drawing(self) -> dict[str, Any] | None:
        if not self.drawn:
            return None
        shown = self.circle()
        return {
            "size": shown.size,
            "arrows": sorted(self._arrows(shown), key=lambda arrow: arrow.state == "on"),
            "links": [Link(shown.line(group), self.tiers[group]) for group in self._groups_drawn()],
            "nodes": [
                Node(pk, str(self.drawn[pk]), spot, pk in self.together, pk == self.who)
                for pk, spot in shown.spots.items()
            ],
        }

    def _arrows(self, shown: Circle) -> list[Arrow]:
        """Not within a pairing, whose line says it already."""
        return [
            Arrow(shown.arrow(a, b), (b, a) in self.wishes, self._state(a, b))
            for a, b in self._wishes_drawn()
            if b not in self.together.get(a, ()) and (a < b or (b, a) not in self.wishes)
        ]

    def _state(self, a: int, b: int) -> str:
        if self.who is None:
            return ""
        return "on" if self.who in (a, b) else "off"

    # -- the same as a table ---------------------------------------------------------------------

    def listed(self) -> ParticipantQuerySet:
        """Whom the table is about."""
        if self.is_large and self.who:
            return self.visible.filter(pk__in=self.drawn)
        found = self.visible.filter(named(self.find)) if self.find else self.visible
        if self.department:
            return found.filter(pk__in=[pk for pk, name in self.departments.of.items() if name == self.department])
        return found

    def lines(self, participants: Iterable[Participant]) -> list[Line]:
        shown = list(participants)
        wished = {one.pk: self._named_by(one.pk) for one in shown}
        others = {pk for one in shown for pk in (*wished[one.pk], *self.together.get(one.pk, ()))}
        names = {one.pk: str(one) for one in Participant.objects.filter(pk__in=others).select_related("person")}
        return [
            Line(
                one,
                listed(names[other] for other in self.together.get(one.pk, ()) if other != one.pk) or _("nobody"),
                ", ".join(names[pk] for pk in wished[one.pk]) or _("nobody"),
            )
            for one in shown
        ]

    @cached_property
    def _named(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for (a, b), rank in self.wishes.items():
            found.setdefault(a, []).append((rank or 99, b))
        return found

    def _named_by(self, pk: int) -> list[int]:
        return [whom for _, whom in sorted(self._named.get(pk, ()))]

    def people(self, lines: Iterable[Line]) -> set[Person]:
        """Whose name or wishes are on the page."""
        return {one.person for one in self.drawn.values()} | {line.participant.person for line in lines}


def _wishes(run: MatchRun, known: set[int]) -> dict[tuple[int, int], int | None]:
    rows = MatchRun.objects.filter(pk=run.pk).values_list("snapshot__nominations", flat=True).get() or []
    pairs = (((int(row["from_id"]), int(row["to_id"])), row["rank"]) for row in rows)
    return {pair: rank for pair, rank in pairs if known >= set(pair)}


def _groups(run: MatchRun) -> tuple[list[Group], dict[Group, str]]:
    seats: dict[int, list[int]] = {}
    tiers: dict[int, str] = {}
    rows = ProposalSeat.objects.filter(run=run).order_by("pk").values_list("proposal", "participant", "proposal__tier")
    for proposal, participant, tier in rows:
        seats.setdefault(proposal, []).append(participant)
        tiers[proposal] = tier
    groups = {proposal: tuple(sorted(members)) for proposal, members in seats.items()}
    return list(groups.values()), {group: tiers[proposal] for proposal, group in groups.items()}
