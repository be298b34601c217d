"""How useful a session was for one person: a number for themselves, and one of many in a count."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions_log.models.sessions import CoachingSession
from trust.visibility import Audience, VisibleQuerySet

SCALE: list[tuple[int, Any]] = [(1, _("1, not at all")), (2, "2"), (3, "3"), (4, "4"), (5, _("5, very"))]


class Usefulness(models.Model):
    """It may have been counted, so it stands once it is given."""

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField(choices=SCALE)
    given_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        _("only you; leads see how many answered what, once at least five people have"),
        lambda viewer: Q(person=viewer),
        is_content=True,
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "usefulness"
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="how_useful_is_said_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="useful_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"usefulness {self.pk}"
