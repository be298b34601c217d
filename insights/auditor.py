"""Whether figures on show give away what a small group answered. Pure: figures in, leaks out.

Whoever reads the figures knows equations: each is a sum over groups and answers, all figures of all months
together. For each small group and each answer a linear programme asks how low and how high its number can be under
all of them. A group of two or more has to stay open by two people at least, a single person by one; what is narrower
is a leak, but that nobody of five or more gave some answer, which is said of all of them alike. The reader is taken
to know as well how many people each group has, unless that is itself to be hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, inf

import numpy as np

from insights.aggregates import FEWEST, PAIRINGS

ALLOWED = 2  # people
EXACT = 1e-6

Name = Hashable
Cell = tuple[Name, Hashable]  # a group, an answer


class Contradiction(Exception):
    """No numbers agree with all figures: one of them is wrong."""


@dataclass(frozen=True)
class Group:
    """People whose answers are counted together or not at all."""

    name: Name
    people: int
    pairings: int

    @property
    def is_small(self) -> bool:
        return self.people > 0 and (self.people < FEWEST or self.pairings < PAIRINGS)


@dataclass(frozen=True)
class Shown:
    """A number that somebody can read: how many in these groups gave one of these answers."""

    groups: frozenset[Name]
    values: frozenset[Hashable]
    count: int

    def cells(self) -> Iterator[Cell]:
        return product(self.groups, self.values)


@dataclass(frozen=True)
class Leak:
    groups: tuple[Name, ...]
    value: Hashable
    lowest: float
    highest: float


def audit(
    groups: Iterable[Group], shown: Iterable[Shown], values: Iterable[Hashable], sizes_known: bool = True
) -> list[Leak]:
    """``values``: the possible answers. Raises Contradiction."""
    known, told, possible = {group.name: group for group in groups}, _told_anew(shown), list(values)
    return [
        leak
        for names, figures in _connected(told)
        if any(known[name].is_small for name in names)
        for leak in _Programme([known[name] for name in names], figures, possible, sizes_known).leaks()
    ]


def _told_anew(shown: Iterable[Shown]) -> list[Shown]:
    """Without totals of figures that are on show themselves: those say nothing new, but join everything."""
    by_size = sorted(set(shown), key=lambda one: len(one.groups))
    smaller: dict[tuple[Name, frozenset[Hashable]], list[Shown]] = defaultdict(list)
    kept = []
    for one in by_size:
        if _is_sum(one, smaller):
            continue
        kept.append(one)
        for group in one.groups:
            smaller[group, one.values].append(one)
    return kept


def _is_sum(total: Shown, smaller: dict[tuple[Name, frozenset[Hashable]], list[Shown]]) -> bool:
    left, count = set(total.groups), 0
    while left:
        parts = (part for part in smaller[next(iter(left)), total.values] if part.groups <= left)
        part = max(parts, key=lambda one: len(one.groups), default=None)
        if part is None:
            return False
        left -= part.groups
        count += part.count
    return count == total.count


def _connected(shown: Iterable[Shown]) -> Iterator[tuple[list[Name], list[Shown]]]:
    """Groups that share figures, with those figures. What is in no figure is laid open by none."""
    of: dict[Name, list[Shown]] = defaultdict(list)
    for one in shown:
        for name in one.groups:
            of[name].append(one)
    seen: set[Name] = set()
    for start in of:
        if start not in seen:
            names, figures, waiting = [], {}, [start]
            while waiting:
                name = waiting.pop()
                if name in seen:
                    continue
                seen.add(name)
                names.append(name)
                figures.update(dict.fromkeys(of[name]))
                waiting += [other for one in of[name] for other in one.groups]
            yield names, list(figures)


class _Programme:
    """The equations of some groups and their figures."""

    def __init__(
        self, groups: Sequence[Group], shown: Sequence[Shown], values: Sequence[Hashable], sizes_known: bool
    ) -> None:
        self.groups, self.shown, self.values, self.sizes_known = groups, shown, values, sizes_known
        cells = [(group.name, value) for group in groups for value in values]
        self.place = {cell: number for number, cell in enumerate(cells)}
        sums = [(list(one.cells()), one.count) for one in shown]
        if sizes_known:
            sums += [([(group.name, value) for value in values], group.people) for group in groups]
        self.matrix = np.array([self._row(cells) for cells, _ in sums])
        self.right = np.array([count for _, count in sums], dtype=float)

    def leaks(self) -> Iterator[Leak]:
        for some in self._hidden():
            people = sum(group.people for group in some)
            for value in self.values if self.sizes_known else (None,):
                if self._is_said_of_many(some, value):
                    continue
                low, high = self._between(some, value)
                if _width(low, high) < min(people, ALLOWED):
                    yield Leak(tuple(group.name for group in some), value, low, high)

    def _hidden(self) -> Iterator[list[Group]]:
        """Each small group; several that are few even together, as what is left of one figure without another."""
        by_name = {group.name: group for group in self.groups}
        small = frozenset(group.name for group in self.groups if group.is_small)
        sets = {one.groups for one in self.shown} | {frozenset(by_name)}
        left = {whole - part for whole in sets for part in (*sets, frozenset()) if part < whole}
        unions = (
            {frozenset((name,)) for name in small} | {names for names in left if names and names <= small} | {small}
        )
        for names in sorted(unions, key=lambda one: (len(one), sorted(map(str, one)))):
            some = [by_name[name] for name in names]
            if len(some) > 0 and (len(some) == 1 or sum(group.people for group in some) < FEWEST):
                yield some

    def _is_said_of_many(self, some: Sequence[Group], value: Hashable) -> bool:
        """A figure shows that nobody of five or more gave this answer: it says so of all of them alike."""
        people, names = {group.name: group.people for group in self.groups}, {group.name for group in some}
        none = (one.groups for one in self.shown if one.count == 0 and one.values == {value})
        return any(names <= groups and sum(people[name] for name in groups) >= FEWEST for groups in none)

    def _between(self, some: Sequence[Group], value: Hashable) -> tuple[float, float]:
        values = self.values if value is None else [value]
        aim = self._row([(group.name, one) for group in some for one in values])
        return self._least(aim), -self._least(-aim)

    def _least(self, aim: np.ndarray) -> float:
        from scipy.optimize import linprog  # heavy, and needed once a month

        found = linprog(aim, A_eq=self.matrix, b_eq=self.right, bounds=(0, None), method="highs")
        if found.status == 3:
            return -inf
        if found.status != 0:
            raise Contradiction(found.message)
        return float(found.fun)

    def _row(self, cells: Iterable[Cell]) -> np.ndarray:
        row = np.zeros(len(self.place))
        for cell in cells:
            row[self.place[cell]] = 1
        return row


def _width(low: float, high: float) -> float:
    """How many whole numbers above the lowest that can be."""
    return inf if high == inf else floor(high + EXACT) - ceil(low - EXACT)
