"""The agreement of a pairing, version by version, and who has signed which."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

PAIR = _("you and your buddy; leads see only whether it is signed")


class Agreement(models.Model):
    """One version of a pairing's contract; in force once every member has signed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    text = EncryptedTextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "pairing__", of="written_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["pairing", "version"], name="agreement_versions_are_numbered")]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)


class Signature(models.Model):
    """Says of which pairing it is, so that whoever may know only that an agreement is signed asks no agreement."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="signatures")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "agreement__pairing__", of="agreement__written_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="a_member_signs_a_version_once")]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pairing_id = self.agreement.pairing_id
        super().save(*args, **kwargs)
