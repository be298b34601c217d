"""What a template carries. Plain data: each template is a module of its own beside this one.

Its words stand in English and are gathered for translation line by line; ``spoken`` is the template as a person reads
it and as a programme keeps it: a programme has its lead's words, whoever reads them later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext

from buddying.topics import USUAL
from outbox.words import Words


@dataclass(frozen=True)
class Meeting:
    """Of the whole group: so many days after the start or, with ``from_end``, before the end."""

    what: str
    days: int
    from_end: bool = False
    note: str = ""

    def day(self, starts_on: date, ends_on: date) -> date:
        offset = timedelta(days=self.days)
        return max(starts_on, ends_on - offset) if self.from_end else min(starts_on + offset, ends_on)


@dataclass(frozen=True)
class ProgrammeTemplate:
    """``guide`` and ``questions`` hold only what differs from the product's own words."""

    key: str
    label: str
    summary: str
    weeks: int
    target_sessions: int
    session_minutes: int
    reflection_point: int
    purpose: str
    community: str
    ways: str
    roles: str
    rules: str
    outcomes: str
    topics: tuple[Words, ...] = USUAL
    guide: Mapping[str, object] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    new_pairs_weeks: int | None = None
    sign_up_days: int = 28  # from the opening of sign-up to the start
    nominations_days: int = 10  # from the last day to name buddies to the start
    publishing_days: int = 5  # from the publishing of pairs to the start

    def spoken(self) -> Self:
        """In the language in use now."""
        words = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "key"}
        return replace(self, **_spoken(words))

    def dates(self, starts_on: date, today: date) -> dict[str, date]:
        """Proposed dates in order, none of them past unless the start is."""
        earliest = min(today, starts_on)
        return {
            "sign_up_opens_on": max(earliest, starts_on - timedelta(days=self.sign_up_days)),
            "nominations_close_on": max(earliest, starts_on - timedelta(days=self.nominations_days)),
            "pairs_published_on": max(earliest, starts_on - timedelta(days=self.publishing_days)),
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(weeks=self.weeks),
        }

    def next_start(self, today: date) -> date:
        """The first Monday that leaves the whole time for signing up."""
        earliest = today + timedelta(days=self.sign_up_days)
        return earliest + timedelta(days=-earliest.weekday() % 7)


def _spoken(value: Any) -> Any:
    match value:
        case str():
            return "\n".join(gettext(line) if line else "" for line in value.split("\n"))
        case Promise():
            return str(value)
        case Mapping():
            return {key: _spoken(one) for key, one in value.items()}
        case tuple() | list():
            return type(value)(map(_spoken, value))
        case Meeting():
            return replace(value, what=_spoken(value.what), note=_spoken(value.note))
        case _:
            return value
