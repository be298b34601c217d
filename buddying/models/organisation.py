from __future__ import annotations

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """The one organisation that this deployment serves."""

    name = models.CharField(max_length=120, default="Our organisation")
    contact_email = models.EmailField(blank=True, help_text="Where people can ask for help with the product.")
    support_contacts = models.TextField(
        blank=True,
        help_text="Where people can turn when it is more than coaching: one contact a line.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_organisation")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Organisation:
        return cls.objects.filter(pk=1).first() or cls(pk=1)
