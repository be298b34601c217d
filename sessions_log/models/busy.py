"""When a person's own calendar says that they are busy: the address, which is a secret, and bare intervals."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

ONLY_YOU = _("only you; your buddy sees the times that suit you both")


class BusyCalendarQuerySet(VisibleQuerySet["BusyCalendar"]):
    def due(self, at: datetime | None = None) -> BusyCalendarQuerySet:
        at = at or timezone.now()
        awake = self.filter(person__deactivated_at__isnull=True)
        return awake.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=at), next_fetch_at__lte=at)


class BusyCalendar(models.Model):
    """``address`` opens a whole diary to whoever knows it: it is encrypted, and never shown again in full."""

    PROBLEMS = {
        "refused": _("That address cannot be used. It has to begin with https:// and to lead to a public server."),
        "unreachable": _("Nobody answered at that address. Check it, or wait: we try again by ourselves."),
        "insecure": _("The server at that address could not prove who it is, so nothing was read."),
        "slow": _("That address took too long to answer. We try again by ourselves."),
        "moved": _("That address leads on to another one. Open it in a browser and paste where it leads to."),
        "locked": _(
            "That address asks for a password. Paste the secret address that your calendar offers for sharing."
        ),
        "gone": _("There is no calendar at that address any more. Paste a new one."),
        "failed": _("The server at that address reported an error. We try again by ourselves."),
        "large": _("That calendar is larger than we read (2 MB, or very many events)."),
        "page": _("That address answered with a page, not a calendar."),
        "unreadable": _("That address answered with a calendar that could not be read."),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="busy_calendar")
    address = EncryptedTextField()
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True, help_text="When it last answered with a calendar.")
    problem = models.CharField(max_length=20, blank=True, help_text="What went wrong the last time; empty if nothing.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    next_fetch_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)

    audience = Audience(ONLY_YOU, lambda viewer: Q(person=viewer))
    objects = BusyCalendarQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_fetch_at"], name="calendars_to_fetch")]

    def __str__(self) -> str:
        return f"busy calendar {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.person_id)

    @property
    def problem_in_words(self) -> str:
        return str(self.PROBLEMS.get(self.problem, ""))


class BusyTime(models.Model):
    """From when until when, and nothing of what for."""

    calendar = models.ForeignKey(BusyCalendar, on_delete=models.CASCADE, related_name="times")
    period = DateTimeRangeField()

    def __str__(self) -> str:
        return f"busy time {self.pk}"
