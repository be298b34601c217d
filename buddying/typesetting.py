"""From a page to a PDF file, in a process of its own that ends with its time and memory. So it knows no Django."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "static"
KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
PICTURE = "data:image/webp;base64,"
CPU_SECONDS, WALL_SECONDS, MEMORY = 40, 45, 1024 * 1024 * 1024
# The same page is the same file, whenever it is set.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
# Sheets that one web process has set at a time, how many wait, and for how many seconds: a process has few threads.
AT_ONCE, IN_LINE, PATIENCE = 1, 1, 20

_turns = threading.BoundedSemaphore(AT_ONCE)
_room = threading.BoundedSemaphore(AT_ONCE + IN_LINE)


class NotOurs(ValueError):
    """A sheet loads nothing but our own files."""


class NotSet(Exception):
    """It took too long or too much, or too many want one at the moment."""


def set_apart(source: str) -> bytes:
    """Tagged, so that screen readers can read it. Raises ``NotSet``."""
    if not _room.acquire(blocking=False):
        raise NotSet
    try:
        return _set_in_turn(source.encode())
    finally:
        _room.release()


def _set_in_turn(source: bytes) -> bytes:
    if not _turns.acquire(timeout=PATIENCE):
        raise NotSet
    try:
        return _set_in_a_process(source)
    finally:
        _turns.release()


def _set_in_a_process(source: bytes) -> bytes:
    # An empty environment: whatever a page makes of this process, it holds no secret of ours.
    command = [sys.executable, "-m", "buddying.typesetting"]
    try:
        done = subprocess.run(
            command, input=source, capture_output=True, timeout=WALL_SECONDS, cwd=ROOT, env=ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        raise NotSet from None
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def typeset(source: str) -> bytes:
    from weasyprint import HTML

    sheet = HTML(string=source, base_url=f"{FILES.as_uri()}/", url_fetcher=our_files)
    return bytes(sheet.write_pdf(pdf_variant="pdf/ua-1"))


def our_files(url: str, *args: Any, **options: Any) -> Any:
    from weasyprint.urls import URLFetcherResponse

    if url.startswith(PICTURE):
        return URLFetcherResponse(url, b64decode(url.removeprefix(PICTURE)), {"Content-Type": "image/webp"})
    asked = urlsplit(url)
    path = Path(unquote(asked.path)).resolve()
    if asked.scheme != "file" or FILES.resolve() not in path.parents:
        raise NotOurs(url)
    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
