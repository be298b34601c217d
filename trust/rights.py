"""What is kept of a person on this floor and in the outbox below it (see ``trust.holdings``)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trust.holdings import Fate, Holding, leave_out, register


def register_all() -> None:
    register(
        Holding(
            "outbox.MailChoices",
            _("What you chose to be mailed, and when"),
            "person",
            {_("Sessions"): "sessions", _("Reminders of what is still open"): "nudges",
             _("Reflection"): "reflection", _("Cohort"): "cohort",
             _("Reminders"): "reminders", _("Daily mail at"): "digest_at", _("No mail from"): "quiet_from",
             _("Until"): "quiet_until", _("Paused until"): "paused_until"},
        ),
        Holding(
            "outbox.Message",
            _("What you were mailed, without its text, which is not kept"),
            "recipient",
            {_("Kind"): "kind", _("Due"): "due_at", _("Sent"): "sent_at", _("Not sent"): "dropped_at",
             _("Why"): "drop_reason", _("Failed"): "failed_at", _("Came back"): "bounced_at"},
            Fate.NAMELESS,
            blank={"params": {}, "about_id": "", "last_error": ""},
        ),
        Holding(
            "outbox.AddressFailure",
            _("That mail to your address comes back"),
            lambda person: Q(address__iexact=person.email) if person.email else Q(pk__in=[]),
            {_("Address"): "address", _("Since"): "failed_at", _("Why"): "reason"},
            who=_("you, and the leads of your cohorts"),
        ),
        Holding(
            "trust.AccessRecord",
            _("Who looked at data about you"),
            "subject",
            {_("Who"): "viewer__name", _("What for"): "purpose", _("When"): "seen_at"},
            Fate.AGES_OUT,
        ),
        Holding(
            "trust.Download",
            _("A download of everything about you, for a day"),
            "person",
            {_("Asked"): "asked_at", _("Ready"): "finished_at"},
        ),
    )  # fmt: skip
    leave_out("Keys, wrapped by a key that the database does not hold.", "trust.DataKey")
