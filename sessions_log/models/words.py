"""A word from one member to the others about a booking, a move or a cancellation; read on the session's page."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from sessions_log.models.sessions import PAIR, CoachingSession
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet


class Word(models.Model):
    BOOKED, MOVED, CANCELLED = "booked", "moved", "cancelled"
    OCCASIONS = [
        (BOOKED, _("about this session")),
        (MOVED, _("about the change")),
        (CANCELLED, _("about the cancellation")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="words")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=10, choices=OCCASIONS)
    text = EncryptedTextField()
    said_at = models.DateTimeField(default=timezone.now)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="said_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["said_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "author", "occasion"], name="one_word_an_author_and_occasion"),
            models.CheckConstraint(
                condition=Q(occasion__in=["booked", "moved", "cancelled"]), name="about_a_booking_move_or_cancellation"
            ),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)
