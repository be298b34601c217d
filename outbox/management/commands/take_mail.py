import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outbox import incoming

LARGEST = 5 * 1024 * 1024  # bytes; nothing that we answer to is near it


class Command(BaseCommand):
    help = "Take one mail from standard input, such as a delivery report: for a pipe in the mail server's aliases."

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) > LARGEST or not incoming.take(raw):
            raise CommandError("Nobody here knows what to do with this mail.", returncode=2)
