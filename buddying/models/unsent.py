"""What somebody has typed into a form and not sent: kept for them alone until they do."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet


class UnsentText(models.Model):
    """``number`` says what the form is about: a session, a pairing, a person. ``typed``: names and values as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.SlugField(max_length=40)
    number = models.PositiveBigIntegerField()
    typed = EncryptedTextField()
    written_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("only you, until you send it"), lambda viewer: Q(author=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        constraints = [models.UniqueConstraint(fields=["author", "form", "number"], name="one_unsent_text_a_form")]

    def __str__(self) -> str:
        return f"unsent text {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)
