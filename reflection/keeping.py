"""What goes with a cohort's content besides rows: the text of agreements, and conversations in confidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from buddying import retention
from buddying.models import Cohort, Participant
from matching import keeping
from matching.models import Pairing
from reflection.models import Agreement, HelpMessage, HelpThread
from trust.erasing import destroy_keys
from trust.fields import ERASED


def register_clearing() -> None:
    retention.clearers += [erase_agreements, erase_conversations]
    keeping.when_cleared.append(erase_agreements_of)


def erase_agreements(cohort: Cohort, at: datetime) -> None:
    erase_agreements_of(keeping.pairings_to_clear(cohort, at), at)


def erase_agreements_of(pairings: QuerySet[Pairing], at: datetime) -> None:
    """That it was signed stays, as a count."""
    Agreement.objects.filter(pairing__in=pairings.values("pk")).update(text=ERASED)


def erase_conversations(cohort: Cohort, at: datetime) -> None:
    """Of those who took part and are in no other cohort of the programme that is kept; not while the two still talk."""
    days = timedelta(days=cohort.programme.content_days)
    kept = Participant.objects.filter(cohort__programme=cohort.programme_id, person=OuterRef("writer"))
    kept = kept.exclude(cohort=cohort).exclude(cohort__content_end__erased_at__isnull=False)
    lately = HelpMessage.objects.filter(thread=OuterRef("pk"), written_at__gt=at - days)
    theirs = HelpThread.objects.filter(programme=cohort.programme_id, writer__participations__cohort=cohort)
    over = list(theirs.exclude(Exists(kept)).exclude(Exists(lately)).values_list("pk", flat=True))
    HelpThread.objects.filter(pk__in=over).delete()
    destroy_keys("help-thread", over, at)
