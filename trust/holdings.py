"""What is kept of a person, model by model.

Each floor registers its own models once; the privacy page, the download, erasure and the end of a cohort's content all
read this one table, so none of them can forget what another knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from outbox.words import Words

Own = str | Callable[[Any], Q]


class Fate(Enum):
    """What becomes of a row when its person erases their account, in words for the privacy page."""

    GONE = _("goes")
    EMPTIED = _("goes; an empty row stays for the counts")
    NAMELESS = _("stays as a count, without your name")
    WITH_THE_OTHERS = _("stays with those it is shared with, without your name")
    AGES_OUT = _("stays without your name until its time is over")


@dataclass(frozen=True)
class Holding:
    """``of``: the path from a row to the person whose it is, or a condition; ``also``: further paths to people whom a
    row tells of, erased with them too, but in nobody's download.

    ``blank``: columns of a row that stays, and what stands in them then. ``shows``: what the download holds, a label
    for each path. ``content_of``: a scope of ``buddying.retention`` and the path to it, for what goes with a cohort's
    content; ``ends_blank``: it is then emptied, not deleted. ``who``: where the model itself has no audience, or
    none in these words. ``stays``: what of it is in its person's download though no page shows it to them, or no
    longer: what they wrote, signed, booked or answered in a pairing that they have left.
    """

    model: str
    what: Words
    of: Own
    shows: Mapping[Any, str]
    fate: Fate = Fate.GONE
    also: tuple[str, ...] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)
    content_of: tuple[str, str] | None = None
    ends_blank: bool = False
    who: Words = ""
    stays: Own | None = None

    @property
    def rows(self) -> QuerySet[Model]:
        return apps.get_model(self.model)._base_manager.all()

    @property
    def seers(self) -> Words:
        return self.who or apps.get_model(self.model).audience.words

    @property
    def seen_by(self) -> str:
        return str(self.seers)

    def own(self, person: Any) -> Q:
        return _condition(self.of, person)

    def rows_of(self, person: Any) -> QuerySet[Model]:
        """Theirs alone."""
        return self._where(self.own(person))

    def _where(self, condition: Q) -> QuerySet[Model]:
        """Each once, over whatever joins."""
        return self.rows.filter(pk__in=self.rows.filter(condition).values("pk"))

    def rows_about(self, person: Any) -> QuerySet[Model]:
        """Theirs, and those that tell of them."""
        condition = self.own(person)
        for path in self.also:
            condition |= Q(**{path: person})
        return self._where(condition)

    def in_download(self, person: Any) -> QuerySet[Model]:
        """Theirs, and of those only what they may see on a page, or what stays theirs all the same."""
        model = apps.get_model(self.model)
        if not hasattr(model, "audience"):
            return self.rows_of(person)
        seen = Q(pk__in=model._default_manager.visible_to(person).values("pk"))
        if self.stays:
            seen |= Q(pk__in=self._where(_condition(self.stays, person)).values("pk"))
        return self.rows_of(person).filter(seen)


def _condition(own: Own, person: Any) -> Q:
    return own(person) if callable(own) else Q(**{own: person})


ORDER = ("buddying", "equipping", "matching", "sessions_log", "reflection", "insights", "outbox", "trust")

_holdings: dict[str, Holding] = {}
_left_out: dict[str, str] = {}


def register(*holdings: Holding) -> None:
    for holding in holdings:
        _holdings[holding.model] = holding


def leave_out(reason: str, *models: str) -> None:
    """Models that hold nothing of a person that belongs in the table, and why."""
    for model in models:
        _left_out[model] = reason


def all_holdings() -> list[Holding]:
    """As people come across them: who they are, how they practise and are paired, what they say, what they are sent."""
    return sorted(_holdings.values(), key=lambda holding: ORDER.index(holding.model.partition(".")[0]))


def left_out() -> Mapping[str, str]:
    return _left_out


def erase_rows(person: Any) -> None:
    """As each row's fate says."""
    for holding in all_holdings():
        rows = holding.rows_about(person)
        if holding.fate is Fate.GONE:
            rows.delete()
        elif holding.blank:
            rows.update(**holding.blank)


def joined(holdings: Iterable[Holding]) -> dict[str, list[Holding]]:
    """Those that share a line of the table, by its words."""
    lines: dict[str, list[Holding]] = {}
    for holding in holdings:
        lines.setdefault(str(holding.what), []).append(holding)
    return lines
