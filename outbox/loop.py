"""A command that looks again and again until it is asked to end."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from django.core.management.base import BaseCommand

NAP_SECONDS = 0.2


class LoopCommand(BaseCommand):
    stopping = False

    def look_again_and_again(self, look: Callable[[], None], every: float) -> None:
        for asked_to_end in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked_to_end, self._stop)
        while not self.stopping:
            look()
            self._rest(every)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _rest(self, seconds: float) -> None:
        # Short naps: a signal does not end a sleep, and a lock in a signal handler could block for ever.
        wake_at = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(NAP_SECONDS)
