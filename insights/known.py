"""What somebody who may see every figure of a question knows, as the auditor wants it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from insights.aggregates import Given, size
from insights.auditor import Group, Leak, Shown, audit
from insights.models import Figure

HERE = "here"  # the one answer to where somebody works


@dataclass(frozen=True)
class Entry:
    """A figure: the groups it counts, how often each answer, and of which scopes' totals it is a part."""

    groups: frozenset[Hashable]
    counts: Mapping[str, int]
    scopes: tuple[Hashable, ...]


@dataclass
class Known:
    groups: list[Group] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def add(self, groups: list[Group], counts: Mapping[str, int], scopes: tuple[Hashable, ...]) -> None:
        self.groups += groups
        self.entries.append(Entry(frozenset(group.name for group in groups), counts, scopes))

    def add_published(self, subject: str) -> None:
        figures = Figure.objects.filter(subject=subject).select_related("cohort").prefetch_related("parts")
        for figure in figures:
            # Named by what it covers: where two figures cover the same people, that is what is to be found.
            groups = [
                Group((part.cohort_id or part.department, part.until), part.people, part.pairings)
                for part in figure.parts.all()
            ]
            programme = figure.cohort.programme_id if figure.cohort else figure.programme_id
            self.add(groups, figure.counts or {HERE: figure.people}, scopes(figure.cohort_id, programme))

    def add_waiting(self, waiting: Mapping[Hashable, Collection[Given]]) -> None:
        self.groups += [Group(("waiting", key), *size(given)) for key, given in waiting.items()]

    def leaks(self, sizes_known: bool) -> list[Leak]:
        values = {value for entry in self.entries for value in entry.counts}
        return audit(self.groups, self._shown(values), values, sizes_known)

    def _shown(self, values: Iterable[str]) -> list[Shown]:
        """Each figure answer by answer, also where nobody gave it, and each scope's total over all months."""
        totals: dict[Hashable, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for scope in entry.scopes:
                totals[scope].append(entry)
        sums = [*((entry,) for entry in self.entries), *totals.values()]
        return [_sum(entries, value) for entries in sums for value in values]


def scopes(cohort: int | None, programme: int | None) -> tuple[Hashable, ...]:
    named = (("cohort", cohort), ("programme", programme))
    return ("organisation", *(scope for scope in named if scope[1] is not None))


def _sum(entries: Iterable[Entry], value: str) -> Shown:
    known = list(entries)
    groups = frozenset[Hashable]().union(*(entry.groups for entry in known))
    return Shown(groups, frozenset((value,)), sum(Counter(entry.counts)[value] for entry in known))
