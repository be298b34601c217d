from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buddying.models.programmes import Cohort
from trust.visibility import Audience, VisibleQuerySet


class GroupMeeting(models.Model):
    """The whole group meets: a dated note on the cohort's page, and nothing more."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="meetings")
    day = models.DateField(_("day"))
    what = models.CharField(_("what"), max_length=120)
    note = models.CharField(_("time, place, anything else"), max_length=300, blank=True)

    audience = Audience(
        _("the cohort's leads and participants, and administrators"),
        lambda viewer: Q(cohort__in=Cohort.objects.visible_to(viewer)),
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return self.what
