import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection

from outbox import delivery, reconciling
from outbox.errors import outline

logger = logging.getLogger(__name__)

RECONCILE_SECONDS = 60.0
NAP_SECONDS = 0.2


class Command(BaseCommand):
    help = "Send what is due, again and again. Ends after the current message when asked to (SIGTERM, Ctrl-C)."

    stopping = False
    database_lost = False
    reconciled_at = float("-inf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks (default 2)")
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        for asked_to_end in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked_to_end, self._stop)
        self._look()
        if once and self.database_lost:
            raise CommandError("The database cannot be reached.")
        while not (once or self.stopping):
            self._rest(every)
            self._look()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _look(self) -> None:
        try:
            close_old_connections()
            self._work()
        except Error as error:
            self._note_loss(error)
        else:
            self._note_return()

    def _work(self) -> None:
        if not self.stopping and time.monotonic() - self.reconciled_at >= RECONCILE_SECONDS:
            reconciling.run_all()
            self.reconciled_at = time.monotonic()
        delivery.drain(stopping=lambda: self.stopping)

    def _note_loss(self, error: Exception) -> None:
        if not self.database_lost:
            logger.error("The database cannot be reached (%s); trying again.", outline(error))
        self.database_lost = True
        connection.close()

    def _note_return(self) -> None:
        if self.database_lost:
            logger.warning("The database is back.")
        self.database_lost = False

    def _rest(self, seconds: float) -> None:
        # Short naps: a signal does not end a sleep, and a lock in a signal handler could block for ever.
        wake_at = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(NAP_SECONDS)
