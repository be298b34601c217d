"""Pairing by hand after publishing: those who wait with each other, into a pair, or anew after a pairing.

Every verb locks the cohort first, so what it has checked still holds when it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from buddying.words import listed
from matching import ending, news, registry, waiting
from matching.fitting import NotPossible, reasons_for
from matching.models import Pairing, PairingMember
from matching.waiting import locked

__all__ = ["NotPossible", "add", "pair", "repair"]

CLOSED = _("This pairing has ended.")
FULL = _("There are three in this pairing already.")
NOT_YET = _("The pairs of this cohort are not published yet. Until then, change a draft by hand.")
TWO_OR_THREE = _("A pairing has two or three people.")


@transaction.atomic
def pair(members: Iterable[Participant], by: Any, at: datetime | None = None) -> Pairing:
    """Two or three who wait. Idempotent; raises NotPossible."""
    chosen, at = list(members), at or timezone.now()
    cohort = _cohort_of(chosen)
    return _standing(chosen) or _open(cohort, chosen, by, at)


@transaction.atomic
def add(newcomer: Participant, pairing: Pairing, by: Any, at: datetime | None = None) -> Pairing:
    """Somebody who waits joins a pair. Idempotent; raises NotPossible."""
    at = at or timezone.now()
    cohort = locked(pairing.cohort_id)
    pairing = Pairing.objects.select_for_update(no_key=True).get(pk=pairing.pk)
    sitting = _sitting(pairing)
    if newcomer in sitting:
        return pairing
    _check_room(pairing, sitting)
    _check_free(cohort, [newcomer])
    pairing.reasons = reasons_for([*sitting, newcomer], cohort, by, sitting)
    pairing.save(update_fields=["reasons"])
    _seat_newcomer(pairing, newcomer, at)
    return pairing


@transaction.atomic
def repair(
    pairing: Pairing, groups: Iterable[Sequence[Participant]], by: Any, at: datetime | None = None
) -> list[Pairing]:
    """The pairing ends and others open in one step: its people with others who wait. Raises NotPossible.

    Whoever of it is in none of the groups waits.
    """
    at, new = at or timezone.now(), [list(group) for group in groups]
    locked(pairing.cohort_id)
    pairing = Pairing.objects.select_for_update(no_key=True).get(pk=pairing.pk)
    if pairing.closed_at:
        raise NotPossible(CLOSED)
    if any(one.person_id == by.pk for one in _sitting(pairing)):
        raise NotPossible(CLOSED)
    chosen = [participant for group in new for participant in group]
    ending.end(pairing, by, at, except_for=chosen)
    return [_open(_cohort_of(group), group, by, at, instead_of=pairing) for group in new]


def _open(
    cohort: Cohort, members: list[Participant], by: Any, at: datetime, instead_of: Pairing | None = None
) -> Pairing:
    if len(set(members)) not in (2, 3):
        raise NotPossible(TWO_OR_THREE)
    _check_free(cohort, members)
    reasons = reasons_for(members, cohort, by)
    pairing = Pairing.objects.create(cohort=cohort, reasons=reasons, opened_at=at)
    PairingMember.objects.bulk_create(
        PairingMember(pairing=pairing, participant=member, joined_at=at) for member in members
    )
    waiting.end(members, at)
    for hook in registry.when_opened:
        hook([pairing], at)
    news.post_opened(pairing, instead_of)
    return pairing


def _seat_newcomer(pairing: Pairing, newcomer: Participant, at: datetime) -> None:
    seat = PairingMember.objects.create(pairing=pairing, participant=newcomer, joined_at=at)
    waiting.end([newcomer], at)
    for hook in registry.when_joined:
        hook(seat, at)
    news.post_joined(seat)


def _cohort_of(members: Sequence[Participant]) -> Cohort:
    if len({member.cohort_id for member in members}) != 1:
        raise NotPossible(TWO_OR_THREE)
    return locked(members[0].cohort_id)


def _check_free(cohort: Cohort, members: Sequence[Participant]) -> None:
    if cohort.has_ended():
        raise NotPossible(gettext("%(cohort)s has ended.") % {"cohort": cohort.name})
    if not waiting.is_published(cohort):
        raise NotPossible(NOT_YET)
    free = set(waiting.to_be_matched(cohort).filter(pk__in=[member.pk for member in members]))
    if gone := [member for member in members if member not in free]:
        words = ngettext(
            "%(names)s left, has a buddy by now, or is pausing. Nothing has changed.",
            "%(names)s left, have a buddy by now, or are pausing. Nothing has changed.",
            len(gone),
        )
        raise NotPossible(words % {"names": listed(gone)})


def _check_room(pairing: Pairing, sitting: list[Participant]) -> None:
    if pairing.closed_at:
        raise NotPossible(CLOSED)
    if len(sitting) > 2:
        raise NotPossible(FULL)


def _standing(members: list[Participant]) -> Pairing | None:
    """Where these people, and nobody else, sit together now."""
    seat = PairingMember.objects.filter(participant=members[0], left_at=None).select_related("pairing").first()
    return seat.pairing if seat and set(_sitting(seat.pairing)) == set(members) else None


def _sitting(pairing: Pairing) -> list[Participant]:
    seats = pairing.members.filter(left_at=None).select_related("participant__person")
    return [seat.participant for seat in seats]
