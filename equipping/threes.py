"""Groups of three out of a cohort. Data in, plan out: no Django, no database.

Sizes: threes. One person over makes one group a four; two over make two fours. A group of two comes about only where
there are two or five people, or where those who must not meet leave nothing else: then fours go before twos, because
in a two nobody observes.

Who must not meet (`apart`) never meets, whatever that costs. As many people as possible are placed; up to
`EXACT` people that is certain; beyond it the search gives up after some steps and may leave somebody out. Among such
plans, people of the same department and people who know each other already (`known`) are spread: no exchange of two
people would mix the groups better.

The same input gives the same plan, in whatever order it comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

EXACT = 12
PATIENCE = 20_000  # steps of the search for one set of sizes
FEW = 3  # for more people: so many sets of sizes, and so many left out, before it is done one after the other

Pair = tuple[str, str]
Groups = list[list[str]]


@dataclass(frozen=True)
class Threes:
    groups: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()


@dataclass
class Table:
    """Who must not meet whom, and what it costs to put two together who are alike or know each other."""

    people: list[str]
    departments: Mapping[str, str | None]
    apart: frozenset[frozenset[str]]
    known: frozenset[frozenset[str]]
    foes: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.foes = {person: set() for person in self.people}
        for a, b in map(tuple, self.apart):
            self.foes[a].add(b)
            self.foes[b].add(a)

    def cost(self, a: str, b: str) -> int:
        mine, theirs = self.departments.get(a), self.departments.get(b)
        return int(bool(mine) and mine == theirs) + int(frozenset((a, b)) in self.known)

    def cost_in(self, person: str, group: Iterable[str]) -> int:
        return sum(self.cost(person, other) for other in group if other != person)

    def fits(self, person: str, group: Iterable[str]) -> bool:
        return self.foes[person].isdisjoint(group)


def in_threes(
    people: Iterable[str],
    apart: Iterable[Pair] = (),
    departments: Mapping[str, str | None] | None = None,
    known: Iterable[Pair] = (),
) -> Threes:
    """``apart`` and ``known`` may name pairs in either order, and people who are not there."""
    here = sorted(set(people), key=natural)
    table = Table(here, departments or {}, _pairs(apart, here), _pairs(known, here))
    # Whoever can meet nobody is left out at once, so that the search is not spent on them.
    lonely = [person for person in here if len(table.foes[person]) == len(here) - 1]
    rest = [person for person in here if person not in lonely]
    groups, left_out = _placed(table, rest)
    _mix(table, groups)
    tidy = sorted((tuple(sorted(group, key=natural)) for group in groups), key=_threes_first)
    return Threes(tuple(tidy), tuple(sorted([*lonely, *left_out], key=natural)))


def natural(person: str) -> tuple[int, str]:
    """Order in which "9" comes before "10"."""
    return len(person), person


def _threes_first(group: tuple[str, ...]) -> tuple[bool, list[tuple[int, str]]]:
    return len(group) != 3, [natural(person) for person in group]


def sizes(people: int) -> Iterator[tuple[int, ...]]:
    """Every way to make groups of two, three and four, the best first: few twos, then few fours."""
    ways = [
        (twos, fours, threes)
        for twos in range(people // 2 + 1)
        for fours in range((people - 2 * twos) // 4 + 1)
        for threes, over in [divmod(people - 2 * twos - 4 * fours, 3)]
        if not over
    ]
    for twos, fours, threes in sorted(ways):
        yield (4,) * fours + (3,) * threes + (2,) * twos


def _pairs(pairs: Iterable[Pair], here: Collection[str]) -> frozenset[frozenset[str]]:
    known = set(here)
    return frozenset(frozenset(pair) for pair in pairs if known.issuperset(pair) and len(set(pair)) == 2)


# -- placing everybody, or as many as can be --------------------------------------------------------


def _placed(table: Table, people: list[str]) -> tuple[Groups, list[str]]:
    ordered = sorted(people, key=lambda person: (-len(table.foes[person]), natural(person)))
    certain = len(people) <= EXACT
    for left_out in range(len(people) + 1 if certain else FEW):
        for way in islice(sizes(len(people) - left_out), None if certain else FEW):
            search = _Search(table, way, left_out)
            if search.place(ordered):
                return search.groups, search.outside
    return _one_after_the_other(table, ordered)


def _one_after_the_other(table: Table, ordered: Sequence[str]) -> tuple[Groups, list[str]]:
    """Where next to everybody must not meet: threes first, then a four for whoever is alone."""
    groups: Groups = []
    for person in ordered:
        open_groups = [group for group in groups if len(group) < 3 and table.fits(person, group)]
        if open_groups:
            min(open_groups, key=lambda group: table.cost_in(person, group)).append(person)
        else:
            groups.append([person])
    alone = [group[0] for group in groups if len(group) == 1]
    groups = [group for group in groups if len(group) > 1]
    for person in list(alone):
        if four := next((group for group in groups if len(group) == 3 and table.fits(person, group)), None):
            four.append(person)
            alone.remove(person)
    return groups, alone


class _Search:
    """Depth first: whoever is hardest to place comes first, and goes where they mix best."""

    def __init__(self, table: Table, way: Sequence[int], places_outside: int) -> None:
        self.table, self.sizes = table, way
        self.groups: Groups = [[] for _ in way]
        self.outside: list[str] = []
        self.places_outside = places_outside
        self.steps = 0

    def place(self, people: Sequence[str]) -> bool:
        """Without recursion: a cohort may have more people than Python has frames."""
        taken: Groups = []
        open_choices = [iter(self._open_to(people[0]))] if people else []
        while open_choices and self.steps < PATIENCE:
            group = next(open_choices[-1], None)
            if group is None:
                open_choices.pop()
                if taken:
                    taken.pop().pop()
                continue
            group.append(people[len(taken)])
            taken.append(group)
            self.steps += 1
            if len(taken) == len(people):
                return True
            open_choices.append(iter(self._open_to(people[len(taken)])))
        return not people

    def _open_to(self, person: str) -> list[list[str]]:
        """Of several empty groups of one size only the first: the others are the same again."""
        found, empty_seen = [], set()
        for group, size in zip(self.groups, self.sizes, strict=True):
            if len(group) == size or not self.table.fits(person, group):
                continue
            if not group and size in empty_seen:
                continue
            if not group:
                empty_seen.add(size)
            found.append(group)
        found.sort(key=lambda group: (self.table.cost_in(person, group), len(group)))
        return [*found, self.outside] if len(self.outside) < self.places_outside else found


# -- mixing -----------------------------------------------------------------------------------------


def _mix(table: Table, groups: Groups) -> None:
    """Exchange two people as long as that spreads departments and acquaintances better."""
    while sum(_better(table, group, groups) for group in groups):
        pass


def _better(table: Table, one: list[str], groups: Groups) -> bool:
    if not any(table.cost_in(person, one) for person in one):
        return False
    return any(_exchange(table, one, other) for other in groups if other is not one)


def _exchange(table: Table, one: list[str], other: list[str]) -> bool:
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            before = table.cost_in(a, one) + table.cost_in(b, other)
            if not before:
                continue
            without_a, without_b = [*one[:i], *one[i + 1 :]], [*other[:j], *other[j + 1 :]]
            if not (table.fits(b, without_a) and table.fits(a, without_b)):
                continue
            if table.cost_in(b, without_a) + table.cost_in(a, without_b) < before:
                one[i], other[j] = b, a
                return True
    return False
