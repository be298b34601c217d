"""Topics that a programme offers: what people would like to get better at, and what they can help others with."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

MOST = 24
LONGEST = 60
TICKED = 5  # at most, for each of the two

USUAL = (
    _("Giving feedback"),
    _("Listening and asking"),
    _("Difficult conversations"),
    _("Leading a team"),
    _("Delegating"),
    _("Working across teams"),
    _("Presenting"),
    _("Writing clearly"),
    _("Saying no"),
    _("Time and priorities"),
    _("Career choices"),
    _("Starting in a new role"),
)


def tidy(topics: Iterable[str]) -> list[str]:
    """Without what is empty or said twice, in their order; capital letters make no other topic."""
    lines = (" ".join(topic.split()) for topic in topics)
    found: dict[str, str] = {}
    for line in lines:
        if line:
            found.setdefault(line.casefold(), line)
    return list(found.values())
