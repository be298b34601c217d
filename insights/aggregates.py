"""When numbers about people may be shown: they let nobody conclude what one person said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from typing import NamedTuple

FEWEST = 5  # people
PAIRINGS = 2


class Given(NamedTuple):
    """What counts of one person in one group; ``pairing`` is a number of their own for somebody who is in none."""

    person: int
    pairing: int
    value: Hashable


def latest(given: Iterable[Given]) -> list[Given]:
    """Each person once, with the last that they gave, of what comes in the order of time."""
    return list({one.person: one for one in given}.values())


def may_stand(given: Collection[Given]) -> bool:
    """At least five people of two pairings, who do not all say the same."""
    people, pairings = size(given)
    return people >= FEWEST and pairings >= PAIRINGS and len(counted(given)) > 1


def are_many(given: Collection[Given]) -> bool:
    """For what is no answer, such as where people work."""
    return size(given)[0] >= FEWEST


def counted(given: Iterable[Given]) -> Counter[Hashable]:
    return Counter(one.value for one in given)


def at_least_five(number: int) -> int | None:
    """None for none to four: they look the same."""
    return number if number >= FEWEST else None


def size(given: Collection[Given]) -> tuple[int, int]:
    """People and pairings."""
    return len({one.person for one in given}), len({one.pairing for one in given})
