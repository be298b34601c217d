"""Monthly snapshots: what is published of what people answered, and how far cohorts had come.

Written by ``insights.snapshots`` alone, once a month, and never changed. Nothing in here says who.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Programme, RoleGrant
from buddying.models.programmes import ProgrammeLead
from insights.aggregates import FEWEST
from matching.models import PairingMember
from trust.visibility import Audience, VisibleQuerySet


class Snapshot(models.Model):
    """One month, taken once it is over."""

    month = models.DateField(unique=True, help_text="Its first day.")
    taken_at = models.DateTimeField(default=timezone.now)
    held_back = models.PositiveIntegerField(default=0, help_text="Figures that wait, because they would say too much.")
    refused_at = models.DateTimeField(null=True, help_text="When the auditor refused to publish any answers.")

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_named_by_its_first_day")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


def shown_to(viewer: Any) -> Q:
    """Leads: figures of their cohorts. Administrators: all. Neither: those of the time before they became it, in
    a cohort that they take part in: whoever leads or administers is left out of the counts only from then on."""
    if viewer.is_administrator:
        since = RoleGrant.objects.live().filter(person=viewer, role=RoleGrant.ADMINISTRATOR)
        start = since.order_by("granted_at").values_list("granted_at", flat=True).first()
        return ~(Q(snapshot__taken_at__lt=start) & (Q(cohort__in=_own(viewer)) | _pooled_with(viewer)))
    rule = Q(pk__in=[])
    for programme, start in ProgrammeLead.objects.filter(person=viewer).values_list("programme", "added_at"):
        rule |= Q(cohort__programme=programme) & ~Q(snapshot__taken_at__lt=start, cohort__in=_own(viewer))
    return rule


def _own(viewer: Any) -> Any:
    return PairingMember.objects.filter(participant__person=viewer).values("pairing__cohort")


def _pooled_with(viewer: Any) -> Q:
    parts = Part.objects.filter(cohort__in=_own(viewer)).values("figure")
    return Q(cohort=None, pk__in=parts)


class Figure(models.Model):
    """How often each answer to one question was given, by people who are counted in no other figure of it.

    Of one cohort; or, where too few of a cohort answered until its end, of a programme's or the organisation's
    cohorts together. Sums of whole figures are all that anybody can see.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="figures")
    subject = models.CharField(max_length=60, help_text="The question, or where people work.")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.CASCADE, related_name="+")
    department = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField()
    pairings = models.PositiveIntegerField()
    counts = models.JSONField(help_text="Answer -> how many people.")

    audience = Audience(_("leads of the cohort, and administrators"), shown_to)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "subject", "cohort", "programme", "department"],
                nulls_distinct=False,
                name="one_figure_a_month_subject_and_scope",
            ),
            models.CheckConstraint(condition=Q(people__gte=FEWEST), name="a_figure_is_of_five_people"),
            models.CheckConstraint(
                condition=Q(cohort__isnull=True) | Q(programme__isnull=True), name="of_a_cohort_or_of_a_programme"
            ),
        ]
        indexes = [models.Index(fields=["subject", "cohort"], name="figures_of_a_subject")]

    def __str__(self) -> str:
        return f"figure {self.pk}"


class Part(models.Model):
    """Up to when a figure counts what was given in one cohort, or who is of one department. Shown to nobody."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="parts")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.CASCADE, related_name="+")
    department = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField()
    people = models.PositiveIntegerField()
    pairings = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "cohort", "department"], nulls_distinct=False, name="a_figure_has_a_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"part {self.pk}"


class CohortMonth(models.Model):
    """How far the people of a cohort had come at the end of a month, and its sessions in that month.

    Sessions are empty where fewer than five people are in pairings, reflections where fewer than five were asked.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="cohorts")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="months")
    listed = models.PositiveIntegerField()
    joined = models.PositiveIntegerField()
    named = models.PositiveIntegerField()
    paired = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()
    met = models.PositiveIntegerField()
    reflected = models.PositiveIntegerField(null=True)
    ended = models.PositiveIntegerField()
    held = models.PositiveIntegerField(null=True)
    booked = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "cohort"], name="one_row_a_cohort_and_month")]

    def __str__(self) -> str:
        return f"{self.snapshot} of cohort {self.cohort_id}"
