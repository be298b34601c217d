"""Naming wished-for buddies, and refusing: the verbs, and the list that a person sees of their own wishes.

Every verb takes a lock on the one who names, so that ranks stay 1 to n without holes whatever comes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Nomination, Participant, Refusal
from buddying.models.participation import ParticipantQuerySet
from outbox.words import Words

PLACES = 3
YOUR_WISHES = (_("Your first wish"), _("Your second wish"), _("Your third wish"))
WISH, ALSO, REFUSED, NOTHING = "wish", "also", "refused", ""


class NotPossible(Exception):
    """The text says why, for the person."""


class Standing(NamedTuple):
    """How a fellow stands on somebody's list; ``place`` is 1 to 3 for a wish, otherwise 0."""

    kind: str = NOTHING
    place: int = 0

    @property
    def words(self) -> Words:
        return YOUR_WISHES[self.place - 1] if self.kind == WISH else ""


class Change(NamedTuple):
    fellow: Participant
    before: Standing
    after: Standing


@dataclass
class Choice:
    """Everything a person chose, as it counts now: whoever left the cohort is passed over."""

    wishes: list[Participant] = field(default_factory=list)
    also: list[Participant] = field(default_factory=list)
    refused: list[Participant] = field(default_factory=list)
    gone: list[Participant] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.wishes) >= PLACES

    @property
    def is_empty(self) -> bool:
        return not (self.wishes or self.also or self.refused)

    def standing_of(self, fellow: Participant) -> Standing:
        if fellow in self.wishes:
            return Standing(WISH, self.wishes.index(fellow) + 1)
        if fellow in self.also:
            return Standing(ALSO)
        return Standing(REFUSED if fellow in self.refused else NOTHING)


def choice_of(participant: Participant) -> Choice:
    choice = Choice()
    for nomination in participant.nominations.select_related("nominee__person"):
        kind = choice.also if nomination.rank is None else choice.wishes
        (choice.gone if nomination.nominee.left_at else kind).append(nomination.nominee)
    refusals = participant.refusals.select_related("refused__person").order_by("refused__person__name", "pk")
    choice.refused = [refusal.refused for refusal in refusals if not refusal.refused.left_at]
    return choice


def found(participant: Participant, words: str) -> ParticipantQuerySet:
    """Fellows whose name or team has every word."""
    fellows = participant.fellows()
    for word in words.split()[:8]:
        fellows = fellows.filter(Q(person__name__icontains=word) | Q(person__team__icontains=word))
    return fellows


def why_never(participant: Participant, fellow: Participant) -> str:
    """Why these two are never paired, if that is so; known to both of them anyway."""
    if participant.person.manager_id == fellow.person_id:
        return _("You report to %(name)s, so you are not paired.") % {"name": fellow.person}
    if fellow.person.manager_id == participant.person_id:
        return _("%(name)s reports to you, so you are not paired.") % {"name": fellow.person}
    return ""


def name(participant: Participant, fellow: Participant, place: int | None = None, at: datetime | None = None) -> Change:
    """At ``place``, those from there on move down; without a place, as the next wish. Takes a refusal back."""

    def put(choice: Choice) -> None:
        if fellow in choice.wishes:
            return
        if sentence := why_never(participant, fellow):
            raise NotPossible(sentence)
        if choice.is_full:
            raise NotPossible(
                _("You have named three people. Remove one first, or put %(name)s under “also happy with”.")
                % {"name": fellow.person}
            )
        _take_off(choice, fellow)
        choice.wishes.insert((place or PLACES) - 1, fellow)

    return _change(participant, fellow, put, at)


def also(participant: Participant, fellow: Participant, at: datetime | None = None) -> Change:
    """ "Also happy with". Takes a refusal back; a wish gives up its place."""

    def put(choice: Choice) -> None:
        if fellow in choice.also:
            return
        if sentence := why_never(participant, fellow):
            raise NotPossible(sentence)
        _take_off(choice, fellow)
        choice.also.append(fellow)

    return _change(participant, fellow, put, at)


def refuse(participant: Participant, fellow: Participant, at: datetime | None = None) -> Change:
    """ "Please not with". Takes a wish back."""

    def put(choice: Choice) -> None:
        if fellow not in choice.refused:
            _take_off(choice, fellow)
            choice.refused.append(fellow)

    return _change(participant, fellow, put, at)


def move(participant: Participant, fellow: Participant, steps: int, at: datetime | None = None) -> Change:
    """Up with -1, down with 1; at the end of the list nothing happens."""

    def put(choice: Choice) -> None:
        if fellow in choice.wishes:
            begins = choice.wishes.index(fellow)
            choice.wishes.remove(fellow)
            choice.wishes.insert(max(0, begins + steps), fellow)

    return _change(participant, fellow, put, at)


def withdraw(participant: Participant, fellow: Participant, at: datetime | None = None) -> Change:
    """Take back whatever was said of this fellow."""
    return _change(participant, fellow, lambda choice: _take_off(choice, fellow), at)


@transaction.atomic
def finish(participant: Participant, at: datetime | None = None) -> None:
    """ "I am done": also for those who leave it to the matching. Idempotent."""
    participant = _locked(participant, at)
    if participant.nominated_at is None:
        participant.nominated_at = participant.chose_at = at or timezone.now()
        participant.save(update_fields=["nominated_at", "chose_at"])


def may_choose(participant: Participant, at: datetime | None = None) -> bool:
    return participant.is_present and participant.cohort.nominating(at)


@transaction.atomic
def _change(
    participant: Participant, fellow: Participant, put: Callable[[Choice], None], at: datetime | None
) -> Change:
    participant = _locked(participant, at)
    choice = choice_of(participant)
    before = choice.standing_of(fellow)
    if before.kind == NOTHING and not participant.fellows().filter(pk=fellow.pk).exists():
        raise NotPossible(_("This person is not in your cohort any more."))
    put(choice)
    after = choice.standing_of(fellow)
    if after != before or choice.gone:
        _write(participant, choice, at or timezone.now())
    return Change(fellow, before, after)


def _locked(participant: Participant, at: datetime | None) -> Participant:
    locked = Participant.objects.select_for_update(of=("self",)).select_related("cohort", "person")
    participant = locked.get(pk=participant.pk)
    if not may_choose(participant, at):
        raise NotPossible(_("The time to name buddies is over, so nothing was changed."))
    return participant


def _take_off(choice: Choice, fellow: Participant) -> None:
    for people in (choice.wishes, choice.also, choice.refused):
        if fellow in people:
            people.remove(fellow)


def _write(participant: Participant, choice: Choice, at: datetime) -> None:
    """Rows that stay keep their date; nobody's rank is used twice in between, for the rule waits for the end."""
    wanted: dict[int, int | None] = {fellow.pk: rank for rank, fellow in enumerate(choice.wishes, 1)}
    wanted |= {fellow.pk: None for fellow in choice.also}
    mine = Nomination.objects.filter(nominator=participant)
    mine.exclude(nominee__in=wanted).delete()
    rows = {row.nominee_id: row for row in mine}
    for row in rows.values():
        row.rank = wanted[row.nominee_id]
    Nomination.objects.bulk_update(rows.values(), ["rank"])
    Nomination.objects.bulk_create(
        Nomination(nominator=participant, nominee_id=pk, rank=rank, named_at=at)
        for pk, rank in wanted.items()
        if pk not in rows
    )
    _write_refusals(participant, {fellow.pk for fellow in choice.refused}, at)
    participant.chose_at = at
    participant.save(update_fields=["chose_at"])


def _write_refusals(participant: Participant, wanted: set[int], at: datetime) -> None:
    """Refusals of people who left are kept: they may come back."""
    mine = Refusal.objects.filter(refuser=participant)
    mine.filter(refused__left_at__isnull=True).exclude(refused__in=wanted).delete()
    known = set(mine.values_list("refused", flat=True))
    Refusal.objects.bulk_create(
        Refusal(refuser=participant, refused_id=pk, refused_at=at) for pk in sorted(wanted - known)
    )
