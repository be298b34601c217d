from typing import Any

from django.core.management.commands import migrate

from trust import roles
from trust.commands import OwnerCommand


class Command(OwnerCommand, migrate.Command):
    help = f"{migrate.Command.help} As the owner of the tables; then sets up the roles that may use them."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            roles.set_up()
