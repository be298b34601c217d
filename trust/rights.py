"""What is kept of a person on this floor and in the outbox below it (see ``trust.holdings``)."""

from __future__ import annotations

from django.db.models import Q

from trust.holdings import Fate, Holding, leave_out, register


def register_all() -> None:
    register(
        Holding(
            "outbox.MailChoices",
            "What you chose to be mailed, and when",
            "person",
            {"Sessions": "sessions", "Reminders of what is still open": "nudges",
             "Reflection": "reflection", "Cohort": "cohort",
             "Reminders": "reminders", "Daily mail at": "digest_at", "No mail from": "quiet_from",
             "Until": "quiet_until", "Paused until": "paused_until"},
        ),
        Holding(
            "outbox.Message",
            "What you were mailed, without its text, which is not kept",
            "recipient",
            {"Kind": "kind", "Due": "due_at", "Sent": "sent_at", "Not sent": "dropped_at", "Why": "drop_reason",
             "Failed": "failed_at", "Came back": "bounced_at"},
            Fate.NAMELESS,
            blank={"params": {}, "about_id": "", "last_error": ""},
        ),
        Holding(
            "outbox.AddressFailure",
            "That mail to your address comes back",
            lambda person: Q(address__iexact=person.email) if person.email else Q(pk__in=[]),
            {"Address": "address", "Since": "failed_at", "Why": "reason"},
            who="you, and the leads of your cohorts",
        ),
        Holding(
            "trust.AccessRecord",
            "Who looked at data about you",
            "subject",
            {"Who": "viewer__name", "What for": "purpose", "When": "seen_at"},
            Fate.AGES_OUT,
        ),
        Holding(
            "trust.Download",
            "A download of everything about you, for a day",
            "person",
            {"Asked": "asked_at", "Ready": "finished_at"},
        ),
    )  # fmt: skip
    leave_out("Keys, wrapped by a key that the database does not hold.", "trust.DataKey")
