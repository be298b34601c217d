"""Wrapping every data key with the first key of the ring, so that the keys behind it can be taken away."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from trust.keys import current_wrapping_key
from trust.models import DataKey, forget_keys

AT_ONCE = 500

# What higher floors seal with the ring itself, and not with a data key: each seals it anew and says how much that was.
also: list[Callable[[], int]] = []


def rotate() -> int:
    """How much was wrapped anew; nothing, if run again. One that is cut short goes on where it was.

    Raises CannotRead for a key that is not in the ring or does not open; what was done before it stands.
    """
    done = 0
    while some := _rotate_some():
        done += some
    forget_keys()
    return done + sum(rotate_those() for rotate_those in also)


@transaction.atomic
def _rotate_some() -> int:
    name, _ = current_wrapping_key()
    old = DataKey.objects.select_for_update().filter(wrapped__isnull=False).exclude(wrapping_key=name)
    keys = list(old.order_by("pk")[:AT_ONCE])
    for key in keys:
        key.wrap_anew()
    DataKey.objects.bulk_update(keys, ["wrapping_key", "wrapped"])
    return len(keys)
