"""A word in confidence to one lead, and what the two write to each other about it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Programme
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

THE_TWO = _("only two people: the one who asks and the lead they chose")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def between_the_two(viewer: Any, prefix: str = "") -> Q:
    return Q(**{f"{prefix}writer": viewer}) | Q(**{f"{prefix}lead": viewer})


class HelpThreadQuerySet(VisibleQuerySet["HelpThread"]):
    def open(self) -> HelpThreadQuerySet:
        return self.filter(closed_at__isnull=True)

    def unread_by(self, person: Any) -> HelpThreadQuerySet:
        """Where the other has written since ``person`` last looked."""
        looked = Case(When(writer=person, then="writer_read_at"), default="lead_read_at")
        news = HelpMessage.objects.filter(thread=OuterRef("pk"), written_at__gt=OuterRef("looked_at"))
        mine = self.filter(between_the_two(person)).annotate(looked_at=Coalesce(looked, Value(LONG_AGO)))
        return mine.filter(Exists(news.exclude(author=person)))


class HelpThread(models.Model):
    """Belongs to the two for good, whether or not the lead goes on leading the programme."""

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    writer_read_at = models.DateTimeField(null=True)
    lead_read_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience(THE_TWO, between_the_two, is_content=True)
    objects = HelpThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "lead"],
                condition=Q(closed_at__isnull=True),
                name="one_open_conversation_a_writer_and_lead",
            ),
            models.CheckConstraint(condition=~Q(writer=F("lead")), name="nobody_asks_themself_for_help"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    def other(self, person: Any) -> Any:
        return self.lead if person == self.writer else self.writer


class HelpMessage(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(HelpThread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField(default=timezone.now)

    audience = Audience(THE_TWO, lambda viewer: between_the_two(viewer, "thread__"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def content_owner(self) -> Owner:
        """A key of the conversation's own: neither of the two can take it from the other."""
        return Owner("help-thread", self.thread_id)
