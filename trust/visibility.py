"""Who may see what: one rule for each model, as a query and as words.

Every model with a person's data has ``audience = Audience(words, rule)`` and
``objects = VisibleQuerySet.as_manager()``. Views fetch through ``visible_to(request.user)``;
pages print ``audience.words``. Both come from the same object, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from outbox.words import Words

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Audience:
    """``words`` completes the sentence "Who can see this: …"; ``rule`` turns a viewer into a condition.

    ``is_content``: row-level security guards the table, as it does every table with encrypted text.
    """

    words: Words
    rule: Callable[[Any], Q]
    is_content: bool = False


class VisibleQuerySet(QuerySet[M]):
    def visible_to(self, viewer: Any) -> Self:
        """What ``viewer`` may see; anonymous visitors and deactivated people see nothing."""
        if not (viewer.is_authenticated and viewer.is_active):
            return self.none()
        audience: Audience = self.model.audience  # type: ignore[attr-defined]
        return self.filter(audience.rule(viewer))
