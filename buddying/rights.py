"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trust.holdings import Fate, Holding, leave_out, register

PERSON, PARTICIPANT = "person", "participant"
PROFILE = _(
    "Your name, team and hours a month, what you work on, look for, get better at and can help with, "
    "what great support looks like"
)
AWAY = _("When you are away, and dates that differ from your week")
NAMED, REFUSED = _("Whom you name as a wished-for buddy"), _("Whom you would rather not be paired with")
ROLES = _("Which roles you have, and which programmes you lead")


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
            _("Your address, department, level, office and manager, as your organisation gave them"),
            lambda person: Q(pk=person.pk),
            {
                _("Name"): "name",
                _("Address"): "email",
                _("Team"): "team",
                _("Department"): "department",
                _("Level"): "level",
                _("Place"): "place",
                _("Manager"): "manager__name",
                _("Time zone"): "time_zone",
                _("Language"): "language",
                _("Here since"): "created_at",
                _("Last log-in"): "last_login",
            },
            Fate.EMPTIED,
            who=_(
                "you, the leads of your cohorts, and administrators; "
                "your buddy reads what you have in common, such as the same office or level"
            ),
        ),
        Holding(
            "buddying.RoleGrant",
            ROLES,
            PERSON,
            {_("Role"): "role", _("Since"): "granted_at", _("Until"): "revoked_at"},
            Fate.NAMELESS,
            who=_("you, and administrators"),
        ),
        Holding(
            "buddying.ProgrammeLead",
            ROLES,
            PERSON,
            {_("Programme"): "programme__name", _("Since"): "added_at"},
            who=_("you, and administrators"),
        ),
        Holding(
            "buddying.Participant",
            PROFILE,
            PERSON,
            {
                _("Cohort"): "cohort__name",
                _("Joined"): "joined_at",
                _("Left"): "left_at",
                _("What I work on"): "working_on",
                _("What great support looks like for me"): "great_support",
                _("What I am looking for"): "looking_for",
                _("What I would like to get better at"): "wants",
                _("What I can help with"): "offers",
                _("Hours a month"): "hours_per_month",
                _("Id in the imported file"): "reference",
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
            _("When you usually have time"),
            PERSON,
            {_("Day"): "weekday", _("From"): "starts_at", _("Minutes"): "minutes"},
        ),
        Holding("buddying.Leave", AWAY, PERSON, {_("From"): "first_day", _("To"): "last_day"}),
        Holding(
            "buddying.DayHours",
            AWAY,
            PERSON,
            {_("Day"): "day", _("From"): "starts_at", _("Minutes"): "minutes", _("What"): "kind"},
        ),
    )


def _what_they_wish() -> None:
    register(
        Holding(
            "buddying.Nomination",
            NAMED,
            "nominator__person",
            {_("Whom"): "nominee__person__name", _("Rank"): "rank", _("When"): "named_at"},
            also=("nominee__person",),
            content_of=("participant", "nominator"),
        ),
        Holding(
            "buddying.Refusal",
            REFUSED,
            "refuser__person",
            {_("Whom"): "refused__person__name", _("When"): "refused_at"},
            also=("refused__person",),
            content_of=("participant", "refuser"),
        ),
        Holding(
            "buddying.Invitation",
            _("That you were invited, and at which address"),
            _to_their_address,
            {_("Cohort"): "cohort__name", _("Address"): "email", _("Invited"): "invited_at",
             _("Accepted"): "accepted_at"},
            who=_("you, and the cohort's leads"),
            stays=_to_their_address,
        ),
        Holding(
            "buddying.ImportDraft",
            _("Files that you upload as a lead"),
            "owner",
            {_("People"): "people_name", _("Text of it"): "people_text", _("Nominations"): "nominations_name",
             _("Their text"): "nominations_text", _("Uploaded"): "uploaded_at"},
        ),
        Holding(
            "buddying.UnsentText",
            _("What you have typed and not sent yet"),
            "author",
            {_("Form"): "form", _("Typed"): "typed", _("When"): "written_at"},
        ),
        Holding(
            "buddying.BrowserSession",
            _("How and in which browsers you log in"),
            PERSON,
            {_("Browser"): "browser", _("Since"): "began_at", _("Last seen"): "seen_at"},
        ),
    )  # fmt: skip
