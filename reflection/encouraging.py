"""A kind word from a lead to a pair that has not signed yet, or has booked nothing for three weeks.

The words are fixed and shown before they are sent. Nobody is nudged twice in a week, by whom or what ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Person
from matching.models import Pairing, PairingMember
from matching.models.pairings import PairingQuerySet
from outbox import posting
from outbox.hours import in_daytime
from outbox.models import DropReason, Message
from reflection import agreeing
from sessions_log.nudges import NOTHING_BOOKED
from sessions_log.quiet import paused_since, quiet

A_WEEK = timedelta(days=7)
SIGN, BOOK = "encourage_to_sign", "encourage_to_book"
NUDGES = (SIGN, BOOK, NOTHING_BOOKED)  # no others: that "sign, too" was sent would say that one of them has signed
WHY = {SIGN: _("The agreement is not signed yet."), BOOK: _("No session for three weeks, and none booked.")}


class TooSoon(Exception):
    """One of them was nudged in the last seven days."""


@dataclass(frozen=True)
class Need:
    """A pairing that a kind word may help. ``nudged_at``: when one of them was last nudged."""

    pairing: Pairing
    kind: str
    people: list[Person]
    nudged_at: datetime | None
    may_be_sent: bool

    @property
    def why(self) -> str:
        return str(WHY[self.kind])


def in_need(cohort: Cohort, lead: Any, at: datetime | None = None) -> PairingQuerySet:
    """Those that ``lead`` follows. A pairing that has signed is asked to book, any other to sign."""
    at = at or timezone.now()
    followed = Pairing.objects.followed_by(lead, at).live().filter(cohort=cohort)
    if cohort.has_ended(at):
        return followed.none()
    unsigned = Q(pk__in=_unsigned(cohort, at).values("pk"))
    return followed.filter(unsigned | Q(pk__in=quiet(cohort, at).values("pk"))).order_by("opened_at", "pk")


def _unsigned(cohort: Cohort, at: datetime) -> PairingQuerySet:
    """A week after they were paired, while nobody of them pauses."""
    signed = agreeing.signed_pairings().filter(cohort=cohort)
    settled = Pairing.objects.live().filter(cohort=cohort, opened_at__lte=at - A_WEEK)
    return settled.filter(~paused_since(at, at)).exclude(pk__in=signed.values("pk"))


def needs(pairings: Iterable[Pairing], at: datetime | None = None) -> list[Need]:
    """With people and when they were last nudged, in three queries for all of them."""
    at, known = at or timezone.now(), list(pairings)
    seats = PairingMember.objects.filter(pairing__in=known, left_at=None).select_related("participant__person")
    people: dict[int, list[Person]] = {pairing.pk: [] for pairing in known}
    for seat in seats:
        people[seat.pairing_id].append(seat.participant.person)
    signed = set(agreeing.signed_pairings().filter(pk__in=people).values_list("pk", flat=True))
    nudged = _last_nudged({person.pk for some in people.values() for person in some})
    return [_need(one, people[one.pk], BOOK if one.pk in signed else SIGN, nudged, at) for one in known]


def _need(pairing: Pairing, people: list[Person], kind: str, nudged: dict[int, datetime], at: datetime) -> Need:
    last = max((nudged[person.pk] for person in people if person.pk in nudged), default=None)
    return Need(pairing, kind, people, last, last is None or last <= at - A_WEEK)


def _last_nudged(people: set[int]) -> dict[int, datetime]:
    """What is kept from leaving by somebody's own choice counts as well, so that nobody sees what they chose."""
    posted = Message.objects.filter(kind__in=NUDGES, recipient__in=people).order_by()
    sent = posted.exclude(drop_reason=DropReason.WITHDRAWN)
    return dict(sent.values_list("recipient").annotate(last=Max("created_at")))


@transaction.atomic
def encourage(pairing: Pairing, by: Person, at: datetime | None = None) -> Need:
    """To all of them. Raises TooSoon, and Pairing.DoesNotExist where it is not needed any more."""
    at = at or timezone.now()
    seats = PairingMember.objects.select_for_update().filter(pairing=pairing, left_at=None).order_by("participant")
    people = [seat.participant.person_id for seat in seats.select_related("participant")]
    _hold(people)
    need = needs([in_need(pairing.cohort, by, at).get(pk=pairing.pk)], at)[0]
    if not need.may_be_sent:
        raise TooSoon
    posting.post_many(_draft(need, person, by, at) for person in need.people)
    return need


def _hold(people: list[int]) -> None:
    """Two leads, or one lead in two cohorts, write to the same person at once: one of them is later."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))


def _draft(need: Need, person: Person, by: Person, at: datetime) -> posting.Draft:
    return posting.Draft(
        need.kind,
        f"{need.kind}:{need.pairing.pk}:{at:%Y-%m-%dT%H:%M}:{person.pk}",
        to=person,
        due_at=in_daytime(person, at),
        expires_at=at + A_WEEK,
        about_id=need.pairing.pk,
        params={"lead": by.pk},
        cohort_id=need.pairing.cohort_id,
    )
