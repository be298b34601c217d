"""An address pattern such as ``{label}@example.org`` makes addresses for a file that has none."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

PLACES = ("id", "label", "name")


class BadPattern(ValueError):
    pass


def check_pattern(pattern: str) -> None:
    """Raises ``BadPattern`` with a sentence for the person."""
    inside = re.findall(r"\{([^{}]*)\}", pattern)
    if unknown := [place for place in inside if place not in PLACES]:
        raise BadPattern(_("“{%(place)s}” is not known. Use {id} or {label}.") % {"place": unknown[0]})
    if not inside:
        raise BadPattern(_("Put {id} or {label} into the pattern: otherwise everybody has the same address."))
    if not is_address(address_of(pattern, "a1", "a1")):
        raise BadPattern(_("This does not make an e-mail address. For example: {label}@example.org"))


def address_of(pattern: str, reference: str, name: str) -> str:
    words = {"id": _mailable(reference), "label": _mailable(name), "name": _mailable(name)}
    return re.sub(r"\{(\w+)\}", lambda place: words[place[1]], pattern)


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _mailable(text: str) -> str:
    """Zoë O’Brien becomes zoe.obrien."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_-]+", ".", plain.replace("'", "")).strip(".")
