"""The end of a pairing's time in its cohort: a line of thanks, and whether to go on."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet


class EndingWish(models.Model):
    """Whether one member would go on. Nobody is told who would not."""

    GO_ON, END = "go-on", "end"
    CHOICES = [(GO_ON, _("Go on as buddies, outside the cohort")), (END, _("End with the cohort"))]

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="ending_wishes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=5, choices=CHOICES)
    chosen_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        _("only you; that you go on shows once all of you wish to"), lambda viewer: Q(person=viewer), is_content=True
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person"], name="a_member_wishes_once_how_it_ends"),
            models.CheckConstraint(condition=Q(choice__in=["go-on", "end"]), name="go_on_or_end"),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"


class Thanks(models.Model):
    """A line of one member to their buddies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="thanks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("you and your buddy"), lambda viewer: member_of(viewer, "pairing__", of="written_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["written_at"]
        verbose_name_plural = "thanks"
        constraints = [models.UniqueConstraint(fields=["pairing", "author"], name="one_line_of_thanks_a_member")]

    def __str__(self) -> str:
        return f"thanks {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)
