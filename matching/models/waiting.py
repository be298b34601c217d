"""Who waits for a buddy, and who pauses."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Participant
from buddying.models.programmes import led_by
from matching.models.pairings import buddies_of
from trust.visibility import Audience, VisibleQuerySet


class WaitingQuerySet(VisibleQuerySet["Waiting"]):
    def open(self) -> WaitingQuerySet:
        return self.filter(ended_at=None)


class Waiting(models.Model):
    """A participant of a cohort whose pairs are published waits for a buddy, since when and why.

    It is told to leads. Nothing in it says who ended a pairing: everybody who was in it has the same reason.
    """

    LEFT_OVER, LATE, BUDDY_LEFT, ENDED, PAUSED = "left-over", "late", "buddy-left", "ended", "paused"
    REASONS = [
        (LEFT_OVER, _("No buddy was left over")),
        (LATE, _("Joined after the pairs were published")),
        (BUDDY_LEFT, _("Their buddy left the cohort")),
        (ENDED, _("Their pairing ended before time")),
        (PAUSED, _("Was pausing when pairs were published")),
    ]

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="waits")
    since = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=REASONS)
    ended_at = models.DateTimeField(null=True)

    audience = Audience(
        _("you and the leads"),
        lambda viewer: Q(participant__person=viewer) | led_by(viewer, "participant__cohort__programme__"),
    )
    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at__isnull=True), name="one_open_wait_a_participant"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["left-over", "late", "buddy-left", "ended", "paused"]),
                name="known_reason_to_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"wait {self.pk}"


class PauseQuerySet(VisibleQuerySet["Pause"]):
    def in_force(self, at: datetime | None = None) -> PauseQuerySet:
        return self.filter(ended_at=None, until__gt=at or timezone.now())


class Pause(models.Model):
    """A participant rests until a day; then it is over by itself. ``until`` is the first instant of that day."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was ended early, or gave way to a later one.")

    audience = Audience(
        _("you, your buddy and the leads"),
        lambda viewer: (
            Q(participant__person=viewer)
            | Q(participant__in=Participant.objects.filter(buddies_of(viewer)).values("pk"))
            | led_by(viewer, "participant__cohort__programme__")
        ),
    )
    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-paused_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at__isnull=True), name="one_open_pause_a_participant"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("paused_at")), name="a_pause_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"

    @property
    def day(self) -> date:
        """The first day back, in the cohort's zone."""
        return self.until.astimezone(self.participant.cohort.zone).date()
