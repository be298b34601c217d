from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from buddying.models import Person
from buddying.second_factor import forget


class Command(BaseCommand):
    help = "For somebody who has lost passkeys, app and recovery codes. Make sure that it is them who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        person = Person.objects.with_address(address).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {address}.")
        forgotten = forget(person)
        self.stdout.write(f"{person}: {forgotten} forgotten. They log in with a code and set up a second factor anew.")
