from celery import shared_task

from insights import snapshots


@shared_task
def take_snapshot() -> None:
    """Beat says go each hour; the month's row says whether it is done."""
    snapshots.take_when_due()
