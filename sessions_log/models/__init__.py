from sessions_log.models.busy import BusyCalendar, BusyTime
from sessions_log.models.logs import AUTHOR, Commitment, PrivateNote, SessionLog, SharedNote, Turn
from sessions_log.models.meetings import Meeting, RunningTurn
from sessions_log.models.proposals import Proposal, ProposedTime
from sessions_log.models.sessions import HOW, LINK, PAIR, PLACE, WALK, CoachingSession, Seat, Series
from sessions_log.models.usefulness import Usefulness
from sessions_log.models.words import Word
from sessions_log.own_calendars import OwnCalendar

__all__ = [
    "AUTHOR",
    "HOW",
    "LINK",
    "PAIR",
    "PLACE",
    "WALK",
    "BusyCalendar",
    "BusyTime",
    "CoachingSession",
    "Commitment",
    "Meeting",
    "OwnCalendar",
    "PrivateNote",
    "Proposal",
    "ProposedTime",
    "RunningTurn",
    "Seat",
    "Series",
    "SessionLog",
    "SharedNote",
    "Turn",
    "Usefulness",
    "Word",
]
