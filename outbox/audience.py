"""Who may see a row of this floor. The shape is that of ``trust.visibility``, which lies a floor above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from outbox.words import Words

M = TypeVar("M", bound=Model)


ONLY_YOU = _("only you")


@dataclass(frozen=True)
class OnlyYou:
    """``field`` names the person to whom the row belongs."""

    field: str
    words: Words = ONLY_YOU


class OwnQuerySet(QuerySet[M]):
    def visible_to(self, viewer: Any) -> Self:
        if not (viewer.is_authenticated and viewer.is_active):
            return self.none()
        audience: OnlyYou = self.model.audience  # type: ignore[attr-defined]
        return self.filter(**{audience.field: viewer})
