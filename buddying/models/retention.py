from __future__ import annotations

from django.db import models

from buddying.models.programmes import Cohort


class ContentEnd(models.Model):
    """When what people wrote in a cohort is erased: announced to them, then done. Never nearer than was announced."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="content_end")
    ends_on = models.DateField()
    announced_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"content of {self.cohort_id} until {self.ends_on}"
