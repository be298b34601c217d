"""Closing somebody's account, and opening it again. What they wrote stays; nobody is logged in as them any more."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from buddying import devices, joining, letters, registry
from buddying.models import Participant, Person, RoleGrant
from outbox import posting

log = logging.getLogger("buddying.security")


class LastAdministrator(Exception):
    """Somebody has to be able to open it again."""


@transaction.atomic
def deactivate(person: Person, at: datetime | None = None) -> None:
    """Ends every log-in, withdraws what was to be sent, and leaves what they take part in. Idempotent.

    Raises LastAdministrator.
    """
    others = RoleGrant.objects.live().filter(role=RoleGrant.ADMINISTRATOR, person__deactivated_at=None)
    if person.is_administrator and not others.exclude(person=person).select_for_update().exists():
        raise LastAdministrator
    if Person.objects.active().filter(pk=person.pk).exists():
        _close(person, at or timezone.now())
    devices.end_all_of(person)


def _close(person: Person, at: datetime) -> None:
    joining.leave_all(person, at)
    for hook in reversed(registry.when_closed):  # the floors are set up from the top
        hook(person, at)
    posting.withdraw_from(person, person.email or "", but=letters.ERASED)
    Person.objects.filter(pk=person.pk).update(deactivated_at=at)
    person.refresh_from_db(fields=["deactivated_at"])
    log.info("closed the account of person %s", person.pk)


def reactivate(person: Person) -> None:
    """They log in anew; reminders begin with what comes next. What they left has gone on without them. Idempotent."""
    Person.objects.filter(pk=person.pk).update(deactivated_at=None)
    person.deactivated_at = None


def leave_what_goes_on(at: datetime | None = None) -> None:
    """For the reconciler: nobody whose account is closed keeps a buddy waiting, however their row came about."""
    at = at or timezone.now()
    closed = Participant.objects.listed().filter(person__deactivated_at__isnull=False)
    lately = closed.filter(cohort__ends_on__gte=at.date() - timedelta(days=1))
    for participant in lately.select_related("cohort").order_by("cohort", "pk"):
        if not participant.cohort.has_ended(at):
            joining.leave(participant, at)
