"""Runs the outbox in a process of its own, which a test may kill."""

import os
import sys

import django
from django.core.management import call_command

from outbox import kinds, reconciling
from outbox.groups import NUDGES
from outbox.kinds import Calendar, Kind, Letter

CALENDAR = Calendar("REQUEST", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
INVITATION = Kind(
    "invitation",
    "Invitation",
    lambda message: Letter("Come", "Please come.", "<p>Please come.</p>", CALENDAR),
)
NUDGE = Kind("nudge", "Nudge", lambda message: Letter(f"About {message.key}", "Text."), group=NUDGES)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    django.setup()
    kinds._kinds.clear()  # what the higher apps say and put back is not under test here
    reconciling._reconcilers.clear()
    from outbox import digests

    kinds.register(INVITATION)
    kinds.register(NUDGE)
    digests.register_kind()
    call_command("run_outbox", *sys.argv[1:])
