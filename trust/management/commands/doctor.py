import sys
from typing import Any

from django.core.management.base import BaseCommand

from trust import examining, roles


class Command(BaseCommand):
    help = "Say what is unsafe about this installation. Ends with 1 if anything is."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*examining.of_the_settings(), *examining.of_the_web(), *self._of_the_keys()]
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        if found:
            sys.exit(1)
        self.stdout.write("Nothing unsafe was found.")

    def _of_the_keys(self) -> list[str]:
        try:
            with roles.as_owner():
                return list(examining.of_the_keys())
        except roles.NoOwner as error:
            return [f"Whether all keys are there could not be looked at. {error}"]
