"""Booked meetings of a pairing, who sits in them, and what members write about them.

What only its author may read and what the pair shares are separate models: each has one audience.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from matching.models import Pairing, member_of
from sessions_log.own_calendars import OwnCalendar as OwnCalendar  # Django finds models here
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

PAIR = "you and your buddy"
AUTHOR = "only you"


class CoachingSessionQuerySet(VisibleQuerySet["CoachingSession"]):
    def standing(self) -> CoachingSessionQuerySet:
        """Not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def upcoming(self, at: datetime | None = None) -> CoachingSessionQuerySet:
        return self.standing().filter(ends_at__gt=at or timezone.now()).order_by("starts_at")

    def unlogged(self) -> CoachingSessionQuerySet:
        """Not cancelled, and nobody has said yet whether it took place."""
        return self.standing().filter(held_at__isnull=True, missed_at__isnull=True)

    def held(self) -> CoachingSessionQuerySet:
        return self.filter(held_at__isnull=False)


class CoachingSession(models.Model):
    """A booked meeting of a pairing. ``uid`` and ``sequence`` are its life in calendars."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(15), MaxValueValidator(240)])
    ends_at = models.DateTimeField(editable=False)
    place = models.CharField("where", max_length=200, blank=True, help_text="A room, a link, or “a walk in the park”.")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now)
    arranged_at = models.DateTimeField(
        default=timezone.now, help_text="When this date was set: at the booking, or at the last move."
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    held_at = models.DateTimeField(null=True, help_text="When a member first said that it took place.")
    missed_at = models.DateTimeField(null=True, help_text="When a member said that it did not take place.")

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="starts_at"))
    objects = CoachingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(15, 240)),
                name="a_booking_lasts_15_to_240_minutes",
                violation_error_message="A session lasts between 15 minutes and 4 hours.",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(missed_at__isnull=True),
                name="held_or_missed_but_not_both",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(held_at__isnull=True),
                name="a_cancelled_session_was_not_held",
            ),
        ]
        indexes = [models.Index(fields=["pairing", "starts_at"], name="sessions_of_a_pairing")]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ends_at = self.starts_at + timedelta(minutes=self.minutes)
        super().save(*args, **kwargs)

    def has_begun(self, at: datetime | None = None) -> bool:
        return self.starts_at <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        return self.ends_at <= (at or timezone.now())

    def is_logged(self) -> bool:
        """A member said what became of it."""
        return bool(self.held_at or self.missed_at)

    @property
    def is_standing(self) -> bool:
        return self.cancelled_at is None


class Seat(models.Model):
    """One person's time in one session. No two active seats of a person overlap, over all their pairings.

    ``int8range(person, person, '[]')`` stands for equality, so the constraint needs no extension.
    """

    ACCEPTED, TENTATIVE, DECLINED = "accepted", "tentative", "declined"
    ANSWERS = [(ACCEPTED, "accepted"), (TENTATIVE, "tentative"), (DECLINED, "declined")]

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="session_seats")
    period = DateTimeRangeField()
    released_at = models.DateTimeField(null=True)
    answer = models.CharField(
        max_length=10, blank=True, choices=ANSWERS, help_text="From their calendar, to this date."
    )
    answered_at = models.DateTimeField(null=True, help_text="By the clock of their calendar, never later than by ours.")

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "session__pairing__", of="session__starts_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_is_booked_twice",
                expressions=[
                    (
                        Func(F("person"), F("person"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["session", "person"], name="one_seat_a_session"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=["accepted", "tentative", "declined"], answered_at__isnull=False),
                name="an_answer_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"

    @property
    def has_declined(self) -> bool:
        return self.answer == self.DECLINED


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
    OUTCOMES = [(HELD, "It took place"), (MISSED, "It did not take place")]

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
