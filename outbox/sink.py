"""A mail server that delivers to a folder: what the demo sends is read there, and goes nowhere else."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would note every address


class FolderSink:
    """Writes each mail that it takes as ``<timestamp>-<number>.eml``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._count += 1
        taken_at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        write_whole(self._folder / f"{taken_at}-{self._count}.eml", bytes(envelope.original_content or b""))
        return "250 OK"


def write_whole(path: Path, content: bytes) -> None:
    """Whoever watches the folder sees the whole file or none."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


async def serve(host: str, port: int, folder: Path, ready: Callable[[int], None]) -> None:
    """Take mail until cancelled. ``ready`` is told the port, which matters where 0 asked for any free one."""
    sink, loop = FolderSink(folder), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop), host, port)
    try:
        ready(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()
    finally:
        server.close()
