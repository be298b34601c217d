"""The page on which a lead changes a draft: two people side by side, and what each move would cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buddying.models import Participant, Person
from buddying.models.participation import ParticipantQuerySet
from buddying.words import listed
from matching import engine, saying
from matching.board import Figures, figures_of
from matching.distance import WORDS
from matching.drafts import Somebody
from matching.editing import Desk, Weighed, concerns
from matching.finding import Choice, company_of, found
from matching.models import DraftEdit
from matching.standing import Group, Move

IN_A_LIST = 300  # beyond so many people they are searched for
CHANGES = 20
WAITING = 80


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    more: int

    @property
    def fewer(self) -> int:
        return -self.more


@dataclass(frozen=True)
class Option:
    name: str
    label: str
    outcome: str
    figures: list[Figure]
    refused: str


@dataclass(frozen=True)
class Named:
    pk: int
    name: str
    how: str


@dataclass(frozen=True)
class Profile:
    participant: Participant
    member: Somebody
    sits_with: str
    ranked: list[Named]
    also: list[Named]


@dataclass(frozen=True)
class Change:
    words: str
    edit: DraftEdit


class EditingPage:
    """``wanted``: what the address asks for, as text: a, b, find, and which kind of move to show first."""

    def __init__(self, desk: Desk, wanted: dict[str, str]) -> None:
        self.desk, self.find, self.first = desk, wanted.get("find", "").strip(), wanted.get("first", "")
        self.movable = set(desk.people)
        self.edits = list(desk.run.edits.standing().select_related("by").order_by("-number")[:CHANGES])
        two = [_number(wanted.get(name)) for name in ("a", "b")]
        self.people = self._people(two)
        self.a, self.b = (self.people.get(pk) for pk in two)
        self.names = {pk: str(participant) for pk, participant in self.people.items()}

    def _people(self, two: list[int]) -> dict[int, Participant]:
        """Everybody; in a large cohort whoever is named on the page."""
        concerned = set(self._concerned(two)) if self.is_long else self.movable
        rows = Participant.objects.filter(pk__in=concerned & self.movable, cohort=self.desk.run.cohort_id)
        return {row.pk: row for row in rows.select_related("person").order_by("person__name", "pk")}

    def _concerned(self, two: list[int]) -> Iterator[int]:
        for pk in two:
            yield from (pk, *self.desk.standing.groups.get(pk, ()))
            yield from (int(wish.to_id) for wish in self._wishes(pk))
        for edit in self.edits:
            yield from edit.participants

    def _wishes(self, pk: int) -> list[engine.Nomination]:
        named = [wish for wish in self.desk.snapshot.nominations if wish.from_id == str(pk)]
        return sorted(named, key=lambda wish: (wish.rank is None, wish.rank or 0, wish.to_id))

    # -- choosing two ----------------------------------------------------------------------------

    @property
    def is_long(self) -> bool:
        return len(self.movable) > IN_A_LIST

    def choices(self) -> list[Choice]:
        """Everybody; in a large cohort whoever was searched for, and the two who are chosen."""
        shown = [one for one in (self.a, self.b) if one] if self.is_long else self.people.values()
        chosen = [Choice(one.pk, str(one), self._with(one.pk)) for one in shown]
        if self.is_long and self.find:
            chosen += [one for one in found(self.desk.run, self.desk.by, self.find) if one not in chosen]
        return chosen

    def without_buddy(self) -> list[tuple[int, str]]:
        return [(one.pk, str(one)) for one in self._waiting()[:WAITING]]

    def how_many_wait(self) -> int:
        return self._waiting().count()

    def _waiting(self) -> ParticipantQuerySet:
        alone = [pk for pk in self.movable if pk not in self.desk.standing.groups]
        here = Participant.objects.filter(pk__in=alone, cohort=self.desk.run.cohort_id)
        return here.select_related("person").order_by("person__name", "pk")

    def _with(self, pk: int) -> str:
        group = self.desk.standing.groups.get(pk, ())
        others = [self.names.get(member, _("somebody")) for member in group if member != pk]
        return company_of(others)

    # -- the two ---------------------------------------------------------------------------------

    def profiles(self) -> list[Profile]:
        return [self._profile(one) for one in (self.a, self.b) if one]

    def _profile(self, participant: Participant) -> Profile:
        wishes = [wish for wish in self._wishes(participant.pk) if int(wish.to_id) in self.names]
        return Profile(
            participant,
            Somebody(participant.person),
            self._with(participant.pk),
            [self._named(wish) for wish in wishes if wish.rank is not None],
            [self._named(wish) for wish in wishes if wish.rank is None],
        )

    def _named(self, wish: engine.Nomination) -> Named:
        whom = int(wish.to_id)
        return Named(whom, self.names[whom], _place(wish.rank or 0))

    def in_common(self) -> list[str]:
        """What speaks for the two, as the engine says it of a proposal, and their hours in common as a number."""
        if not (self.a and self.b) or self.a == self.b:
            return []
        pair = (min(self.a.pk, self.b.pk), max(self.a.pk, self.b.pk))
        reasons = self.desk.judge([pair]).judged[0].pairing.reasons
        said = [reason for reason in reasons if reason.code not in ("common-time", "whole-cohort")]
        return [*saying.to_leads({"code": one.code, "about": one.about} for one in said), self._hours(pair)]

    def _hours(self, pair: Group) -> str:
        people = {person.id: person for person in self.desk.snapshot.people}
        free = [people[str(pk)].free for pk in pair]
        if not all(free):
            return _("Not both have said when they are free.")
        hours = saying.decimal(len(frozenset.intersection(*free)) / 2)
        return _("Free hours a week in common: %(hours)s.") % {"hours": hours}

    def options(self) -> list[Option]:
        if not (self.a and self.b):
            return []
        now = figures_of([self.desk.run], self.desk.by)[self.desk.run.pk]
        moves = self.desk.standing.moves(self.a.pk, self.b.pk)
        return [self._option(move, now) for move in sorted(moves, key=lambda move: move.kind != self.first)]

    def _option(self, move: Move, now: Figures) -> Option:
        weighed = self.desk.weigh(move)
        figures = _figures(weighed, now) if move.changes_pairings else []
        return Option(move.name, self._label(move), self._outcome(move), figures, weighed.refused)

    def _label(self, move: Move) -> str:
        first, second = (self.names[pk] for pk in (move.people[0], move.people[-1]))
        labels = {
            "pair": _("Pair %(first)s and %(second)s"),
            "cross": _("Pair them, and the other two with each other"),
            "swap": _("Swap %(first)s and %(second)s"),
            "join": _("%(first)s joins %(second)s in a trio"),
            "leave": _("Take %(first)s out of the trio"),
            "separate": _("Separate them"),
            "keep": _("Keep them together"),
            "release": _("No longer keep them together"),
            "forbid": _("Rule this pair out"),
            "allow": _("Allow this pair again"),
        }
        return labels[move.kind] % {"first": first, "second": second}

    def _outcome(self, move: Move) -> str:
        if move.kind in ("keep", "release"):
            return _("They stay as they are. This counts when the rest is matched again.")
        if not move.changes_pairings:
            return _("Nobody moves. This counts when the rest is matched again.")
        together = "; ".join(listed(self.names[pk] for pk in group) for group in move.added)
        stay = {pk for group in move.added for pk in group}
        left = [self.names[pk] for group in move.removed for pk in group if pk not in stay]
        then = _("Then: %(pairings)s.") % {"pairings": together} if together else ""
        without = _("Without a buddy: %(names)s.") % {"names": listed(left)} if left else ""
        return " ".join(filter(None, [then, without]))

    # -- what was changed ------------------------------------------------------------------------

    def changes(self) -> list[Change]:
        return [Change(self._said(edit), edit) for edit in self.edits]

    def _said(self, edit: DraftEdit) -> str:
        if edit.kind != "empty" and concerns(edit, self.desk.own):
            return _("A change that has to do with your own pairing")
        names = listed(self.names[pk] for pk in edit.participants if pk in self.names)
        return f"{edit.get_kind_display()}: {names}" if names else str(edit.get_kind_display())

    def looked_at(self) -> set[Person]:
        """Whose profile or wishes are on the page."""
        return {one.person for one in (self.a, self.b) if one}


def _figures(weighed: Weighed, now: Figures) -> list[Figure]:
    return [
        Figure(str(label), getattr(now, key) + weighed.more[key.replace("_", "-")], weighed.more[key.replace("_", "-")])
        for key, label in WORDS.items()
    ]


def _place(rank: int) -> str:
    words = {1: _("first"), 2: _("second"), 3: _("third")}
    return words.get(rank) or _("in place %(rank)d") % {"rank": rank}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
