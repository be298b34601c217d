"""Names and numbers in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def listed(things: Iterable[Any], at_most: int = 6) -> str:
    """“Ada, Ben and Cleo”; beyond ``at_most``, “Ada, Ben and 4 others”."""
    names = [str(thing) for thing in things]
    if len(names) > at_most:
        names = [*names[: at_most - 1], f"{len(names) - at_most + 1} others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def counted_in_words(number: int, one: str, many: str) -> str:
    """“a time”, “three times”, “12 times”."""
    words = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return f"{words[number] if number < len(words) else number} {one if number == 1 else many}"


def people(number: int) -> str:
    return counted(number, "person", "people")
