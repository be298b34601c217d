"""What goes with a cohort's content on this floor, and what does not: pairs that go on privately keep theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from buddying import retention
from buddying.models import Cohort, Participant
from matching import redacting
from matching.models import MatchRun, Pairing, PairingMember
from trust.erasing import destroy_keys
from trust.models import DataKey

# What higher floors keep in rows that stay: the texts in it go.
when_cleared: list[Callable[[QuerySet[Pairing], datetime], None]] = []


def register_scopes() -> None:
    retention.scopes["pairing"] = pairings_to_clear
    retention.scopes["participant"] = participants_to_clear
    retention.clearers += [forget_runs, destroy_keys_of_pairings]
    retention.later.append(clear_what_went_on_privately)


def pairings_to_clear(cohort: Cohort, at: datetime) -> QuerySet[Pairing]:
    """All but those that go on, or went on until lately."""
    since = at - timedelta(days=cohort.programme.content_days)
    private = Q(continues_at__isnull=False) & (Q(closed_at=None) | Q(closed_at__gt=since))
    return Pairing.objects.filter(cohort=cohort).exclude(private)


def participants_to_clear(cohort: Cohort, at: datetime) -> QuerySet[Participant]:
    """But for those who go on: their buddy reads their profile."""
    going_on = Pairing.objects.filter(cohort=cohort).exclude(pk__in=pairings_to_clear(cohort, at).values("pk"))
    seats = PairingMember.objects.filter(pairing__in=going_on.values("pk"))
    return Participant.objects.filter(cohort=cohort).exclude(pk__in=seats.values("participant"))


def forget_runs(cohort: Cohort, at: datetime) -> None:
    redacting.forget_everybody(list(MatchRun.objects.filter(cohort=cohort).exclude(snapshot={})), at)


def destroy_keys_of_pairings(cohort: Cohort, at: datetime) -> None:
    destroy_keys("pairing", list(pairings_to_clear(cohort, at).values_list("pk", flat=True)), at)


def clear_what_went_on_privately(at: datetime) -> None:
    """Pairs that ended after the content of their cohort was erased, as long after as their programme says."""
    keyed = DataKey.objects.filter(owner_kind="pairing", destroyed_at=None).values("owner_id")
    over = Pairing.objects.filter(continues_at__isnull=False, closed_at__isnull=False, pk__in=keyed)
    over = over.filter(cohort__content_end__erased_at__isnull=False).select_related("cohort__programme")
    for pairing in over:
        if pairing.closed_at and pairing.closed_at <= at - timedelta(days=pairing.cohort.programme.content_days):
            _clear(pairing, at)


@transaction.atomic
def _clear(pairing: Pairing, at: datetime) -> None:
    one = Pairing.objects.filter(pk=pairing.pk)
    retention.clear({"pairing": one, "participant": Participant.objects.filter(seats__pairing__in=one)})
    for more in when_cleared:
        more(one, at)
    destroy_keys("pairing", [pairing.pk], at)
