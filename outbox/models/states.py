"""How a message stands: what is unfinished, who goes first, why it was not sent."""

from django.db import models
from django.db.models import Q

UNFINISHED = Q(sent_at__isnull=True, dropped_at__isnull=True, failed_at__isnull=True)
IN_LINE = ("lane", "next_try_at", "id")
UNCLAIMED = Q(claimed_until__isnull=True, claim_token__isnull=True)


class DropReason(models.TextChoices):
    """Why a message was not sent although nothing went wrong."""

    WITHDRAWN = "withdrawn"
    TOO_LATE = "too late"
    NO_LONGER_WANTED = "no longer wanted"
    PERSON_DEACTIVATED = "person deactivated"
    PERSON_WITHOUT_ADDRESS = "person without an address"
    SWITCHED_OFF = "switched off"
    MAIL_PAUSED = "mail paused"


# The person knows of it from the product's pages and wanted no mail.
BY_CHOICE = (DropReason.SWITCHED_OFF, DropReason.MAIL_PAUSED)
