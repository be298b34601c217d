"""How a pairing ends, and how somebody gets out of one. Whoever stays is told kindly, and waits with priority."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Participant, Person
from buddying.words import listed
from matching import news, registry, waiting
from matching.models import Pairing, PairingMember, Pause, Waiting
from matching.waiting import locked


@transaction.atomic
def rematch(pairing: Pairing, by: Any, at: datetime | None = None) -> None:
    """The pairing ends and all of its people wait for another buddy. Idempotent.

    A member who asks is nowhere written down: the same happens to everybody, and everybody is told the same.
    """
    at = at or timezone.now()
    locked(pairing.cohort_id)
    is_member = any(person.pk == by.pk for person in pairing.people())
    end(pairing, None if is_member else by, at)
    pairing.refresh_from_db()


def end(pairing: Pairing, by: Any, at: datetime, except_for: Collection[Participant] = ()) -> None:
    """Closes it; its people wait and are told, but for those who have another buddy in the same step."""
    seats = _close(pairing, by, at)
    without = [seat for seat in seats if seat.participant not in except_for]
    waiting.begin([seat.participant for seat in without], Waiting.ENDED, at)
    news.post_ended(without)


def let_go(participant: Participant, at: datetime) -> None:
    """Called when somebody leaves the cohort, with the cohort locked."""
    waiting.end([participant], at)
    Pause.objects.filter(participant=participant, ended_at=None).update(ended_at=at)
    if seat := _seat_in_the_cohort(participant, at):
        _vacate(seat, at)
    news.post_left(participant, at)


def let_go_everywhere(person: Person, at: datetime) -> None:
    """Called when an account is erased: out of what leaving cohorts left. After a cohort's end nobody is mailed."""
    _vacate_all(PairingMember.objects.filter(participant__person=person), at)


def let_go_of_what_goes_on_privately(person: Person, at: datetime) -> None:
    """Called when an account is closed: their buddy is told, and what is over with its cohort stays as it is."""
    _vacate_all(PairingMember.objects.filter(participant__person=person, pairing__continues_at__isnull=False), at)


@transaction.atomic
def _vacate_all(seats: QuerySet[PairingMember], at: datetime) -> None:
    taken = seats.filter(left_at=None).select_related("pairing__cohort")
    for seat in taken.order_by("pairing__cohort", "pairing"):
        locked(seat.pairing.cohort_id)
        _vacate(seat, at, is_told=not seat.pairing.is_over(at))


def _seat_in_the_cohort(participant: Participant, at: datetime | None = None) -> PairingMember | None:
    """Not in a pairing that goes on privately: its people end it, and no lead learns of it by removing one of them."""
    seat = PairingMember.objects.filter(participant=participant, left_at=None).select_related("pairing").first()
    return None if seat and seat.pairing.is_private(at) else seat


def what_leaving_means(participant: Participant) -> str | None:
    seat = _seat_in_the_cohort(participant)
    if seat is None:
        return None
    others = seat.pairing.buddies_of(participant.person)
    if len(others) == 1:
        return _(
            "The pairing ends and its sessions to come are cancelled. %(name)s is told, without a reason, and waits "
            "for another buddy first."
        ) % {"name": others[0]}
    return _(
        "%(names)s are told, without a reason, and they go on as a pair. Sessions to come stand, without %(name)s."
    ) % {"names": listed(others), "name": participant}


def _vacate(seat: PairingMember, at: datetime, *, is_told: bool = True) -> None:
    pairing = Pairing.objects.select_for_update(no_key=True).get(pk=seat.pairing_id)
    staying = pairing.members.filter(left_at=None).exclude(pk=seat.pk)
    others = list(staying.select_related("participant__person", "participant__cohort"))
    if len(others) > 1:
        seat.left_at = at
        seat.save(update_fields=["left_at"])
        _tell_floors_above([seat], at)
    else:
        _close(pairing, None, at)
        waiting.begin([other.participant for other in others], Waiting.BUDDY_LEFT, at)
    if is_told:
        news.post_buddy_left(seat, others)


def _close(pairing: Pairing, by: Any, at: datetime) -> list[PairingMember]:
    """The seats that ended with it: none when it was closed before."""
    sitting = pairing.members.filter(left_at=None)
    seats = list(sitting.select_related("participant__person", "participant__cohort"))
    pairing.close(by, at)
    _tell_floors_above(seats, at)
    return seats


def _tell_floors_above(seats: list[PairingMember], at: datetime) -> None:
    for seat in seats:
        for hook in registry.when_left:
            hook(seat, at)
