from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models.programmes import Cohort
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

KEPT_FOR = timedelta(days=1)


class ImportDraftQuerySet(VisibleQuerySet["ImportDraft"]):
    def fresh(self, at: datetime | None = None) -> ImportDraftQuerySet:
        return self.filter(uploaded_at__gt=(at or timezone.now()) - KEPT_FOR)

    def stale(self, at: datetime | None = None) -> ImportDraftQuerySet:
        return self.filter(uploaded_at__lte=(at or timezone.now()) - KEPT_FOR)


class ImportDraft(models.Model):
    """Files that a lead uploaded and has not confirmed yet; sealed, and kept for a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="import_drafts")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    people_name = models.CharField(max_length=200, blank=True)
    people_text = EncryptedTextField()
    nominations_name = models.CharField(max_length=200, blank=True)
    nominations_text = EncryptedTextField()
    choices = models.JSONField(default=dict)

    audience = Audience(_("only you, for a day"), lambda viewer: Q(owner=viewer))
    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "owner"], name="one_import_draft_a_lead_and_cohort")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.owner_id)

    @classmethod
    @transaction.atomic
    def keep(cls, cohort: Cohort, owner: Any, content: dict[str, Any], at: datetime | None = None) -> ImportDraft:
        """In place of the lead's earlier one; whatever is older than a day goes too."""
        cls.objects.stale(at).delete()
        cls.objects.filter(cohort=cohort, owner=owner).delete()
        return cls.objects.create(cohort=cohort, owner=owner, uploaded_at=at or timezone.now(), **content)

    def choose(self, choices: dict[str, Any]) -> None:
        self.choices = choices
        self.save(update_fields=["choices"])
