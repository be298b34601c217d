"""A person's address is their key to the door. ``Person.email`` says which; allauth's rows follow it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from buddying.models import Invitation, Participant, Person

CORRECTABLE = ("name", "email", "team", "manager")


def who_enters_with(address: str) -> Person | None:
    """The active person with this address. One query, whoever it is: a page must not take longer for those we know."""
    return Person.objects.active().with_address(address).first()


@transaction.atomic
def ensure_address(person: Person) -> None:
    """One allauth row, for the address the person has now; it counts as verified once a code came back."""
    address = (person.email or "").lower()
    EmailAddress.objects.filter(Q(user=person) | Q(email=address)).exclude(user=person, email=address).delete()
    if address:
        EmailAddress.objects.get_or_create(user=person, email=address, defaults={"primary": True})


def with_addresses(addresses: Iterable[str]) -> list[Person]:
    """Those of them who are here, in one query."""
    wanted = {address.lower() for address in addresses if address}
    return list(Person.objects.alias(address=Lower("email")).filter(address__in=wanted)) if wanted else []


def may_correct(lead: Any, person: Person) -> bool:
    """Names and addresses on a lead's list, until the person has logged in: then they are the person's own.

    Somebody with a role, or on the list of a programme that ``lead`` does not lead, is nobody's to correct.
    """
    if person.last_login or person.role_grants.live().exists() or person.programmes_led.exists():
        return False
    elsewhere = Participant.objects.filter(person=person).exclude(cohort__programme__leads__person=lead)
    return not elsewhere.exists()


class TheirOwn(Exception):
    """The person has logged in, or got a role, since the lead opened the page."""


@transaction.atomic
def correct(person: Person, by: Any) -> None:
    """Save what was put right, and nothing else that the row held when it was read. Raises TheirOwn."""
    now = Person.objects.select_for_update().get(pk=person.pk)
    if not may_correct(by, now):
        raise TheirOwn
    person.save(update_fields=CORRECTABLE)
    _follow(person, now.email)


@transaction.atomic
def change_address(person: Person, address: str) -> None:
    """For the operator: whoever gets the mail of the new address reads what the person wrote."""
    former = Person.objects.select_for_update().get(pk=person.pk).email
    person.email = address.lower()
    person.save(update_fields=["email"])
    _follow(person, former)


def _follow(person: Person, former: str | None) -> None:
    """The address's rows are changed with it; invitations to a former address stop."""
    ensure_address(person)
    if former and former.lower() != (person.email or "").lower():
        open_ones = Invitation.objects.open().to_address(former)
        open_ones.filter(cohort__participants__person=person).update(revoked_at=timezone.now())
