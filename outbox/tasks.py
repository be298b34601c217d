import logging

from celery import shared_task

from outbox import delivery, mailbox, reconciling

logger = logging.getLogger(__name__)


@shared_task
def drain() -> None:
    delivery.drain()


@shared_task
def reconcile() -> None:
    reconciling.run_all()


@shared_task
def read_mailbox() -> None:
    if trouble := mailbox.look():
        logger.error("The mailbox cannot be read (%s).", trouble)
