from celery import shared_task

from outbox import delivery, reconciling


@shared_task
def drain() -> None:
    delivery.drain()


@shared_task
def reconcile() -> None:
    reconciling.run_all()
