from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trust import roles

HOW_TO = (
    "The owner of the tables may not make roles. Give it CREATEROLE, or run this as somebody who may, and then "
    "set_up_roles again:\n  {};"
)


class Command(BaseCommand):
    help = "Set up the roles in PostgreSQL: who may use which table. Idempotent; migrate does it, too."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with roles.as_owner():
                roles.set_up()
        except roles.NoOwner as error:
            raise CommandError(str(error)) from error
        except roles.MayNotMakeRoles as error:
            raise CommandError(HOW_TO.format(error)) from error
        self.stdout.write("The roles are set up.")
