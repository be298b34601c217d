"""What a higher floor for the worst-off would cost, worked out when a lead asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models.programmes import led_by
from matching.models.runs import MatchRun
from trust.visibility import Audience, VisibleQuerySet

LEASE = timedelta(minutes=10)


class FloorStudyQuerySet(VisibleQuerySet["FloorStudy"]):
    def unfinished(self) -> FloorStudyQuerySet:
        return self.filter(finished_at=None, failed_at=None)

    def claimable(self, at: datetime | None = None) -> FloorStudyQuerySet:
        """Asked for, or left behind by a worker that was killed."""
        abandoned = Q(claimed_at__lt=(at or timezone.now()) - LEASE)
        return self.unfinished().filter(Q(claimed_at=None) | abandoned)


class FloorStudy(models.Model):
    """Of one draft: the best plan for each of a few rising floors, in numbers."""

    run = models.OneToOneField(MatchRun, on_delete=models.CASCADE, related_name="floors")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=list)

    audience = Audience(_("the cohort's leads"), lambda viewer: led_by(viewer, "run__cohort__programme__"))
    objects = FloorStudyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__range=(0, 100)), name="progress_of_floors_is_a_percentage")
        ]

    def __str__(self) -> str:
        return f"floors of {self.run}"

    @property
    def is_unfinished(self) -> bool:
        return not (self.finished_at or self.failed_at)
