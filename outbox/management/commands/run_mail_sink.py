import asyncio
import signal
from argparse import ArgumentParser
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outbox import sink


class Command(BaseCommand):
    help = "Take mail by SMTP and keep each as a file in a folder, for demo and tests. Nothing is sent on."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=1025, help="0 takes any free port")
        parser.add_argument("--folder", type=Path, default=settings.MAIL_FOLDER)

    def handle(self, *args: Any, host: str, port: int, folder: Path, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This keeps mail instead of sending it: set BUDDYING_SMTP_URL in production.")
        try:
            asyncio.run(self._serve(host, port, folder))
        except OSError as error:
            raise CommandError(f"Port {port} of {host} cannot be used: {error.strerror}.") from error

    async def _serve(self, host: str, port: int, folder: Path) -> None:
        say = partial(self._say, host, folder)
        serving = asyncio.ensure_future(sink.serve(host, port, folder, say))
        for asked_to_end in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(asked_to_end, serving.cancel)
        with suppress(asyncio.CancelledError):
            await serving

    def _say(self, host: str, folder: Path, port: int) -> None:
        self.stdout.write(f"Taking mail on {host}:{port}; each is a file in {folder}.")
        self.stdout.flush()
