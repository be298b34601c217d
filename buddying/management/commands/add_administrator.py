from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from buddying.models import Person, RoleGrant
from buddying.people import ensure_address


class Command(BaseCommand):
    help = "Makes somebody an administrator; they log in with a code sent to their address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: Any, address: str, name: str, **options: Any) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"“{address}” is no e-mail address.") from None
        person = Person.objects.with_address(address).first() or Person.objects.create_user(address, name)
        if not person.is_active:
            raise CommandError(f"The account of {address} is closed. Open it again first.")
        ensure_address(person)
        RoleGrant.objects.get_or_create(person=person, role=RoleGrant.ADMINISTRATOR, revoked_at=None)
        self.stdout.write(f"{person} ({person.email}) is an administrator.")
