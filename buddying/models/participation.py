from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models.programmes import Cohort, led_by
from buddying.topics import LONGEST, TICKED
from trust.visibility import Audience, VisibleQuerySet


class ParticipantQuerySet(VisibleQuerySet["Participant"]):
    def present(self) -> ParticipantQuerySet:
        """Joined and not left."""
        return self.filter(joined_at__isnull=False, left_at__isnull=True)

    def listed(self) -> ParticipantQuerySet:
        """Everybody the lead put on the list and who has not left, joined or not."""
        return self.filter(left_at__isnull=True)

    def removed(self) -> ParticipantQuerySet:
        """By a lead, and not invited back since."""
        return self.filter(left_at__isnull=False, removed_by__isnull=False)

    def of(self, person: Any) -> ParticipantQuerySet:
        return self.present().filter(person=person)


# What higher floors add to who may see a participant: a rule for each viewer (their buddies, say).
more_viewers: list[Callable[[Any], Q]] = []


def fellows_of(viewer: Any) -> Q:
    """Participants of the cohorts that ``viewer`` takes part in and in which buddies are still named."""
    naming = [cohort.pk for cohort in Cohort.objects.taken_part_in_by(viewer) if cohort.nominating()]
    return Q(cohort__in=naming, joined_at__isnull=False, left_at__isnull=True)


def participants_visible_to(viewer: Any) -> Q:
    rule = Q(person=viewer) | led_by(viewer, "cohort__programme__") | fellows_of(viewer)
    for more in more_viewers:
        rule |= more(viewer)
    return rule


class Participant(models.Model):
    """A person's membership of a cohort, with their profile for it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    reference = models.CharField(max_length=60, blank=True, help_text="The id in the imported file.")
    added_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    working_on = models.TextField(
        _("what I work on"), max_length=600, blank=True, help_text=_("A sentence or two is plenty.")
    )
    great_support = models.TextField(
        _("what great support looks like for me"),
        max_length=600,
        blank=True,
        help_text=_("For example: “ask me hard questions”, “let me think aloud”."),
    )
    looking_for = models.TextField(_("what I am looking for in a buddy"), max_length=600, blank=True)
    wants = ArrayField(models.CharField(max_length=LONGEST), default=list, blank=True)
    offers = ArrayField(models.CharField(max_length=LONGEST), default=list, blank=True)
    hours_per_month = models.PositiveSmallIntegerField(
        _("hours a month I can give"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    profile_completed_at = models.DateTimeField(null=True, blank=True)
    nominated_at = models.DateTimeField(null=True, blank=True)
    chose_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When they last changed their wishes themselves; an import keeps off.",
    )

    audience = Audience(
        _("you, your cohort while buddies are named, your buddy, and the leads"),
        participants_visible_to,
    )
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                name="one_participation_a_cohort",
                violation_error_message=_("This person is already in the cohort."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "reference"],
                condition=~Q(reference=""),
                name="one_participant_a_reference",
                violation_error_message=_("This id is already used in the cohort."),
            ),
            models.CheckConstraint(
                condition=Q(hours_per_month__isnull=True) | Q(hours_per_month__range=(1, 20)),
                name="hours_per_month_from_1_to_20",
                violation_error_message=_("Between 1 and 20 hours a month."),
            ),
            models.CheckConstraint(
                condition=Q(wants__len__lte=TICKED) & Q(offers__len__lte=TICKED),
                name="up_to_5_topics_each",
                violation_error_message=_("Up to five topics each."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_present(self) -> bool:
        return self.joined_at is not None and self.left_at is None

    @property
    def has_profile(self) -> bool:
        """They have said something of themselves."""
        return any((self.working_on, self.great_support, self.looking_for, self.wants, self.offers))

    def join(self, at: datetime | None = None) -> None:
        """Idempotent; somebody who had left comes back."""
        if not self.is_present:
            self.joined_at, self.left_at, self.removed_by = at or timezone.now(), None, None
            self.save(update_fields=["joined_at", "left_at", "removed_by"])

    def complete_profile(self, at: datetime | None = None) -> None:
        if self.profile_completed_at is None:
            self.profile_completed_at = at or timezone.now()
            self.save(update_fields=["profile_completed_at"])

    def fellows(self) -> ParticipantQuerySet:
        """Everybody else who is present in the cohort, as far as this participant may see them."""
        seen = Participant.objects.visible_to(self.person).present().filter(cohort=self.cohort)
        return seen.exclude(pk=self.pk).select_related("person")
