"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from matching.models.pairings import was_member_of
from trust.holdings import Fate, Holding, register

SESSIONS, TURNS = "Your sessions: when, where, how", "Whose turn it is while you meet, and the clock"
BUSY = "Busy times from your own calendar, and its address"
PROPOSED = "Times you propose for a session"
WHEN = "session__starts_at"
OF_THE_PAIR = "you and your buddy"
ONLY_YOU = "only you; your buddy sees the times that suit you both"


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
            {"When": "starts_at", "Minutes": "minutes", "Where": "place", "How": "how", "Cancelled": "cancelled_at",
             "Held": "held_at", "Did not take place": "missed_at"},
            Fate.WITH_THE_OTHERS,
            stays=_met,
        ),
        Holding(
            "sessions_log.Series",
            SESSIONS,
            "booked_by",
            {"Every so many weeks": "weeks", "Booked": "booked_at"},
            Fate.WITH_THE_OTHERS,
            stays="booked_by",
        ),
        Holding(
            "sessions_log.SessionLog",
            SESSIONS,
            "person",
            {"Session": WHEN, "What became of it": "outcome", "Said": "logged_at"},
            Fate.WITH_THE_OTHERS,
            stays="person",
        ),
        Holding(
            "sessions_log.Seat",
            "What you answer from your calendar: accepted, tentative or declined",
            "person",
            {"Session": WHEN, "Answer": "answer", "When": "answered_at"},
            Fate.NAMELESS,
            blank={"answer": "", "answered_at": None},
            stays=_kept_their_seat,
        ),
        Holding(
            "sessions_log.Turn",
            TURNS,
            "coachee",
            {"Session": WHEN, "Turn": "number", "Minutes": "minutes"},
            Fate.WITH_THE_OTHERS,
            stays="coachee",
        ),
        Holding(
            "sessions_log.Meeting",
            TURNS,
            "session__pairing__members__participant__person",
            {"Session": WHEN, "Ended": "ended_at"},
            Fate.WITH_THE_OTHERS,
            stays=_ran,
        ),
        Holding(
            "sessions_log.RunningTurn",
            TURNS,
            "coachee",
            {"Turn": "number", "Minutes": "minutes", "Began": "started_at"},
            Fate.WITH_THE_OTHERS,
            stays="coachee",
        ),
        Holding(
            "sessions_log.Proposal",
            PROPOSED,
            "proposed_by",
            {"Minutes": "minutes", "How": "how", "Where": "place", "Words": "note", "Proposed": "proposed_at"},
            content_of=("pairing", "pairing"),
            stays="proposed_by",
        ),
        Holding(
            "sessions_log.ProposedTime",
            PROPOSED,
            "proposal__proposed_by",
            {"When": "starts_at"},
            content_of=("pairing", "proposal__pairing"),
            who=OF_THE_PAIR,
        ),
    )  # fmt: skip


def _what_they_write() -> None:
    register(
        Holding(
            "sessions_log.Word",
            "A word that you leave with a booking, a change or a cancellation",
            "author",
            {"Session": WHEN, "About": "occasion", "Text": "text", "Said": "said_at"},
            content_of=("pairing", "pairing"),
            stays=_about_a_time_they_know,
        ),
        Holding(
            "sessions_log.PrivateNote",
            "Your private notes",
            "author",
            {"Session": WHEN, "Text": "text", "Written": "written_at"},
            content_of=("pairing", "session__pairing"),
        ),
        Holding(
            "sessions_log.SharedNote",
            "Your shared notes",
            "author",
            {"Session": WHEN, "Text": "text", "Written": "written_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "sessions_log.Commitment",
            "What you say you will do",
            "author",
            {"Session": WHEN, "Text": "text", "Said": "made_at", "Done": "done_at"},
            content_of=("pairing", "pairing"),
            stays="author",
        ),
        Holding(
            "sessions_log.Usefulness",
            "How useful a session was for you",
            "person",
            {"Session": WHEN, "From 1 to 5": "value", "Given": "given_at"},
            Fate.NAMELESS,
        ),
    )


def _their_calendars() -> None:
    register(
        Holding(
            "sessions_log.OwnCalendar",
            "What your calendar calls a session, and the address of your feed",
            "person",
            {"Titles": "titles", "Feed since": "made_at"},
        ),
        Holding(
            "sessions_log.BusyCalendar",
            BUSY,
            "person",
            {"Address": "address", "Added": "added_at", "Last read": "fetched_at"},
        ),
        Holding(
            "sessions_log.BusyTime",
            BUSY,
            "calendar__person",
            {"From and until": "period"},
            who=ONLY_YOU,
        ),
    )
