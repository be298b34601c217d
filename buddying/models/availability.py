from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from buddying.words import length
from trust.visibility import Audience, VisibleQuerySet

WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class WeeklyWindow(models.Model):
    """Hours of the week in which a person can usually meet: weekday, wall time and length in their own zone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(WEEKDAYS)))
    starts_at = models.TimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("for"), validators=[MinValueValidator(15), MaxValueValidator(24 * 60)])

    audience = Audience(
        _("only you; your buddy sees the times that suit you both, leads a number of hours"),
        lambda viewer: Q(person=viewer),
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "weekday", "starts_at"],
                name="one_window_a_start",
                violation_error_message=_("You already have hours that start then."),
            ),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="weekday_from_monday_to_sunday"),
            models.CheckConstraint(condition=Q(minutes__range=(15, 1440)), name="a_window_lasts_15_minutes_to_a_day"),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.starts_at:%H:%M}, {self.minutes} minutes"


ONLY_YOU = _("only you; your buddy sees the times that suit you both")


class Leave(models.Model):
    """Whole days away, from ``first_day`` to ``last_day``, in the person's own zone. No reason is asked."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))

    audience = Audience(ONLY_YOU, lambda viewer: Q(person=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "last_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "first_day", "last_day"],
                name="each_leave_is_said_once",
                violation_error_message=_("You have said so already."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="leave_ends_on_or_after_its_first_day",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"away {self.first_day} to {self.last_day}"


class DayHours(models.Model):
    """Hours of one date that differ from the week: also free, or not free. Wall time in the person's own zone."""

    FREE, BUSY = "free", "busy"
    KINDS = [(FREE, _("I am also free")), (BUSY, _("I am not free"))]

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="day_hours")
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("for"), validators=[MinValueValidator(15), MaxValueValidator(24 * 60)])
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)

    audience = Audience(ONLY_YOU, lambda viewer: Q(person=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "day hours"
        ordering = ["day", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "starts_at", "kind"],
                name="one_entry_a_day_start_and_kind",
                violation_error_message=_("You already have hours that start then."),
            ),
            models.CheckConstraint(condition=Q(minutes__range=(15, 1440)), name="day_hours_last_15_minutes_to_a_day"),
            models.CheckConstraint(condition=Q(kind__in=["free", "busy"]), name="day_hours_are_free_or_busy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day} {self.starts_at:%H:%M}, {self.minutes} minutes"

    @property
    def length(self) -> str:
        return length(self.minutes)
