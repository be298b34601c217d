import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import Error, close_old_connections, connection

from outbox import delivery, reconciling
from outbox.errors import outline
from outbox.loop import LoopCommand

logger = logging.getLogger(__name__)

RECONCILE_SECONDS = 60.0


class Command(LoopCommand):
    help = "Send what is due, again and again. Asked to end (SIGTERM, Ctrl-C), it finishes the current message."

    database_lost = False
    reconciled_at = float("-inf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks (default 2)")
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        if once:
            self._look_once()
        else:
            self.look_again_and_again(self._look, every)

    def _look_once(self) -> None:
        self._look()
        if self.database_lost:
            raise CommandError("The database cannot be reached.")

    def _look(self) -> None:
        try:
            close_old_connections()
            self._work()
        except Error as error:
            self._note_loss(error)
        else:
            self._note_return()

    def _work(self) -> None:
        with connection.cursor():  # a lost database is met here, not in each reconciler
            pass
        # Mail before upkeep: a sender that is started again and again still sends.
        while self._send() + self._put_back():
            pass

    def _send(self) -> int:
        return delivery.drain(stopping=lambda: self.stopping)

    def _put_back(self) -> bool:
        """Whether it was time for it and ours to do; what was missing is then sent at once."""
        if self.stopping or time.monotonic() - self.reconciled_at < RECONCILE_SECONDS:
            return False
        done = reconciling.run_all()
        self.reconciled_at = time.monotonic()
        return done

    def _note_loss(self, error: Exception) -> None:
        if not self.database_lost:
            logger.error("The database cannot be reached (%s); trying again.", outline(error))
        self.database_lost = True

    def _note_return(self) -> None:
        if self.database_lost:
            logger.warning("The database is back.")
        self.database_lost = False
