"""A person's address is their key to the door. ``Person.email`` says which; allauth's rows follow it."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from buddying.models import Invitation, Participant, Person


def who_enters_with(address: str) -> Person | None:
    """The active person with this address, ready to be sent a code, however the row came to be."""
    person = Person.objects.active().with_address(address).first()
    if person:
        ensure_address(person)
    return person


@transaction.atomic
def ensure_address(person: Person) -> None:
    """One allauth row, for the address the person has now; it counts as verified once a code came back."""
    address = (person.email or "").lower()
    EmailAddress.objects.filter(Q(user=person) | Q(email=address)).exclude(user=person, email=address).delete()
    if address:
        EmailAddress.objects.get_or_create(user=person, email=address, defaults={"primary": True})


def may_correct(lead: Any, person: Person) -> bool:
    """Names and addresses on a lead's list, until the person has logged in: then they are the person's own.

    Somebody with a role, or on the list of a programme that ``lead`` does not lead, is nobody's to correct.
    """
    if person.last_login or person.role_grants.live().exists() or person.programmes_led.exists():
        return False
    elsewhere = Participant.objects.filter(person=person).exclude(cohort__programme__leads__person=lead)
    return not elsewhere.exists()


@transaction.atomic
def correct(person: Person) -> None:
    """Save what was put right, the address together with its rows; invitations to a former address stop."""
    before = Person.objects.select_for_update().get(pk=person.pk).email
    person.save()
    ensure_address(person)
    if before and before.lower() != (person.email or "").lower():
        open_ones = Invitation.objects.open().filter(email__iexact=before)
        open_ones.filter(cohort__participants__person=person).update(revoked_at=timezone.now())
