"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.pairings import was_member_of
from trust.holdings import Fate, Holding, register

SESSIONS, TURNS = _("Your sessions: when, where, how"), _("Whose turn it is while you meet, and the clock")
BUSY = _("Busy times from your own calendar, and its address")
PROPOSED = _("Times you propose for a session")
WHEN = "session__starts_at"
OF_THE_PAIR = _("you and your buddy")
ONLY_YOU = _("only you; your buddy sees the times that suit you both")


# What stays theirs of a pairing that they have left.


def _met(person: Any) -> Q:
    """Sessions of their time in it, and those cancelled in it."""
    return was_member_of(person, "pairing__", of="starts_at") | was_member_of(person, "pairing__", of="cancelled_at")


def _ran(person: Any) -> Q:
    return was_member_of(person, "session__pairing__", of="session__starts_at")


def _kept_their_seat(person: Any) -> Q:
    return Q(person=person, released_at=None)


def _about_a_time_they_know(person: Any) -> Q:
    """A session that was moved after they had left is none of theirs any more, nor is when it takes place."""
    return Q(author=person) & was_member_of(person, "pairing__", of="session__arranged_at")


def register_all() -> None:
    _sessions()
    _what_they_write()
    _their_calendars()


def _sessions() -> None:
    register(
        Holding(
            "sessions_log.CoachingSession",
            SESSIONS,
            "pairing__members__participant__person",
            {_("When"): "starts_at", _("Minutes"): "minutes", _("Where"): "place", _("How"): "how",
             _("Cancelled"): "cancelled_at", _("Held"): "held_at", _("Did not take place"): "missed_at"},
            Fate.WITH_THE_OTHERS,
            stays=_met,
        ),
        Holding(
            "sessions_log.Series",
            SESSIONS,
            "booked_by",
            {_("Every so many weeks"): "weeks", _("Booked"): "booked_at"},
            Fate.WITH_THE_OTHERS,
            stays="booked_by",
        ),
        Holding(
            "sessions_log.SessionLog",
            SESSIONS,
            "person",
            {_("Session"): WHEN, _("What became of it"): "outcome", _("Said"): "logged_at"},
            Fate.WITH_THE_OTHERS,
            stays="person",
        ),
        Holding(
            "sessions_log.Seat",
            _("What you answer from your calendar: accepted, tentative or declined"),
            "person",
            {_("Session"): WHEN, _("Answer"): "answer", _("When"): "answered_at"},
            Fate.NAMELESS,
            blank={"answer": "", "answered_at": None},
            stays=_kept_their_seat,
        ),
        Holding(
            "sessions_log.Turn",
            TURNS,
            "coachee",
            {_("Session"): WHEN, _("Turn"): "number", _("Minutes"): "minutes"},
            Fate.WITH_THE_OTHERS,
            stays="coachee",
        ),
        Holding(
            "sessions_log.Meeting",
            TURNS,
            "session__pairing__members__participant__person",
            {_("Session"): WHEN, _("Ended"): "ended_at"},
            Fate.WITH_THE_OTHERS,
            stays=_ran,
        ),
        Holding(
            "sessions_log.RunningTurn",
            TURNS,
            "coachee",
            {_("Turn"): "number", _("Minutes"): "minutes", _("Began"): "started_at"},
            Fate.WITH_THE_OTHERS,
            stays="coachee",
        ),
        Holding(
            "sessions_log.Proposal",
            PROPOSED,
            "proposed_by",
            {_("Minutes"): "minutes", _("How"): "how", _("Where"): "place", _("Words"): "note",
             _("Proposed"): "proposed_at"},
            content_of=("pairing", "pairing"),
            stays="proposed_by",
        ),
        Holding(
            "sessions_log.ProposedTime",
            PROPOSED,
            "proposal__proposed_by",
            {_("When"): "starts_at"},
            content_of=("pairing", "proposal__pairing"),
            who=OF_THE_PAIR,
        ),
    )  # fmt: skip


def _what_they_write() -> None:
    register(
        Holding(
            "sessions_log.Word",
            _("A word that you leave with a booking, a change or a cancellation"),
            "author",
            {_("Session"): WHEN, _("About"): "occasion", _("Text"): "text", _("Said"): "said_at"},
            content_of=("pairing", "pairing"),
            stays=_about_a_time_they_know,
        ),
        Holding(
            "sessions_log.PrivateNote",
            _("Your private notes"),
            "author",
            {_("Session"): WHEN, _("Text"): "text", _("Written"): "written_at"},
            content_of=("pairing", "session__pairing"),
        ),
        Holding(
            "sessions_log.SharedNote",
            _("Your shared notes"),
            "author",
            {_("Session"): WHEN, _("Text"): "text", _("Written"): "written_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "sessions_log.Commitment",
            _("What you say you will do"),
            "author",
            {_("Session"): WHEN, _("Text"): "text", _("Said"): "made_at", _("Done"): "done_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "sessions_log.Usefulness",
            _("How useful a session was for you"),
            "person",
            {_("Session"): WHEN, _("From 1 to 5"): "value", _("Given"): "given_at"},
            Fate.NAMELESS,
        ),
    )


def _their_calendars() -> None:
    register(
        Holding(
            "sessions_log.OwnCalendar",
            _("What your calendar calls a session, and the address of your feed"),
            "person",
            {_("Titles"): "titles", _("Feed since"): "made_at"},
        ),
        Holding(
            "sessions_log.BusyCalendar",
            BUSY,
            "person",
            {_("Address"): "address", _("Added"): "added_at", _("Last read"): "fetched_at"},
        ),
        Holding(
            "sessions_log.BusyTime",
            BUSY,
            "calendar__person",
            {_("From and until"): "period"},
            who=ONLY_YOU,
        ),
    )
