"""Times that one member proposes and another chooses from. They keep nobody busy."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from matching.models import Pairing, member_of
from sessions_log.models.sessions import HOW, LINK, PAIR, PLACE, WALK, CoachingSession, where
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

MOST_TIMES = 5


class ProposalQuerySet(VisibleQuerySet["Proposal"]):
    def open(self, at: datetime | None = None) -> ProposalQuerySet:
        """To be answered: not chosen from, withdrawn or replaced, with a time to come, in a pairing that goes on."""
        to_come = ProposedTime.objects.filter(proposal=OuterRef("pk"), starts_at__gt=at or timezone.now())
        return self.filter(Exists(to_come), closed_at__isnull=True, pairing__closed_at__isnull=True)


class Proposal(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    minutes = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(15), MaxValueValidator(240)])
    how = models.CharField(max_length=10, choices=HOW, default=PLACE)
    place = models.CharField(max_length=200, blank=True)
    note = EncryptedTextField()
    closed_at = models.DateTimeField(null=True, help_text="When it was chosen from, withdrawn or replaced.")
    session = models.OneToOneField(
        CoachingSession, null=True, on_delete=models.SET_NULL, related_name="proposal", help_text="What was chosen."
    )

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="proposed_at"))
    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(closed_at__isnull=True), name="one_open_proposal_a_pairing"
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(closed_at__isnull=False), name="what_is_chosen_is_closed"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(15, 240)), name="a_proposal_lasts_15_to_240_minutes"),
            models.CheckConstraint(
                condition=Q(how__in=[PLACE, LINK, WALK]), name="proposed_in_a_place_by_a_link_or_on_a_walk"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)

    @property
    def where(self) -> str:
        return where(self.how, self.place)


class ProposedTime(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["proposal", "starts_at"], name="each_time_is_proposed_once")]

    def __str__(self) -> str:
        return f"proposed time {self.pk}"
