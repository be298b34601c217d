from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from trust import roles
from trust.management.commands.set_up_roles import HOW_TO


class Command(migrate.Command):
    help = f"{migrate.Command.help} As the owner of the tables; then sets up the roles that may use them."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with roles.as_owner():
                super().handle(*args, **options)
                if not (options["plan"] or options["check_unapplied"]):
                    roles.set_up()
        except roles.NoOwner as error:
            raise CommandError(str(error)) from error
        except roles.MayNotMakeRoles as error:
            raise CommandError(HOW_TO.format(error)) from error
