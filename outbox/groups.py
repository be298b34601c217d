"""What a person can choose about: a few groups of kinds, in words for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox.words import Words


class Mode(TextChoices):
    AT_ONCE = "at once", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never")


class Reminders(TextChoices):
    BOTH = "both", _("A day and an hour before")
    DAY = "day", _("A day before")
    HOUR = "hour", _("An hour before")
    NONE = "none", pgettext_lazy("reminders", "None")


@dataclass(frozen=True)
class Group:
    """``because`` completes “You get this because …”; ``always``, “It cannot be switched off: …”."""

    slug: str
    label: Words
    what: Words
    because: Words
    always: Words = ""

    @property
    def is_essential(self) -> bool:
        return bool(self.always)


ACCESS, CHANGES = "access", "changes"
SESSIONS, REMINDERS, NUDGES, REFLECTION, COHORT = "sessions", "reminders", "nudges", "reflection", "cohort"
DAILY, PERSONAL = "daily", "personal"

GROUPS = {
    group.slug: group
    for group in (
        Group(
            ACCESS,
            _("Codes and invitations"),
            _("A code to log in, an invitation to a cohort."),
            _("a code or an invitation was asked for"),
            always=_("without them nobody could log in"),
        ),
        Group(
            CHANGES,
            _("A session is moved or cancelled"),
            _("When somebody changes a session that you are asked to come to."),
            _("a session of yours has changed"),
            always=_("otherwise you would stand before a closed door"),
        ),
        Group(
            PERSONAL,
            _("Somebody writes to you"),
            _("When somebody leaves a message for you alone."),
            _("somebody wrote to you here"),
            always=_("whoever wrote relies on its reaching you"),
        ),
        Group(
            SESSIONS,
            _("Sessions booked"),
            _("When a session is booked, with the invitation for your calendar."),
            _("somebody arranges a session with you"),
        ),
        Group(
            REMINDERS,
            _("Reminders before a session"),
            _("When a session comes up."),
            _("a session of yours comes up"),
        ),
        Group(
            NUDGES,
            _("Reminders of what is still open"),
            _("Buddies to name, an agreement to sign, a session to log or to book, commitments."),
            _("something in your programme waits for you"),
        ),
        Group(
            REFLECTION,
            _("Reflection and fit check"),
            _("When it is time to ask what works and what does not."),
            _("you and your buddy have met a few times"),
        ),
        Group(
            COHORT,
            _("Cohort news"),
            _("Whom you are paired with, a buddy who joins, pauses or leaves, the end of the cohort."),
            _("you take part in a cohort"),
        ),
        Group(
            DAILY,
            _("Your daily mail"),
            _("One mail with what you chose to get once a day."),
            _("you chose to get some of your mail in one a day"),
        ),
    )
}
CHOSEN_BY_MODE = (SESSIONS, NUDGES, REFLECTION, COHORT)
