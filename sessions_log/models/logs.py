"""What members write about a session: turns, logs, notes, commitments.

What only its author may read and what the pair shares are separate models: each has one audience.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from sessions_log.models.sessions import PAIR, CoachingSession
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

AUTHOR = _("only you")


class Turn(models.Model):
    """The part of a session in which one member is coached and another coaches."""

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    coachee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "session__pairing__", of="session__starts_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="turns_are_numbered"),
            models.UniqueConstraint(fields=["session", "coachee"], name="everybody_is_coached_once"),
            models.CheckConstraint(condition=~Q(coachee=F("coach")), name="nobody_coaches_themself"),
        ]

    def __str__(self) -> str:
        return f"turn {self.number}"


class SessionLog(models.Model):
    """One member said what became of the session."""

    HELD, MISSED = "held", "missed"
    OUTCOMES = [(HELD, _("It took place")), (MISSED, _("It did not take place"))]

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="logs")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    logged_at = models.DateTimeField(default=timezone.now)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "session__pairing__", of="session__starts_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_log_a_member"),
            models.CheckConstraint(condition=Q(outcome__in=["held", "missed"]), name="held_or_missed"),
        ]

    def __str__(self) -> str:
        return f"log {self.pk}"


class PrivateNote(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField(auto_now=True)

    audience = Audience(AUTHOR, lambda viewer: Q(author=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="one_private_note_an_author")]

    def __str__(self) -> str:
        return f"private note {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)


class SharedNote(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="shared_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField(auto_now=True)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="session__starts_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="one_shared_note_an_author")]

    def __str__(self) -> str:
        return f"shared note {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)


class CommitmentQuerySet(VisibleQuerySet["Commitment"]):
    def open(self) -> CommitmentQuerySet:
        return self.filter(done_at__isnull=True)


class Commitment(models.Model):
    """What a member says they will do before next time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="commitments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="session__starts_at"))
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return f"commitment {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)

    def mark(self, done: bool, at: datetime | None = None) -> None:
        """Idempotent: a commitment keeps the time when it was first done."""
        wanted = (self.done_at or at or timezone.now()) if done else None
        if wanted != self.done_at:
            self.done_at = wanted
            self.save(update_fields=["done_at"])
