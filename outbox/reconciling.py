"""Higher apps register functions that post what is missing; they run every minute, whatever else is down."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from outbox.errors import place

logger = logging.getLogger(__name__)

LOCK = 0x0B0C << 40  # our advisory lock; those of seats begin elsewhere

_reconcilers: list[Callable[[], object]] = []


def register(function: Callable[[], object]) -> None:
    if function not in _reconcilers:
        _reconcilers.append(function)


def run_all() -> bool:
    """One that fails does not keep the others from running. False: somebody else is at it, and nothing was done."""
    with _alone() as mine:
        for function in _reconcilers if mine else ():
            _run(function)
    return mine


def _run(function: Callable[[], object]) -> None:
    try:
        function()
    except Exception as error:
        logger.error("Reconciling by %s failed: %s", function.__qualname__, place(error))


@contextmanager
def _alone() -> Iterator[bool]:
    # The connection's lock, not a transaction's: each reconciler commits for itself. It ends with a process that dies.
    mine = _ask("pg_try_advisory_lock")
    try:
        yield mine
    finally:
        if mine:
            _ask("pg_advisory_unlock")


def _ask(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
        return cursor.fetchone()[0]
