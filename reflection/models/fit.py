"""How it feels so far: asked after the first session, and again for as long as somebody has not decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing
from sessions_log.models import CoachingSession
from trust.visibility import Audience, VisibleQuerySet

COUNTED = _("only you; leads see how many answered what, once at least five people have")


class FitCheckQuerySet(VisibleQuerySet["FitCheck"]):
    def unanswered(self) -> FitCheckQuerySet:
        return self.filter(answered_at__isnull=True)


class FitCheck(models.Model):
    """One member is asked, in one round, whether it is a good fit."""

    GOOD, DECIDING, NOT_GOOD = "good", "deciding", "not-good"
    ANSWERS = [
        (GOOD, _("A good fit")),
        (DECIDING, _("Still deciding")),
        (NOT_GOOD, _("Not a good fit")),
    ]

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="fit_checks")
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(null=True)

    audience = Audience(COUNTED, lambda viewer: Q(person=viewer), is_content=True)
    objects = FitCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person", "round"], name="rounds_of_a_fit_check_are_numbered"),
            models.UniqueConstraint(fields=["session", "person"], name="a_session_asks_a_member_once_about_fit"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False, answer__in=["good", "deciding", "not-good"]),
                name="a_fit_check_is_open_or_has_a_known_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"fit check {self.pk}"
