"""Closing somebody's account, and opening it again. What they wrote stays; nobody is logged in as them any more."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from buddying import devices
from buddying.models import Person, RoleGrant
from outbox import posting

log = logging.getLogger("buddying.security")


class LastAdministrator(Exception):
    """Somebody has to be able to open it again."""


@transaction.atomic
def deactivate(person: Person, at: datetime | None = None) -> None:
    """Ends every log-in and withdraws what was to be sent. Idempotent. Raises LastAdministrator."""
    others = RoleGrant.objects.live().filter(role=RoleGrant.ADMINISTRATOR, person__deactivated_at=None)
    if person.is_administrator and not others.exclude(person=person).select_for_update().exists():
        raise LastAdministrator
    if Person.objects.active().filter(pk=person.pk).update(deactivated_at=at or timezone.now()):
        person.refresh_from_db(fields=["deactivated_at"])
        log.info("closed the account of person %s", person.pk)
    devices.end_all_of(person)
    posting.withdraw_from(person, person.email or "")


def reactivate(person: Person) -> None:
    """They log in anew; reminders begin with what comes next. Idempotent."""
    Person.objects.filter(pk=person.pk).update(deactivated_at=None)
    person.deactivated_at = None
