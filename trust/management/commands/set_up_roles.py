from typing import Any

from trust import roles
from trust.commands import OwnerCommand


class Command(OwnerCommand):
    help = "Set up the roles in PostgreSQL: who may use which table. Idempotent; migrate does it, too."

    def handle(self, *args: Any, **options: Any) -> None:
        roles.set_up()
        self.stdout.write("The roles are set up.")
