"""Small pieces of sentences."""

from collections.abc import Iterable
from typing import Any


def listed(things: Iterable[Any]) -> str:
    """Ada; Ada and Ben; Ada, Ben and Cleo."""
    *first, last = [str(thing) for thing in things] or [""]
    return f"{', '.join(first)} and {last}" if first else last
