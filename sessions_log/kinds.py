"""What this app tells people, as kinds of message: what brings each about, and what choosing about it means."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from outbox import kinds, reconciling
from outbox.groups import CHANGES, NUDGES, REMINDERS, SESSIONS
from outbox.kinds import Kind
from outbox.lanes import Lane
from outbox.models import Message
from sessions_log import booking, letters, notices, nudge_letters, nudges, previews, proposals
from sessions_log.models import CoachingSession

SOON = timedelta(hours=24)
SESSION = "sessions_log:session"


def register_all() -> None:
    for kind in (*_of_sessions(), *_of_changes(), *_of_nudges()):
        kinds.register(kind)
    reconciling.register(notices.put_back_what_is_missing)
    reconciling.register(proposals.put_back_what_is_missing)
    reconciling.register(booking.cancel_what_stands_in_closed_pairings)
    reconciling.register(nudges.post_what_is_due)


def is_soon(message: Message, at: datetime) -> bool:
    """It is about a session in the next 24 hours: that passes quiet hours."""
    return CoachingSession.objects.filter(pk=message.about_id, starts_at__lte=at + SOON).exists()


def is_the_hours(message: Message, at: datetime) -> bool:
    return message.params.get("reminder") == "hour"


def _of_sessions() -> list[Kind]:
    return [
        Kind(
            "session_booked",
            _("A session is booked"),
            letters.session_booked,
            group=SESSIONS,
            lane=Lane.TIMELY,
            is_urgent=is_soon,
            when=_("When a pair books a session, to both, with the invitation for their calendars."),
            page=SESSION,
            preview=previews.session_booked,
        ),
        Kind(
            "session_proposed",
            _("Times for a session are proposed"),
            letters.session_proposed,
            group=SESSIONS,
            lane=Lane.TIMELY,
            when=_("When somebody proposes several times, to their buddy, who chooses one."),
            page="sessions_log:proposal",
            preview=previews.session_proposed,
        ),
        Kind(
            "session_reminder",
            _("A session comes up"),
            letters.session_reminder,
            group=REMINDERS,
            may_digest=False,
            lane=Lane.TIMELY,
            is_urgent=is_the_hours,
            when=_("A day and an hour before a session, as each has chosen."),
            page=SESSION,
            preview=previews.session_reminder,
        ),
    ]


def _of_changes() -> list[Kind]:
    return [
        Kind(
            "session_moved",
            _("A session is moved"),
            letters.session_moved,
            group=CHANGES,
            lane=Lane.TIMELY,
            is_urgent=is_soon,
            when=_("When a pair moves a session."),
            page=SESSION,
            preview=previews.session_moved,
        ),
        Kind(
            "session_cancelled",
            _("A session is cancelled"),
            letters.session_cancelled,
            group=CHANGES,
            lane=Lane.TIMELY,
            is_urgent=is_soon,
            when=_("When a pair cancels a session, or their pairing ends."),
            page=SESSION,
            preview=previews.session_cancelled,
        ),
        Kind(
            "session_released",
            _("A session goes on without you"),
            letters.session_released,
            group=CHANGES,
            lane=Lane.TIMELY,
            is_urgent=is_soon,
            when=_("When somebody leaves a trio that has booked a session."),
            preview=previews.session_released,
        ),
    ]


def _of_nudges() -> list[Kind]:
    return [
        Kind(
            "log_your_session",
            _("A session wants to be logged"),
            letters.log_your_session,
            group=NUDGES,
            when=_("Half an hour after a session, if nobody has logged it."),
            page=SESSION,
            preview=previews.log_your_session,
        ),
        Kind(
            nudges.COMMITMENTS,
            _("Commitments before your next session"),
            nudge_letters.commitments_open,
            group=NUDGES,
            when=_("Two days before a session, to whoever has commitments open: their number, not their words."),
            page=SESSION,
            preview=previews.commitments_open,
        ),
        Kind(
            nudges.NOTHING_BOOKED,
            _("No session is booked"),
            nudge_letters.nothing_booked,
            group=NUDGES,
            when=_(
                "Three weeks after a session with none booked since, to the pair, once; not while one of them pauses."
            ),
            page="insights:pairing",
            preview=previews.nothing_booked,
        ),
    ]
