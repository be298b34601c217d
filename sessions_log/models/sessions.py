"""Booked meetings of a pairing, who sits in them, and the series that some of them belong to."""

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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from trust.visibility import Audience, VisibleQuerySet

PAIR = _("you and your buddy")

PLACE, LINK, WALK = "place", "link", "walk"
HOW = [(PLACE, _("In a place")), (LINK, _("By video or phone")), (WALK, _("On a walk"))]


def where(how: str, place: str) -> str:
    """For people and their calendars; empty where nothing is said."""
    if how == WALK:
        return gettext("A walk: %(place)s") % {"place": place} if place else gettext("A walk")
    return place or (gettext("By video or phone") if how == LINK else "")


class CoachingSessionQuerySet(VisibleQuerySet["CoachingSession"]):
    def standing(self) -> CoachingSessionQuerySet:
        """Not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def upcoming(self, at: datetime | None = None) -> CoachingSessionQuerySet:
        return self.standing().filter(ends_at__gt=at or timezone.now()).order_by("starts_at")

    def unlogged(self) -> CoachingSessionQuerySet:
        """Not cancelled, and nobody has said yet whether it took place."""
        return self.standing().filter(held_at__isnull=True, missed_at__isnull=True)

    def booked_ahead(self) -> CoachingSessionQuerySet:
        """Without those that a member only noted after they had met."""
        return self.filter(booked_at__lt=F("ends_at"))

    def held(self) -> CoachingSessionQuerySet:
        return self.filter(held_at__isnull=False)


class Series(models.Model):
    """Sessions booked in one go, every so many weeks. Each is an ordinary session, moved and cancelled by itself."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="series")
    weeks = models.PositiveSmallIntegerField(_("every so many weeks"))
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="booked_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(condition=Q(weeks__range=(1, 4)), name="a_series_returns_every_1_to_4_weeks")
        ]

    def __str__(self) -> str:
        return f"series {self.pk}"


class CoachingSession(models.Model):
    """A booked meeting of a pairing. ``uid`` and ``sequence`` are its life in calendars."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(15), MaxValueValidator(240)])
    ends_at = models.DateTimeField(editable=False)
    place = models.CharField(
        _("where"), max_length=200, blank=True, help_text=_("A room, a link, or where your walk begins.")
    )
    how = models.CharField(_("how you meet"), max_length=10, choices=HOW, default=PLACE)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
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
                violation_error_message=_("A session lasts between 15 minutes and 4 hours."),
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(missed_at__isnull=True),
                name="held_or_missed_but_not_both",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(held_at__isnull=True),
                name="a_cancelled_session_was_not_held",
            ),
            models.CheckConstraint(condition=Q(how__in=[PLACE, LINK, WALK]), name="in_a_place_by_a_link_or_on_a_walk"),
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

    @property
    def is_recorded_afterwards(self) -> bool:
        """Nobody booked it; a member said later that they met."""
        return self.booked_at >= self.ends_at

    @property
    def where(self) -> str:
        return where(self.how, self.place)


class Seat(models.Model):
    """One person's time in one session. No two active seats of a person overlap, over all their pairings.

    ``int8range(person, person, '[]')`` stands for equality, so the constraint needs no extension.
    """

    ACCEPTED, TENTATIVE, DECLINED = "accepted", "tentative", "declined"
    ANSWERS = [(ACCEPTED, _("accepted")), (TENTATIVE, _("tentative")), (DECLINED, _("declined"))]

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
