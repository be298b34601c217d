"""The privacy page's table, from the very rules that the queries use."""

from __future__ import annotations

from typing import NamedTuple

from buddying.models import Leave, Nomination, Participant, Refusal, UnsentText, WeeklyWindow
from equipping.models import ObserverNote, PracticeGroup, PracticeNote, ReadMark
from matching.models import Pause, Waiting
from outbox.models import MailChoices, Message
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
from sessions_log.models import (
    BusyCalendar,
    CoachingSession,
    Commitment,
    Meeting,
    OwnCalendar,
    PrivateNote,
    Proposal,
    Seat,
    SharedNote,
    Usefulness,
    Word,
)
from trust.models import AccessRecord


class Row(NamedTuple):
    what: str
    who: str


def table() -> list[Row]:
    return [
        Row(
            "Your name, team, what you work on, get better at and can help with, what great support looks like",
            Participant.audience.words,
        ),
        Row("When you usually have time", WeeklyWindow.audience.words),
        Row("When you are away, and dates that differ from your week", Leave.audience.words),
        Row("Busy times from your own calendar, and its address", BusyCalendar.audience.words),
        Row("Whom you name as a wished-for buddy", Nomination.audience.words),
        Row("Whom you would rather not be paired with", Refusal.audience.words),
        Row("Which lessons you marked as read", ReadMark.audience.words),
        Row("With whom you practise, and which round you are in", PracticeGroup.audience.words),
        Row("What you write down as an observer in practice", ObserverNote.audience.words),
        Row("What you keep from practice: strengths, where to grow", PracticeNote.audience.words),
        Row("Your sessions: when, where, how", CoachingSession.audience.words),
        Row("What you answer from your calendar: accepted, tentative or declined", Seat.audience.words),
        Row("What your calendar calls a session, and the address of your feed", OwnCalendar.audience.words),
        Row("Times you propose for a session", Proposal.audience.words),
        Row("A word that you leave with a booking, a change or a cancellation", Word.audience.words),
        Row("Your private notes", PrivateNote.audience.words),
        Row("Your shared notes", SharedNote.audience.words),
        Row("Whose turn it is while you meet, and the clock", Meeting.audience.words),
        Row("What you have typed and not sent yet", UnsentText.audience.words),
        Row("How useful a session was for you", Usefulness.audience.words),
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
        Row("What you chose to be mailed, and when", MailChoices.audience.words),
        Row("What you were mailed, without its text, which is not kept", Message.audience.words),
        Row("Who looked at data about you", AccessRecord.audience.words),
    ]


LEADS_SEE = (
    "who has joined, who has named buddies and who is paired",
    "how many sessions a pair has held, how many days ago the last one was, and whether one is booked",
    "who waits for a buddy and since when, and who pauses until when; never who asked for another buddy",
    "who practises with whom, and whether a group has practised: done or not yet",
    "whether the agreement is signed, and how many people have reflected",
    "nothing of a pair that goes on after the cohort, because all of it wish to",
    "how often each answer was given in the whole cohort, in steps of at least five people who do not all agree",
    "that mail to somebody’s address comes back, and how many mails of each kind were sent to five people or more",
)
ADMINISTRATORS_SEE = (
    "people and their roles",
    "how many people, pairs and sessions each cohort has",
    "how many mails wait, were sent and failed, with the kind of error; neither for whom nor about what",
)
