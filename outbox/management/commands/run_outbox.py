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
    help = "Send what is due, again and again. Asked to end (SIGTERM, Ctrl-C), it finishes the current message."

    stopping = False
    database_lost = False
    reconciled_at = float("-inf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks (default 2)")
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        if once:
            self._look_once()
        else:
            self._look_again_and_again(every)

    def _look_once(self) -> None:
        self._look()
        if self.database_lost:
            raise CommandError("The database cannot be reached.")

    def _look_again_and_again(self, every: float) -> None:
        for asked_to_end in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked_to_end, self._stop)
        while not self.stopping:
            self._look()
            self._rest(every)

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
        with connection.cursor():  # a lost database is met here, not in each reconciler
            pass
        if time.monotonic() - self.reconciled_at >= RECONCILE_SECONDS:
            reconciling.run_all()
            self.reconciled_at = time.monotonic()
        while delivery.drain(stopping=lambda: self.stopping):
            pass

    def _note_loss(self, error: Exception) -> None:
        if not self.database_lost:
            logger.error("The database cannot be reached (%s); trying again.", outline(error))
        self.database_lost = True

    def _note_return(self) -> None:
        if self.database_lost:
            logger.warning("The database is back.")
        self.database_lost = False

    def _rest(self, seconds: float) -> None:
        # Short naps: a signal does not end a sleep, and a lock in a signal handler could block for ever.
        wake_at = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(NAP_SECONDS)
