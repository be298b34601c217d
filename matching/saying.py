"""The engine's reasons and remedies in the reader's language.

They are kept as codes and what these are about. What was kept as sentences, before that, is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext

from matching import engine
from matching.engine.saying import Saying


def decimal(number: float) -> str:
    """Without zeros at its end: “1.5”, “2”."""
    return number_format(Decimal(f"{number:g}"))


def _saying() -> Saying:
    return Saying(gettext, ngettext, decimal)


def to_leads(reasons: Iterable[dict[str, Any]]) -> list[str]:
    return [row["says"] if "says" in row else _saying().to_leads(row["code"], row["about"]) for row in reasons]


def to_members(reasons: Iterable[dict[str, Any] | str]) -> list[str]:
    return [row if isinstance(row, str) else _saying().to_members(row["code"], row["about"]) for row in reasons]


def _to_member(row: dict[str, Any] | str) -> str:
    return to_members([row])[0]


lazily_to_members = lazy(_to_member, str)


def relaxation(steps: Iterable[dict[str, Any]] | str) -> str:
    return steps if isinstance(steps, str) else _saying().relaxation(engine.Step(**step) for step in steps)
