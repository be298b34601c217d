"""What this app's mails look like, with people who do not exist: nothing here is read from anybody's rows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from buddying.models import Cohort, Invitation, Organisation, Person
from buddying.retention import letter_context
from outbox.kinds import Letter, letter


def ada() -> Person:
    return Person(name="Ada Example", team="Engines", email="ada@example.org")


def ben() -> Person:
    return Person(name="Ben Example", team="Sales", email="ben@example.org")


def nowhere() -> str:
    """Where links of a preview lead: to the front page, for there is no such row."""
    return f"{settings.BASE_URL}/"


def some_day(cohort: Cohort) -> datetime:
    """Ten in the morning, two weeks after the start."""
    return datetime.combine(cohort.starts_on + timedelta(days=14), time(10), tzinfo=cohort.zone).astimezone(UTC)


def account(cohort: Cohort) -> Letter:
    return letter("account/login_code", {"code": "RTX4-PQW7", "organisation": Organisation.current()})


def log_in_changed(cohort: Cohort) -> Letter:
    context = {
        "change": _("A passkey was added."),
        "at": some_day(cohort).astimezone(cohort.zone),
        "organisation": Organisation.current(),
        "action_url": nowhere(),
        "action_label": _("See how you log in"),
    }
    return letter("log_in_changed", context)


def invitation(cohort: Cohort) -> Letter:
    made_up = Invitation(cohort=cohort, email="ada@example.org", expires_at=some_day(cohort))
    context = {
        "invitation": made_up,
        "cohort": cohort,
        "programme": cohort.programme,
        "organisation": Organisation.current(),
        "until": some_day(cohort).astimezone(cohort.zone),
        "action_url": nowhere(),
        "action_label": _("See the invitation"),
    }
    return letter("invitation", context)


def content_ends(cohort: Cohort) -> Letter:
    ends_on = cohort.ends_on + timedelta(days=cohort.programme.content_days)
    return letter("content_ends", letter_context(ada(), cohort, ends_on, "/"))


def account_erased(cohort: Cohort) -> Letter:
    return letter("account_erased", {"person": ada(), "organisation": Organisation.current()})
