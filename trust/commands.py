"""Commands that only the owner of the tables may run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trust import roles

HOW_TO = (
    "The owner of the tables may not make roles. Give it CREATEROLE, or run this as somebody who may, and then "
    "manage.py set_up_roles again:\n  {};"
)


class OwnerCommand(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            with roles.as_owner():
                return super().execute(*args, **options)
        except roles.NoOwner as error:
            raise CommandError(str(error)) from error
        except roles.MayNotMakeRoles as error:
            raise CommandError(HOW_TO.format(error)) from error
