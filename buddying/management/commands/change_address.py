from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from buddying.models import Person
from buddying.people import change_address


class Command(BaseCommand):
    help = "Changes the address of somebody who has logged in before. Whoever gets its mail can read what they wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("former")
        parser.add_argument("new")

    def handle(self, *args: Any, former: str, new: str, **options: Any) -> None:
        try:
            validate_email(new)
        except ValidationError:
            raise CommandError(f"“{new}” is no e-mail address.") from None
        person = Person.objects.with_address(former).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {former}.")
        if Person.objects.with_address(new).exclude(pk=person.pk).exists():
            raise CommandError(f"Somebody else has the address {new}.")
        change_address(person, new)
        self.stdout.write(f"{person} now logs in with {person.email}.")
