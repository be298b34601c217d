"""What a programme's leads wrote in place of our lessons, and what a reader marked as read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Programme
from trust.visibility import Audience, VisibleQuerySet


def readers(viewer: Any) -> Q:
    return Q(programme__in=Programme.objects.visible_to(viewer))


class LessonText(models.Model):
    """A lesson in a programme's own words."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="lesson_texts")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("the programme's leads and participants, and administrators"), readers)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="a_programme_words_a_lesson_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ReadMark(models.Model):
    """The reader's own bookmark. Nobody counts it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("only you"), lambda viewer: Q(person=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug", "person"], name="a_reader_marks_a_lesson_once"),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"
