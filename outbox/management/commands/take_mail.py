import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outbox import incoming


class Command(BaseCommand):
    help = "Take one mail from standard input, such as a delivery report: for a pipe in the mail server's aliases."

    def handle(self, *args: Any, **options: Any) -> None:
        if not incoming.take(sys.stdin.buffer.read(incoming.LARGEST + 1)):
            raise CommandError("Nobody here knows what to do with this mail.", returncode=2)
