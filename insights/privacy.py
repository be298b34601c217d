"""The privacy page's table, from the very rules that the queries use."""

from __future__ import annotations

from typing import NamedTuple

from buddying.models import Nomination, Participant, Refusal, WeeklyWindow
from matching.models import Pause, Waiting
from reflection.models import (
    Agreement,
    EndingWish,
    FitCheck,
    Goals,
    HelpMessage,
    OutcomeRating,
    ReflectionAnswer,
    ReflectionScale,
    SharedAnswer,
    Thanks,
)
from sessions_log.models import CoachingSession, Commitment, PrivateNote, SharedNote
from trust.models import AccessRecord


class Row(NamedTuple):
    what: str
    who: str


def table() -> list[Row]:
    return [
        Row("Your name, team, what you work on, what great support looks like", Participant.audience.words),
        Row("When you usually have time", WeeklyWindow.audience.words),
        Row("Whom you name as a wished-for buddy", Nomination.audience.words),
        Row("Whom you would rather not be paired with", Refusal.audience.words),
        Row("Your sessions: when, where, how", CoachingSession.audience.words),
        Row("Your private notes", PrivateNote.audience.words),
        Row("Your shared notes", SharedNote.audience.words),
        Row("What you say you will do", Commitment.audience.words),
        Row("Your agreement", Agreement.audience.words),
        Row("Your goals, and where you see yourself", Goals.audience.words),
        Row("How true the programme's hoped-for outcomes are for you", OutcomeRating.audience.words),
        Row("Whether you find it a good fit", FitCheck.audience.words),
        Row("Your reflection", ReflectionAnswer.audience.words),
        Row("What you choose on the scales of a reflection", ReflectionScale.audience.words),
        Row("What you choose to share of it", SharedAnswer.audience.words),
        Row("A line of thanks", Thanks.audience.words),
        Row("Whether you would like to go on", EndingWish.audience.words),
        Row("What you write to a lead in confidence, and that you wrote", HelpMessage.audience.words),
        Row("That you wait for a buddy, since when and why", Waiting.audience.words),
        Row("That you pause, and until when", Pause.audience.words),
        Row("Who looked at data about you", AccessRecord.audience.words),
    ]


LEADS_SEE = (
    "who has joined, who has named buddies and who is paired",
    "how many sessions a pair has held, how many days ago the last one was, and whether one is booked",
    "who waits for a buddy and since when, and who pauses until when; never who asked for another buddy",
    "whether the agreement is signed, and how many people have reflected",
    "nothing of a pair that goes on after the cohort, because all of it wish to",
    "how often each answer was given in the whole cohort, in steps of at least five people who do not all agree",
)
ADMINISTRATORS_SEE = ("people and their roles", "how many people, pairs and sessions each cohort has")
