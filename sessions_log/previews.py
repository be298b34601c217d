"""What this app's mails look like, with people who do not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from buddying.models import Cohort
from buddying.previews import ada, ben, nowhere, some_day
from outbox.kinds import Letter, letter
from sessions_log import nudge_letters, nudges
from sessions_log.models import CoachingSession

DAY = timedelta(days=1)


def session_booked(cohort: Cohort) -> Letter:
    return letter("session_booked", _about(cohort, _("See the session")) | {"by": ben()})


def session_proposed(cohort: Cohort) -> Letter:
    context = _about(cohort, _("Choose a time")) | {
        "by": ben(),
        "minutes": cohort.session_minutes,
        "where": _("Room 4"),
    }
    return letter("session_proposed", context | {"times": [some_day(cohort) + days * DAY for days in (0, 2, 5)]})


def session_moved(cohort: Cohort) -> Letter:
    return letter("session_moved", _about(cohort, _("See the session")) | {"by": ben()})


def session_cancelled(cohort: Cohort) -> Letter:
    return letter("session_cancelled", _about(cohort, _("Find another time")))


def session_released(cohort: Cohort) -> Letter:
    return letter("session_released", {"person": ada(), "session": _session(cohort), "zone": cohort.time_zone})


def session_reminder(cohort: Cohort) -> Letter:
    return letter("session_reminder", _about(cohort, _("See the session")))


def log_your_session(cohort: Cohort) -> Letter:
    return letter("log_your_session", _about(cohort, _("Log the session")))


def commitments_open(cohort: Cohort) -> Letter:
    context = nudge_letters.commitments_context(ada(), [ben()], _session(cohort), 2, nowhere())
    return letter(nudges.COMMITMENTS, context)


def nothing_booked(cohort: Cohort) -> Letter:
    return letter(nudges.NOTHING_BOOKED, nudge_letters.nothing_booked_context(ada(), [ben()], nowhere()))


def _about(cohort: Cohort, action: str) -> dict[str, Any]:
    return {
        "person": ada(),
        "buddies": ben().name,
        "session": _session(cohort),
        "zone": cohort.time_zone,
        "action_url": nowhere(),
        "action_label": action,
    }


def _session(cohort: Cohort) -> CoachingSession:
    starts_at, minutes = some_day(cohort), cohort.session_minutes
    return CoachingSession(
        starts_at=starts_at, minutes=minutes, ends_at=starts_at + timedelta(minutes=minutes), place=_("Room 4")
    )
