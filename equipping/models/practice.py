"""Practice in threes: who is with whom, which round they are in, and what each writes down for themselves."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

AUTHOR = _("only you")


class PracticeQuerySet(models.QuerySet["Practice"]):
    def proposed(self) -> PracticeQuerySet:
        """Drawn up and told to nobody."""
        return self.filter(published_at__isnull=True)

    def published(self) -> PracticeQuerySet:
        return self.filter(published_at__isnull=False)


class Practice(models.Model):
    """A cohort practises in small groups: first a proposal that only its leads see, then published."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="practices")
    starts_at = models.DateTimeField(_("when"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    coaching_minutes = models.PositiveSmallIntegerField(
        _("minutes of coaching in a round"), default=12, validators=[MinValueValidator(3), MaxValueValidator(60)]
    )
    feedback_minutes = models.PositiveSmallIntegerField(
        _("minutes of feedback after it"), default=5, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    not_placed = models.JSONField(default=list, help_text="Participants for whom no group was possible.")
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    arranged_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["-arranged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(published_at__isnull=True), name="one_proposed_practice_a_cohort"
            ),
            models.CheckConstraint(
                condition=Q(coaching_minutes__range=(3, 60), feedback_minutes__range=(1, 30)),
                name="a_round_of_practice_has_a_sensible_length",
                violation_error_message=_("A round has 3 to 60 minutes of coaching and 1 to 30 of feedback."),
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | Q(published_at__isnull=False),
                name="only_a_published_practice_is_called_off",
            ),
        ]

    def __str__(self) -> str:
        return f"practice {self.pk}"

    def is_ahead(self, at: datetime | None = None) -> bool:
        """Its time has not come; one without a time is ahead for as long as the cohort runs."""
        at = at or timezone.now()
        return self.starts_at > at if self.starts_at else not self.cohort.has_ended(at)


def in_the_group(viewer: Any, prefix: str = "") -> Q:
    """Published groups in which ``viewer`` sits and whose cohort they have not left."""
    seats = PracticeSeat.objects.filter(
        participant__person=viewer, participant__left_at=None, group__practice__published_at__isnull=False
    )
    return Q(**{f"{prefix}pk__in": seats.values("group")})


class PracticeGroup(models.Model):
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    finished_at = models.DateTimeField(null=True)

    audience = Audience(_("your group; leads see who is in it and whether you have practised"), in_the_group)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="groups_are_numbered")]

    def __str__(self) -> str:
        return f"practice group {self.pk}"

    @property
    def is_called_off(self) -> bool:
        return self.practice.called_off_at is not None and self.finished_at is None

    def people(self) -> list[Any]:
        """In the order of their seats; without whoever has left the cohort."""
        seats = self.seats.filter(participant__left_at=None).select_related("participant__person")
        return [seat.participant.person for seat in seats]


class PracticeSeat(models.Model):
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(PracticeGroup, on_delete=models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="practice_seats")
    place = models.PositiveSmallIntegerField()

    audience = Audience(
        "your group; leads see who is in it and whether you have practised",
        lambda viewer: in_the_group(viewer, "group__"),
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["group", "place"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "participant"], name="one_group_a_practice"),
            models.UniqueConstraint(fields=["group", "place"], name="seats_of_a_group_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"practice seat {self.pk}"


class PracticeRound(models.Model):
    """A round that has begun. Which one it is, and since when, is the same for every screen in the room."""

    group = models.ForeignKey(PracticeGroup, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("your group"), lambda viewer: in_the_group(viewer, "group__"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="a_round_begins_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 4)), name="rounds_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"round {self.number}"

    @property
    def feedback_at(self) -> datetime:
        """The end of the coaching."""
        return self.started_at + timedelta(minutes=self.group.practice.coaching_minutes)

    @property
    def ends_at(self) -> datetime:
        return self.feedback_at + timedelta(minutes=self.group.practice.feedback_minutes)


class ObserverNote(models.Model):
    """What an observer wrote down in a round, to tell it by mouth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(PracticeGroup, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField(auto_now=True)

    audience = Audience(AUTHOR, lambda viewer: Q(author=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number", "author"], name="one_observer_note_a_round"),
        ]

    def __str__(self) -> str:
        return f"observer note {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)


class PracticeNote(models.Model):
    """What somebody keeps from a practice: their strengths as a coach, and where they would like to grow."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(PracticeGroup, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    strengths = EncryptedTextField()
    growth = EncryptedTextField()
    written_at = models.DateTimeField(auto_now=True)

    audience = Audience(AUTHOR, lambda viewer: Q(author=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "author"], name="one_practice_note_an_author")]

    def __str__(self) -> str:
        return f"practice note {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)
