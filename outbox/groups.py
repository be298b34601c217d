"""What a person can choose about: a few groups of kinds, in words for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Mode(TextChoices):
    AT_ONCE = "at once", "At once"
    DAILY = "daily", "Once a day"
    NEVER = "never", "Never"


class Reminders(TextChoices):
    BOTH = "both", "A day and an hour before"
    DAY = "day", "A day before"
    HOUR = "hour", "An hour before"
    NONE = "none", "None"


@dataclass(frozen=True)
class Group:
    """``because`` completes “You get this because …”; ``always``, “It cannot be switched off: …”."""

    slug: str
    label: str
    what: str
    because: str
    always: str = ""

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
            "Codes and invitations",
            "A code to log in, an invitation to a cohort.",
            "a code or an invitation was asked for",
            always="without them nobody could log in",
        ),
        Group(
            CHANGES,
            "A session is moved or cancelled",
            "When somebody changes a session that you are asked to come to.",
            "a session of yours has changed",
            always="otherwise you would stand before a closed door",
        ),
        Group(
            PERSONAL,
            "Somebody writes to you",
            "When somebody leaves a message for you alone.",
            "somebody wrote to you here",
            always="whoever wrote relies on its reaching you",
        ),
        Group(
            SESSIONS,
            "Sessions booked",
            "When a session is booked, with the invitation for your calendar.",
            "somebody arranges a session with you",
        ),
        Group(
            REMINDERS,
            "Reminders before a session",
            "When a session comes up.",
            "a session of yours comes up",
        ),
        Group(
            NUDGES,
            "Reminders of what is still open",
            "Buddies to name, an agreement to sign, a session to log or to book, commitments.",
            "something in your programme waits for you",
        ),
        Group(
            REFLECTION,
            "Reflection and fit check",
            "When it is time to ask what works and what does not.",
            "you and your buddy have met a few times",
        ),
        Group(
            COHORT,
            "Cohort news",
            "Whom you are paired with, a buddy who joins, pauses or leaves, the end of the cohort.",
            "you take part in a cohort",
        ),
        Group(
            DAILY,
            "Your daily mail",
            "One mail with what you chose to get once a day.",
            "you chose to get some of your mail in one a day",
        ),
    )
}
CHOSEN_BY_MODE = (SESSIONS, NUDGES, REFLECTION, COHORT)
