from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from trust.visibility import Audience, VisibleQuerySet

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class WeeklyWindow(models.Model):
    """Hours of the week in which a person can usually meet: weekday, wall time and length in their own zone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(WEEKDAYS)))
    starts_at = models.TimeField("from")
    minutes = models.PositiveSmallIntegerField("for", validators=[MinValueValidator(15), MaxValueValidator(24 * 60)])

    audience = Audience(
        "only you; your buddy sees the times that suit you both, leads a number of hours",
        lambda viewer: Q(person=viewer),
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "weekday", "starts_at"],
                name="one_window_a_start",
                violation_error_message="You already have hours that start then.",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekday_from_monday_to_sunday"),
            models.CheckConstraint(condition=Q(minutes__range=(15, 1440)), name="a_window_lasts_15_minutes_to_a_day"),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.starts_at:%H:%M}, {self.minutes} minutes"
