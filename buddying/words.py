"""Names and numbers in sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def listed(things: Iterable[Any], at_most: int = 6) -> str:
    """“Ada, Ben and Cleo”; beyond ``at_most``, “Ada, Ben and 4 others”."""
    names = [str(thing) for thing in things]
    if len(names) > at_most:
        others = len(names) - at_most + 1
        names = [*names[: at_most - 1], ngettext("%(count)d other", "%(count)d others", others) % {"count": others}]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def grouped(number: int) -> str:
    """“1,234”."""
    return number_format(number, force_grouping=True)


def people(number: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", number) % {"count": grouped(number)}


def length(minutes: int) -> str:
    """“1 hour 15 minutes”."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours else []
    parts += [ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}] if rest else []
    return " ".join(parts)
