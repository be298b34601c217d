"""How far the people of cohorts have come, as numbers, in a fixed number of queries for however many cohorts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Invitation, Participant
from insights.aggregates import FEWEST, at_least_five
from matching.models import PairingMember, within_cohort
from reflection import agreeing
from reflection.models import ReflectionPrompt
from sessions_log.models import CoachingSession

LABELS = {
    "listed": _("Invited or on the list"),
    "joined": _("Joined"),
    "named": _("Named buddies"),
    "paired": _("Paired"),
    "agreed": _("Signed their agreement"),
    "met": _("Had a first session"),
    "reflected": _("Reflected"),
    "ended": _("Came to the end with a buddy"),
}


@dataclass(frozen=True)
class Progress:
    """People; ``seated``: were ever in a pairing.

    ``reflected`` is None where fewer than five were asked, ``ended`` until the cohort is over.
    """

    listed: int = 0
    joined: int = 0
    named: int = 0
    paired: int = 0
    agreed: int = 0
    met: int = 0
    reflected: int | None = None
    ended: int | None = None
    seated: int = 0

    @property
    def has_enough(self) -> bool:
        """For totals of sessions: those of fewer people would be one pair's or two pairs' own."""
        return self.seated >= FEWEST


Rows = Iterable[Any]  # of dicts with “of”, the cohort's number


def progress_of(cohorts: Iterable[Cohort], at: datetime) -> dict[int, Progress]:
    over = {cohort.pk: cohort.ends_on < at.date() for cohort in cohorts}
    ids = list(over)
    counts: dict[int, dict[str, Any]] = {pk: {"ended": 0} if over[pk] else {} for pk in ids}
    for rows in (_people(ids), _seats(ids), _signed(ids), _met(ids), _ended(ids, at), _reflected(ids)):
        for row in rows:
            counts[row.pop("of")].update(row)
    for cohort, invited in _invited(ids, at):
        counts[cohort]["listed"] = counts[cohort].get("listed", 0) + invited
    return {pk: Progress(**counts[pk]) for pk in ids}


def _people(ids: list[int]) -> Rows:
    listed = Participant.objects.listed().filter(cohort__in=ids).order_by()
    return listed.values(of=F("cohort")).annotate(
        listed=Count("pk"),
        joined=Count("pk", Q(joined_at__isnull=False)),
        named=Count("pk", Q(nominated_at__isnull=False)),
    )


def _seats_in(ids: list[int]) -> QuerySet[Any]:
    return PairingMember.objects.filter(pairing__cohort__in=ids).order_by().annotate(of=F("pairing__cohort"))


def _seats(ids: list[int]) -> Rows:
    here = Q(left_at__isnull=True, participant__left_at__isnull=True)
    return (
        _seats_in(ids)
        .values("of")
        .annotate(
            paired=Count("participant", here, distinct=True),
            seated=Count("participant", distinct=True),
        )
    )


def _signed(ids: list[int]) -> Rows:
    seats = _seats_in(ids).filter(left_at__isnull=True, participant__left_at__isnull=True)
    signed = agreeing.signed_pairings().filter(cohort__in=ids).values("pk")
    return seats.filter(pairing__in=signed).values("of").annotate(agreed=Count("participant", distinct=True))


def _met(ids: list[int]) -> Rows:
    held = CoachingSession.objects.held().filter(within_cohort("starts_at", "pairing__"), pairing=OuterRef("pairing"))
    seats = _seats_in(ids).filter(Exists(held), participant__left_at__isnull=True)
    return seats.values("of").annotate(met=Count("participant", distinct=True))


def _ended(ids: list[int], at: datetime) -> Rows:
    """Of cohorts that are over: who had a buddy until then, or still has."""
    stayed = Q(left_at__isnull=True) | Q(left_on__gt=F("pairing__cohort__ends_on"))
    over = _seats_in(ids).filter(pairing__cohort__ends_on__lt=at.date()).annotate(left_on=TruncDate("left_at"))
    return over.filter(stayed).values("of").annotate(ended=Count("participant", distinct=True))


def _reflected(ids: list[int]) -> Rows:
    asked = ReflectionPrompt.objects.filter(
        within_cohort("prompted_at", "pairing__"), pairing__cohort__in=ids
    ).order_by()
    answered = Q(within_cohort("answered_at", "pairing__"), answered_at__isnull=False)
    rows = asked.values(of=F("pairing__cohort")).annotate(
        asked=Count("person", distinct=True), reflected=Count("person", answered, distinct=True)
    )
    return [{"of": row["of"], "reflected": row["reflected"]} for row in rows if at_least_five(row["asked"])]


def _invited(ids: list[int], at: datetime) -> Iterable[tuple[int, int]]:
    """Open invitations to addresses that are not on the list yet."""
    listed = Participant.objects.listed().filter(cohort=OuterRef("cohort"), person__email=OuterRef("email"))
    waiting = Invitation.objects.open(at).filter(cohort__in=ids).exclude(Exists(listed)).order_by()
    return waiting.values_list("cohort").annotate(n=Count("pk"))
