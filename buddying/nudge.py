"""Telling Celery that there is work, without depending on it: what is due is a row in the database."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: Task, *args: int | str) -> None:
    """Enqueue after commit. With the broker away nothing breaks: beat finds the row when it is back."""
    transaction.on_commit(lambda: _try_to_enqueue(task, args))


def _try_to_enqueue(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker is away (%s); %s waits for the next tick.", type(error).__name__, task.name)
