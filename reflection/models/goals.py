"""What somebody wants from these months, for their own eyes, and how far they see themselves."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Participant
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

AUTHOR = _("only you")
MOST = 3


def _author_only(viewer: object) -> Q:
    return Q(author=viewer)


class Goals(models.Model):
    """What a participant works on in the months of a cohort; empty where they would rather not say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="goals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    focus = EncryptedTextField()
    written_at = models.DateTimeField(default=timezone.now)
    skipped_at = models.DateTimeField(null=True)

    audience = Audience(AUTHOR, _author_only)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "goals"

    def __str__(self) -> str:
        return f"goals {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)


class GoalOutcome(models.Model):
    """One thing that would be different then, and where its author sees themself, from 0 to 10."""

    STAGES = {
        "start": _("%(reading)d at the start"),
        "middle": _("%(reading)d half-way"),
        "end": _("%(reading)d at the end"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goals = models.ForeignKey(Goals, on_delete=models.CASCADE, related_name="outcomes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = EncryptedTextField()
    at_start = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    at_middle = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    at_end = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])

    audience = Audience(AUTHOR, _author_only)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["goals", "number"], name="outcomes_of_goals_are_numbered"),
            models.CheckConstraint(condition=Q(number__range=(1, 3)), name="up_to_three_outcomes"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"at_{stage}__isnull": True}) | Q(**{f"at_{stage}__range": (0, 10)}),
                    name=f"where_am_i_from_0_to_10_at_{stage}",
                )
                for stage in ("start", "middle", "end")
            ),
        ]

    def __str__(self) -> str:
        return f"outcome {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)

    @property
    def path(self) -> str:
        """Where they saw themselves, as far as they have said: “3 at the start, 5 half-way”."""
        readings = [(getattr(self, f"at_{stage}"), words) for stage, words in self.STAGES.items()]
        return ", ".join(words % {"reading": reading} for reading, words in readings if reading is not None)


class OutcomeRating(models.Model):
    """How true one of the programme's hoped-for outcomes is for a participant, before or after; given once."""

    BEFORE, AFTER = "before", "after"
    MOMENTS = [(BEFORE, _("Before")), (AFTER, _("Afterwards"))]

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="outcome_ratings")
    moment = models.CharField(max_length=6, choices=MOMENTS)
    outcome = models.CharField(max_length=16, help_text="A digest of the outcome's words.")
    value = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        _("only you; leads see how many answered what, once at least five people have"),
        lambda viewer: Q(participant__person=viewer),
        is_content=True,
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "moment", "outcome"], name="an_outcome_is_rated_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="outcomes_are_rated_from_1_to_5"),
            models.CheckConstraint(condition=Q(moment__in=["before", "after"]), name="rated_before_or_after"),
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"
