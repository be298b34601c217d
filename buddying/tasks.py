"""What is swept away now and then, and what a person asked for. Idempotent; nothing rests on its being punctual."""

from celery import shared_task

from buddying import devices
from buddying.models import ImportDraft
from buddying.nudge import nudge
from buddying.sessions import SessionStore
from trust import downloads
from trust.acting import Purpose, acting_as_system
from trust.models import Download


@shared_task
def make_download(pk: str) -> None:
    downloads.make(pk)


def find_downloads() -> None:
    """For the reconciler: what a lost message or a killed worker left behind."""
    with acting_as_system(Purpose.DOWNLOADING):
        waiting = list(Download.objects.claimable().values_list("pk", flat=True))
    for pk in waiting:
        nudge(make_download, str(pk))


@shared_task
def sweep() -> None:
    """Uploads that were never confirmed, and log-ins that have expired."""
    with acting_as_system(Purpose.SWEEPING):
        ImportDraft.objects.stale().delete()
    SessionStore.clear_expired()
    devices.end_all_of_the_erased()
