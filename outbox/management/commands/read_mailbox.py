import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import close_old_connections

from outbox import mailbox
from outbox.loop import LoopCommand

logger = logging.getLogger(__name__)


class Command(LoopCommand):
    help = "Read the mailbox to which answers to invitations come, again and again."
    trouble = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=60.0, help="seconds between two looks (default 60)")
        parser.add_argument("--once", action="store_true", help="read what is there now, then end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        if settings.MAILBOX is None:
            raise CommandError("BUDDYING_IMAP_URL is not set: there is no mailbox to read.")
        if once:
            self._look_once()
        else:
            self.look_again_and_again(self._look, every)

    def _look_once(self) -> None:
        self._look()
        if self.trouble:
            raise CommandError(f"The mailbox could not be read ({self.trouble}).")

    def _look(self) -> None:
        close_old_connections()
        before, self.trouble = self.trouble, mailbox.look(lambda: self.stopping)
        if self.trouble and not before:
            logger.error("The mailbox cannot be read (%s); trying again.", self.trouble)
        elif before and not self.trouble:
            logger.warning("The mailbox can be read again.")
