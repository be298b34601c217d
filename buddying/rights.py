"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from trust.holdings import Fate, Holding, leave_out, register

PERSON, PARTICIPANT = "person", "participant"
PROFILE = "Your name, team, what you work on, get better at and can help with, what great support looks like"
AWAY = "When you are away, and dates that differ from your week"
NAMED, REFUSED = "Whom you name as a wished-for buddy", "Whom you would rather not be paired with"
ROLES = "Which roles you have, and which programmes you lead"


def _to_their_address(person: Any) -> Q:
    return Q(email__iexact=person.email) if person.email else Q(pk__in=[])


def register_all() -> None:
    _who_they_are()
    _when_they_have_time()
    _what_they_wish()
    leave_out(
        "Words of the programme, of the cohort or of the organisation, in no person's own hand.",
        "buddying.Organisation",
        "buddying.Programme",
        "buddying.Cohort",
        "buddying.GroupMeeting",
        "buddying.ContentEnd",
    )


def _who_they_are() -> None:
    register(
        Holding(
            "buddying.Person",
            "Your address, level, office and manager, as your organisation gave them",
            lambda person: Q(pk=person.pk),
            {
                "Name": "name",
                "Address": "email",
                "Team": "team",
                "Department": "department",
                "Level": "level",
                "Place": "place",
                "Manager": "manager__name",
                "Time zone": "time_zone",
                "Here since": "created_at",
                "Last log-in": "last_login",
            },
            Fate.EMPTIED,
        ),
        Holding(
            "buddying.RoleGrant",
            ROLES,
            PERSON,
            {"Role": "role", "Since": "granted_at", "Until": "revoked_at"},
            Fate.NAMELESS,
            who="you, and administrators",
        ),
        Holding(
            "buddying.ProgrammeLead",
            ROLES,
            PERSON,
            {"Programme": "programme__name", "Since": "added_at"},
            who="you, and administrators",
        ),
        Holding(
            "buddying.Participant",
            PROFILE,
            PERSON,
            {
                "Cohort": "cohort__name",
                "Joined": "joined_at",
                "Left": "left_at",
                "What I work on": "working_on",
                "What great support looks like for me": "great_support",
                "What I am looking for": "looking_for",
                "What I would like to get better at": "wants",
                "What I can help with": "offers",
                "Hours a month": "hours_per_month",
                "Id in the imported file": "reference",
            },
            Fate.EMPTIED,
            blank=EMPTY_PROFILE,
            content_of=("participant", "pk"),
            ends_blank=True,
        ),
    )


EMPTY_PROFILE: dict[str, Any] = {
    "working_on": "",
    "great_support": "",
    "looking_for": "",
    "wants": [],
    "offers": [],
    "hours_per_month": None,
    "reference": "",
}


def _when_they_have_time() -> None:
    register(
        Holding(
            "buddying.WeeklyWindow",
            "When you usually have time",
            PERSON,
            {"Day": "weekday", "From": "starts_at", "Minutes": "minutes"},
        ),
        Holding("buddying.Leave", AWAY, PERSON, {"From": "first_day", "To": "last_day"}),
        Holding(
            "buddying.DayHours",
            AWAY,
            PERSON,
            {"Day": "day", "From": "starts_at", "Minutes": "minutes", "What": "kind"},
        ),
    )


def _what_they_wish() -> None:
    register(
        Holding(
            "buddying.Nomination",
            NAMED,
            "nominator__person",
            {"Whom": "nominee__person__name", "Rank": "rank", "When": "named_at"},
            also=("nominee__person",),
            content_of=("participant", "nominator"),
        ),
        Holding(
            "buddying.Refusal",
            REFUSED,
            "refuser__person",
            {"Whom": "refused__person__name", "When": "refused_at"},
            also=("refused__person",),
            content_of=("participant", "refuser"),
        ),
        Holding(
            "buddying.Invitation",
            "That you were invited, and at which address",
            _to_their_address,
            {"Cohort": "cohort__name", "Address": "email", "Invited": "invited_at", "Accepted": "accepted_at"},
            who="you, and the cohort's leads",
            stays=_to_their_address,
        ),
        Holding(
            "buddying.ImportDraft",
            "Files that you upload as a lead",
            "owner",
            {"People": "people_name", "Text of it": "people_text", "Nominations": "nominations_name",
             "Their text": "nominations_text", "Uploaded": "uploaded_at"},
        ),
        Holding(
            "buddying.UnsentText",
            "What you have typed and not sent yet",
            "author",
            {"Form": "form", "Typed": "typed", "When": "written_at"},
        ),
        Holding(
            "buddying.BrowserSession",
            "How and in which browsers you log in",
            PERSON,
            {"Browser": "browser", "Since": "began_at", "Last seen": "seen_at"},
        ),
    )  # fmt: skip
