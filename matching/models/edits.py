"""What leads changed in a draft by hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from buddying.models.programmes import led_by
from matching.models.runs import MatchRun
from trust.visibility import Audience, VisibleQuerySet


class DraftEditQuerySet(VisibleQuerySet["DraftEdit"]):
    def standing(self) -> DraftEditQuerySet:
        return self.filter(undone_at=None)


class DraftEdit(models.Model):
    """One change of a draft by hand. ``before`` and ``after`` hold the groups that it took apart and put together."""

    KINDS = [
        ("empty", _("Began with nobody paired")),
        ("pair", pgettext_lazy("change of a draft", "Paired")),
        ("cross", _("Paired crosswise")),
        ("swap", _("Swapped")),
        ("join", _("Made a trio")),
        ("leave", _("Took out of a trio")),
        ("separate", _("Separated")),
        ("keep", _("Kept together")),
        ("release", _("No longer kept together")),
        ("forbid", _("Ruled out")),
        ("allow", _("Allowed again")),
    ]

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    participants = models.JSONField(default=list)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience(_("the cohort's leads"), lambda viewer: led_by(viewer, "run__cohort__programme__"))
    objects = DraftEditQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="edits_are_numbered"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "empty",
                        "pair",
                        "cross",
                        "swap",
                        "join",
                        "leave",
                        "separate",
                        "keep",
                        "release",
                        "forbid",
                        "allow",
                    ]
                ),
                name="known_kind_of_edit",
            ),
        ]

    def __str__(self) -> str:
        return f"edit {self.number} of {self.run}"
