"""One row for each message that the product sends: when it is due, who is sending it, how it ended."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from outbox.audience import OnlyYou, OwnQuerySet
from outbox.lanes import Lane
from outbox.models.states import IN_LINE, UNCLAIMED, UNFINISHED, DropReason

LEASE = timedelta(seconds=90)
TRIES = 8
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]


class MessageQuerySet(OwnQuerySet["Message"]):
    def waiting(self) -> MessageQuerySet:
        return self.filter(UNFINISHED)

    def due(self, at: datetime | None = None) -> MessageQuerySet:
        """Waiting by itself (not for a daily mail), its time has come, and nobody is sending it."""
        at = at or timezone.now()
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
        return self.waiting().filter(free, digest__isnull=True, next_try_at__lte=at)

    def urgent(self) -> MessageQuerySet:
        return self.filter(lane=Lane.URGENT)

    def sent(self) -> MessageQuerySet:
        return self.filter(sent_at__isnull=False)

    def dropped(self) -> MessageQuerySet:
        return self.filter(dropped_at__isnull=False)

    def failed(self) -> MessageQuerySet:
        return self.filter(failed_at__isnull=False)

    @transaction.atomic
    def claim(self, limit: int, at: datetime | None = None) -> list[Message]:
        """Take up to ``limit`` due messages for this sender alone, until the lease ends; urgent ones first."""
        at, token = at or timezone.now(), uuid.uuid4()
        picked = self.due(at).order_by(*IN_LINE).select_for_update(skip_locked=True)
        ids = list(picked.values_list("id", flat=True)[:limit])
        self.filter(id__in=ids).update(
            claim_token=token, claimed_until=at + LEASE, dated_at=Coalesce(F("dated_at"), at)
        )
        # Recipients are fetched one by one, when each is written to: by then they may have changed.
        return [message._looked_at(at) for message in self.filter(id__in=ids).order_by(*IN_LINE)]


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="outbox_messages"
    )
    address = models.EmailField(blank=True, help_text="Only for somebody who is no person here yet.")
    about_id = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="Ids only, never content.")
    cohort_id = models.BigIntegerField(null=True, help_text="Where it belongs to a cohort: for its leads' numbers.")
    lane = models.PositiveSmallIntegerField(default=Lane.ORDINARY, choices=Lane.choices)
    digest = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="gathered", help_text="The daily mail it waits for."
    )

    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(default=timezone.now, help_text="due_at, later after a failure.")

    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    dated_at = models.DateTimeField(null=True, help_text="The mail's Date, the same on each try.")
    attempts = models.PositiveSmallIntegerField(default=0)

    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=40, blank=True, choices=DropReason.choices)
    failed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True, help_text="When a report came that it was not delivered.")
    last_error = models.CharField(max_length=100, blank=True, help_text="Class and SMTP code, no content.")

    audience = OnlyYou("recipient")
    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            # The pattern class lets the same index find the keys that begin alike.
            models.UniqueConstraint(fields=["key"], name="one_message_a_key", opclasses=["varchar_pattern_ops"]),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="") | Q(recipient__isnull=True) & ~Q(address=""),
                name="a_message_goes_to_a_person_or_an_address",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("due_at")),
                name="a_message_is_due_before_it_expires",
            ),
            models.CheckConstraint(
                condition=UNCLAIMED | Q(claimed_until__isnull=False, claim_token__isnull=False),
                name="a_claim_on_a_message_ends",
            ),
            models.CheckConstraint(
                condition=UNFINISHED | UNCLAIMED,
                name="a_finished_message_is_claimed_by_nobody",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True)
                | Q(sent_at__isnull=True, failed_at__isnull=True)
                | Q(dropped_at__isnull=True, failed_at__isnull=True),
                name="a_message_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dated_at__isnull=False),
                name="a_sent_message_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | UNCLAIMED,
                name="a_message_in_a_daily_mail_is_claimed_by_nobody",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(sent_at__isnull=False),
                name="only_what_was_sent_comes_back",
            ),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="known_lane"),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, drop_reason="")
                | Q(dropped_at__isnull=False, drop_reason__in=DropReason.values),
                name="a_dropped_message_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=IN_LINE, condition=UNFINISHED & Q(digest__isnull=True), name="waiting_messages"),
            models.Index(fields=["digest"], condition=UNFINISHED & Q(digest__isnull=False), name="gathered_messages"),
            models.Index(fields=["cohort_id", "kind"], condition=Q(cohort_id__isnull=False), name="mail_of_a_cohort"),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="sent_messages"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="failed_messages"),
            models.Index(fields=["bounced_at"], condition=Q(bounced_at__isnull=False), name="returned_messages"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    # Each verb below writes only while this sender's claim still stands, and says whether it did.

    def hold(self, at: datetime) -> bool:
        """The fence: renew the lease and lock the row until the transaction ends."""
        return self._write(claimed_until=at + LEASE)

    def mark_sent(self, at: datetime) -> bool:
        return self._finish(sent_at=at, attempts=F("attempts") + 1, last_error="")

    def drop(self, reason: DropReason, at: datetime) -> bool:
        return self._finish(dropped_at=at, drop_reason=reason)

    def fail(self, error: str, at: datetime) -> bool:
        return self._finish(failed_at=at, attempts=F("attempts") + 1, last_error=error[:100])

    def postpone(self, error: str, at: datetime) -> bool:
        """Try again later, unless this was the last try or the next would be too late."""
        if self.attempts + 1 >= TRIES or self._expired(at + BACKOFF[self.attempts]):
            return self.fail(error, at)
        again = at + BACKOFF[self.attempts]
        return self._finish(next_try_at=again, attempts=F("attempts") + 1, last_error=error[:100])

    def put_back(self, at: datetime | None = None, error: str = "") -> bool:
        """Hand the message back untried, to be taken up again at ``at``."""
        error = error[:100] or self.last_error
        return self._finish(next_try_at=at or self.next_try_at, last_error=error, dated_at=self._date_to_keep())

    def wait_for(self, digest: Message) -> bool:
        """Until that daily mail is sent, or for ever no more."""
        return self._finish(digest=digest, dated_at=self._date_to_keep())

    def unwanted(self, at: datetime) -> DropReason | None:
        """Why not even to write the message; what its kind knows is asked afterwards."""
        if self._expired(at):
            return DropReason.TOO_LATE
        if self.recipient and not self.recipient.is_active:
            return DropReason.PERSON_DEACTIVATED
        return None if self.send_to else DropReason.PERSON_WITHOUT_ADDRESS

    @property
    def send_to(self) -> str:
        """Where it goes: the person's address as it is now, else the one given at posting."""
        return (self.recipient.email or "") if self.recipient else self.address

    # Whether nobody can have sent a copy before: then its date is not frozen yet, and it may still be held back.
    is_fresh = False

    def _looked_at(self, at: datetime) -> Message:
        self.is_fresh = self.dated_at == at and self.attempts == 0
        return self

    def _date_to_keep(self) -> datetime | None:
        return None if self.is_fresh else self.dated_at

    def _expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    def _finish(self, **fields: Any) -> bool:
        return self._write(claimed_until=None, claim_token=None, **fields)

    def _write(self, **fields: Any) -> bool:
        mine = Message.objects.waiting().filter(pk=self.pk, claim_token=self.claim_token)
        return mine.update(**fields) == 1
