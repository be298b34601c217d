"""Addresses that mail came back from."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Failure(models.TextChoices):
    UNKNOWN = "unknown", _("no such mailbox")
    FULL = "full", _("the mailbox is full")
    REFUSED = "refused", _("mail from here is refused")
    OTHER = "other", _("it could not be delivered")


class AddressFailure(models.Model):
    """An address that took no mail when it was last tried; the row goes when it does again."""

    AT_SENDING, REPORTED = "at sending", "reported"
    SOURCES = [(AT_SENDING, _("the mail server refused it")), (REPORTED, _("a mail came back"))]

    address = models.EmailField()
    failed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=Failure.choices)
    source = models.CharField(max_length=10, choices=SOURCES)
    status = models.CharField(max_length=10, blank=True, help_text="Such as 5.1.1; never the server's words.")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("address"), name="one_failure_an_address"),
            models.CheckConstraint(condition=models.Q(reason__in=Failure.values), name="known_reason_of_failure"),
            models.CheckConstraint(
                condition=models.Q(source__in=["at sending", "reported"]), name="refused_at_sending_or_reported"
            ),
        ]

    def __str__(self) -> str:
        return f"address failure {self.pk}"
