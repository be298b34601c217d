"""The first way in: everybody else is invited by somebody who is in already."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from buddying.models import Person, RoleGrant
from buddying.people import ensure_address


class Command(BaseCommand):
    help = "Make somebody an administrator by their address; they log in with a code that is mailed to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--name", default="", help="Needed for somebody who is not known yet.")

    def handle(self, *args: Any, address: str, name: str, **options: Any) -> None:
        person = add_administrator(address.strip().lower(), name.strip())
        self.stdout.write(f"{person} ({person.email}) is an administrator.")


@transaction.atomic
def add_administrator(address: str, name: str) -> Person:
    person = Person.objects.with_address(address).first() or _new(address, name)
    if not person.is_active:
        raise CommandError(f"The account of {address} is closed.")
    ensure_address(person)
    RoleGrant.objects.get_or_create(person=person, role=RoleGrant.ADMINISTRATOR, revoked_at=None)
    return person


def _new(address: str, name: str) -> Person:
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"“{address}” is no e-mail address.") from None
    if not name:
        raise CommandError("Nobody is known under this address. Give their name too: --name “Ada Okafor”.")
    return Person.objects.create_user(email=address, name=name)
