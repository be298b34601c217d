"""The privacy page's table, from the very rules that the queries use."""

from __future__ import annotations

from typing import NamedTuple

from buddying.models import Leave, Nomination, Participant, Refusal, WeeklyWindow
from matching.models import Pause, Waiting
from reflection.models import Agreement, ReflectionAnswer, SharedAnswer
from sessions_log.models import BusyCalendar, CoachingSession, Commitment, PrivateNote, Proposal, SharedNote, Word
from trust.models import AccessRecord


class Row(NamedTuple):
    what: str
    who: str


def table() -> list[Row]:
    return [
        Row("Your name, team, what you work on, what great support looks like", Participant.audience.words),
        Row("When you usually have time", WeeklyWindow.audience.words),
        Row("When you are away, and dates that differ from your week", Leave.audience.words),
        Row("Busy times from your own calendar, and its address", BusyCalendar.audience.words),
        Row("Whom you name as a wished-for buddy", Nomination.audience.words),
        Row("Whom you would rather not be paired with", Refusal.audience.words),
        Row("Your sessions: when, where, how", CoachingSession.audience.words),
        Row("Times you propose for a session", Proposal.audience.words),
        Row("A word that you leave with a booking, a change or a cancellation", Word.audience.words),
        Row("Your private notes", PrivateNote.audience.words),
        Row("Your shared notes", SharedNote.audience.words),
        Row("What you say you will do", Commitment.audience.words),
        Row("Your agreement", Agreement.audience.words),
        Row("Your reflection", ReflectionAnswer.audience.words),
        Row("What you choose to share of it", SharedAnswer.audience.words),
        Row("That you wait for a buddy, since when and why", Waiting.audience.words),
        Row("That you pause, and until when", Pause.audience.words),
        Row("Who looked at data about you", AccessRecord.audience.words),
    ]


LEADS_SEE = (
    "who has joined, who has named buddies and who is paired",
    "how many sessions a pair has held, how many days ago the last one was, and whether one is booked",
    "who waits for a buddy and since when, and who pauses until when; never who asked for another buddy",
    "whether the agreement is signed, and how many people have reflected",
)
ADMINISTRATORS_SEE = ("people and their roles", "how many people, pairs and sessions each cohort has")
