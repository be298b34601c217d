from celery import shared_task

from buddying.nudge import nudge
from sessions_log import busy_calendars
from sessions_log.models import BusyCalendar
from trust.acting import Purpose, acting_as_system

AT_ONCE = 500


@shared_task
def refresh_calendar(pk: str) -> None:
    busy_calendars.refresh(pk)


@shared_task
def refresh_calendars() -> None:
    """Beat only says go; which are due stands in their rows, and each is fetched by a task of its own."""
    with acting_as_system(Purpose.CALENDARS):
        due = list(BusyCalendar.objects.due().order_by("next_fetch_at").values_list("pk", flat=True)[:AT_ONCE])
    for pk in due:
        nudge(refresh_calendar, str(pk))
