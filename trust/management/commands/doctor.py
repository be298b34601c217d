import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from trust import examining, roles


class Command(BaseCommand):
    help = "Say what is unsafe about this installation. Ends with 1 if anything is."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        looks = (examining.of_the_settings, examining.of_the_web, _of_the_keys)
        found = [sentence for look in looks for sentence in _tried(look)]
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        if found:
            sys.exit(1)
        self.stdout.write("Nothing unsafe was found.")


def _of_the_keys() -> Iterator[str]:
    try:
        with roles.as_owner():
            yield from examining.of_the_keys()
    except roles.NoOwner as error:
        yield f"Whether all keys are there could not be looked at. {error}"


def _tried(look: Callable[[], Iterable[str]]) -> Iterator[str]:
    try:
        yield from look()
    except DatabaseError as error:
        yield f"Not all could be looked at (is the database there, and migrated?): {str(error).splitlines()[0]}"
