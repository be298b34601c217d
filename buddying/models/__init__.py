from buddying.models.availability import DayHours, Leave, WeeklyWindow
from buddying.models.devices import BrowserSession
from buddying.models.imports import ImportDraft
from buddying.models.invitations import Invitation
from buddying.models.meetings import GroupMeeting
from buddying.models.nominations import Nomination, Refusal
from buddying.models.organisation import Organisation
from buddying.models.participation import Participant
from buddying.models.people import Person, RoleGrant
from buddying.models.programmes import Cohort, Programme, ProgrammeLead
from buddying.models.retention import ContentEnd
from buddying.models.unsent import UnsentText

__all__ = [
    "BrowserSession",
    "Cohort",
    "ContentEnd",
    "DayHours",
    "GroupMeeting",
    "ImportDraft",
    "Invitation",
    "Leave",
    "Nomination",
    "Organisation",
    "Participant",
    "Person",
    "Programme",
    "ProgrammeLead",
    "Refusal",
    "RoleGrant",
    "UnsentText",
    "WeeklyWindow",
]
