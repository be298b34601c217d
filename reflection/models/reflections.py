"""The reflection of a pairing: who is asked, what each answers, and what they share of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Pairing, member_of
from trust.fields import EncryptedTextField
from trust.models import Owner
from trust.visibility import Audience, VisibleQuerySet

AUTHOR = _("only you")


class ReflectionPromptQuerySet(VisibleQuerySet["ReflectionPrompt"]):
    def unanswered(self) -> ReflectionPromptQuerySet:
        return self.filter(answered_at__isnull=True)


class ReflectionPrompt(models.Model):
    """One member is asked, once, what works and what does not."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="prompts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    prompted_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="When they first looked at what all of them shared.")

    audience = Audience(AUTHOR, lambda viewer: Q(person=viewer))
    objects = ReflectionPromptQuerySet.as_manager()

    class Meta:
        ordering = ["-prompted_at"]
        constraints = [models.UniqueConstraint(fields=["pairing", "person"], name="a_member_is_prompted_once")]

    def __str__(self) -> str:
        return f"reflection prompt {self.pk}"


class ReflectionAnswer(models.Model):
    """An answer as written, for its author alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prompt = models.ForeignKey(ReflectionPrompt, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    question = models.SlugField()
    text = EncryptedTextField()
    written_at = models.DateTimeField(auto_now=True)

    audience = Audience(AUTHOR, lambda viewer: Q(author=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("person", self.author_id)


class ReflectionScale(models.Model):
    """A choice on one of the reflection's scales. It stands once the reflection is finished."""

    prompt = models.ForeignKey(ReflectionPrompt, on_delete=models.CASCADE, related_name="scales")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    question = models.SlugField()
    value = models.PositiveSmallIntegerField()

    audience = Audience(
        _("only you; leads see how many answered what, once at least five people have"),
        lambda viewer: Q(author=viewer),
        is_content=True,
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prompt", "question"], name="one_choice_a_scale"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="scales_go_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"


class SharedAnswer(models.Model):
    """What a member chose to share of an answer, a sentence a line: a copy under the pairing's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="+")
    prompt = models.ForeignKey(ReflectionPrompt, on_delete=models.CASCADE, related_name="shared")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    question = models.SlugField()
    text = EncryptedTextField()
    shared_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("you and your buddy"), lambda viewer: member_of(viewer, "pairing__", of="shared_at"))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["shared_at"]
        constraints = [models.UniqueConstraint(fields=["prompt", "question"], name="an_answer_is_shared_once")]

    def __str__(self) -> str:
        return f"shared answer {self.pk}"

    @property
    def content_owner(self) -> Owner:
        return Owner("pairing", self.pairing_id)
