"""What this app's mails look like, with people who do not exist."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from buddying.models import Cohort, Person
from buddying.previews import ada, ben, nowhere, some_day
from matching import letters, news
from matching.models import Pairing
from matching.saying import to_members
from outbox.kinds import Letter, letter

REASONS: list[dict[str, Any]] = [
    {"code": "different-departments", "about": {}},
    {"code": "common-time", "about": {"halves": 8}},
]


def cleo() -> Person:
    return Person(name="Cleo Example", team="Care", email="cleo@example.org")


def nomination_reminder(cohort: Cohort) -> Letter:
    return letter(letters.REMINDER, letters.reminder_context(ada(), cohort) | {"action_url": nowhere()})


def pairing_published(cohort: Cohort) -> Letter:
    pairing = Pairing(cohort=cohort, reasons=REASONS)
    return letter(letters.PUBLISHED, letters.published_context(ada(), [ben()], pairing, nowhere()))


def waiting_for_buddy(cohort: Cohort) -> Letter:
    return letter(letters.WAITING, _about(cohort, leads="Dora Example"))


def pairing_ended(cohort: Cohort) -> Letter:
    return letter(news.ENDED, _about(cohort, names=ben().name))


def new_buddy(cohort: Cohort) -> Letter:
    return letter(news.NEW_BUDDY, _about(cohort, names=cleo().name, former=ben().name, reasons=to_members(REASONS[1:])))


def buddy_joined(cohort: Cohort) -> Letter:
    return letter(news.JOINED, _about(cohort, newcomer=cleo(), names=ben().name))


def buddy_left(cohort: Cohort) -> Letter:
    return letter(news.BUDDY_LEFT, _about(cohort, leaver=ben(), goes_on=False))


def cohort_left(cohort: Cohort) -> Letter:
    return letter(news.LEFT, {"person": ada(), "cohort": cohort, "leads": "Dora Example"})


def buddy_pauses(cohort: Cohort) -> Letter:
    return letter(news.PAUSES, _about(cohort, buddy=ben(), day=some_day(cohort).date()))


def _about(cohort: Cohort, **more: Any) -> dict[str, Any]:
    return {"person": ada(), "cohort": cohort, "is_over": False} | _home() | more


def _home() -> dict[str, str]:
    return {"action_url": nowhere(), "action_label": _("Open your page")}
