"""Higher apps register functions that post what is missing; they run every minute, whatever else is down."""

import logging
from collections.abc import Callable

from outbox.errors import place

logger = logging.getLogger(__name__)

_reconcilers: list[Callable[[], object]] = []


def register(function: Callable[[], object]) -> None:
    if function not in _reconcilers:
        _reconcilers.append(function)


def run_all() -> None:
    """One that fails does not keep the others from running."""
    for function in _reconcilers:
        try:
            function()
        except Exception as error:
            logger.error("Reconciling by %s failed: %s", function.__qualname__, place(error))
