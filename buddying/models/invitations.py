from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models.programmes import Cohort, led_by
from trust.visibility import Audience, VisibleQuerySet

VALID_FOR = timedelta(days=7)
SIGNER = signing.Signer(salt="buddying.invitation")


class InvitationQuerySet(VisibleQuerySet["Invitation"]):
    def open(self, at: datetime | None = None) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at or timezone.now())

    def newest(self) -> InvitationQuerySet:
        """Of several to one address, the last."""
        same = Invitation.objects.alias(address=Lower("email")).filter(address=Lower(OuterRef("email")))
        return self.exclude(Exists(same.filter(cohort=OuterRef("cohort"), pk__gt=OuterRef("pk"))))

    def to_address(self, address: str) -> InvitationQuerySet:
        return self.alias(address=Lower("email")).filter(address=address.lower())

    def signed(self, token: str, at: datetime | None = None) -> Invitation | None:
        """The invitation, open or not, that this signed token stands for."""
        try:
            pk = int(SIGNER.unsign(token))
        except (signing.BadSignature, ValueError):
            return None
        found = self.filter(pk=pk).select_related("cohort__programme").first()
        return found and (self._unmailed_after(found, at) or found)

    def _unmailed_after(self, found: Invitation, at: datetime | None) -> Invitation | None:
        """What has taken its place without a mail: the link that somebody has is then the only one there is."""
        later = self.open(at).to_address(found.email).filter(cohort=found.cohort_id, pk__gt=found.pk, mailed_at=None)
        return later.select_related("cohort__programme").first() if found.revoked_at else None


class Invitation(models.Model):
    """An offer to join a cohort, bound to one address, for one use, for seven days.

    The link holds a signature over the row's number, so the database holds nothing that opens a door.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, editable=False, help_text="None if the address had had enough mail.")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    audience = Audience(_("the cohort's leads"), lambda viewer: led_by(viewer, "cohort__programme__"))
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                "cohort",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.cohort}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.expires_at = self.expires_at or self.invited_at + VALID_FOR
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        return SIGNER.sign(str(self.pk))

    def is_expired(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) >= self.expires_at

    def state(self, at: datetime | None = None) -> str:
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.is_expired(at) else "open"

    def revoke(self, at: datetime | None = None) -> None:
        if self.revoked_at is None and self.accepted_at is None:
            self.revoked_at = at or timezone.now()
            self.save(update_fields=["revoked_at"])
