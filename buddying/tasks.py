"""What is swept away now and then. Idempotent; nothing rests on its being punctual."""

from celery import shared_task

from buddying.models import ImportDraft
from buddying.sessions import SessionStore
from trust.acting import Purpose, acting_as_system


@shared_task
def sweep() -> None:
    """Uploads that were never confirmed, and log-ins that have expired."""
    with acting_as_system(Purpose.SWEEPING):
        ImportDraft.objects.stale().delete()
    SessionStore.clear_expired()
