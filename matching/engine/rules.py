"""Who may be paired with whom.

Rules that always hold: nobody with their own manager, no refusal, no forbidden pair. The others come from the
policy. A pinned pair is spared the policy's rules but not the ones that always hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .policy import HardRules
from .scoring import soft_scores
from .table import UNKNOWN, Table, Truths, shared_bits

Pairs = frozenset[tuple[int, int]]

MANAGER, NOT_POSSIBLE, FORBIDDEN = "own-manager", "not-possible", "forbidden"
REPEAT, LEVEL_GAP, DEPARTMENT = "repeat", "level-gap", "department"
COMMON_TIME, COMMITMENT, PLACE, SCORE = "common-time", "commitment", "place", "score"
ALWAYS = (MANAGER, NOT_POSSIBLE, FORBIDDEN)


@dataclass(frozen=True)
class Pins:
    """What the lead has fixed, as far as it can be honoured. `notes` tell of the rest."""

    partner: dict[int, int]
    groups: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...]

    @property
    def trios(self) -> tuple[tuple[int, int, int], ...]:
        return tuple((g[0], g[1], g[2]) for g in self.groups if len(g) == 3)


class Rules:
    """The hard rules of one table, or others for its people. A block is a matrix: rows asked for × all people."""

    def __init__(self, table: Table, policy: HardRules | None = None) -> None:
        self.table = table
        self.policy = policy or table.problem.policy.rules

    # -- by rule ---------------------------------------------------------------------------------

    def broken(self, rows: slice) -> dict[str, Truths]:
        """For each rule in force, by code, the pairs that break it."""
        broken = {code: self._marked(self.listed[code], rows) for code in self.listed if self.listed[code]}
        return broken | dict(self._from_policy(rows))

    def _from_policy(self, rows: slice) -> Iterator[tuple[str, Truths]]:
        table, policy = self.table, self.policy
        if policy.max_level_gap is not None:
            known = table.level_known[rows, None] & table.level_known[None, :]
            gap = np.abs(table.level[rows, None] - table.level[None, :])
            yield LEVEL_GAP, known & (gap > policy.max_level_gap)
        if policy.department != "any":
            same = table.department[rows, None] == table.department[None, :]
            known = _both_known(table.department != UNKNOWN, rows)
            yield DEPARTMENT, known & (same if policy.department == "different" else ~same)
        if policy.min_common_hours is not None:
            shared = shared_bits(table.free, table.free, rows)
            yield COMMON_TIME, _both_known(table.free_known, rows) & (shared < 2 * policy.min_common_hours)
        ratio = policy.commitment_ratio
        if ratio is not None:
            mine, theirs = table.hours[rows, None], table.hours[None, :]
            more, less = np.maximum(mine, theirs), np.minimum(mine, theirs)
            apart = more * ratio.denominator > less * ratio.numerator
            yield COMMITMENT, _both_known(table.hours != UNKNOWN, rows) & apart
        if policy.same_place:
            elsewhere = table.place[rows, None] != table.place[None, :]
            yield PLACE, _both_known(table.place != UNKNOWN, rows) & elsewhere
        if policy.min_score:
            yield SCORE, soft_scores(table, rows) < policy.min_score

    @cached_property
    def listed(self) -> dict[str, Pairs]:
        """Rules that name their pairs one by one, in both directions."""
        problem = self.table.problem
        return {
            MANAGER: self._lines_of_management(),
            NOT_POSSIBLE: self._both_ways(problem.refusals),
            FORBIDDEN: self._both_ways(problem.forbidden),
            REPEAT: self._repeats(),
        }

    def _lines_of_management(self) -> Pairs:
        manager = {p.id: p.manager_id for p in self.table.people if p.manager_id in self.table.index}
        found: list[tuple[str, str]] = []
        for person_id in manager:
            above, seen = manager.get(person_id), {person_id}
            while above is not None and above not in seen:
                found.append((person_id, above))
                seen.add(above)
                above = manager.get(above) if self.policy.whole_line else None
        return self._both_ways(found)

    def _repeats(self) -> Pairs:
        within = self.policy.no_repeat_within
        if within is None:
            return frozenset()
        recent = (past.members for past in self.table.problem.past if past.cohorts_ago <= within)
        return self._both_ways((a, b) for members in recent for a in members for b in members if a != b)

    def _both_ways(self, pairs: Iterable[tuple[str, str]]) -> Pairs:
        index = self.table.index
        one_way = [(index[a], index[b]) for a, b in pairs if a in index and b in index]
        return frozenset(one_way) | frozenset((b, a) for a, b in one_way)

    def _marked(self, pairs: Iterable[tuple[int, int]], rows: slice) -> Truths:
        marks = np.zeros((rows.stop - rows.start, len(self.table)), dtype=np.bool_)
        inside = [(a - rows.start, b) for a, b in pairs if rows.start <= a < rows.stop]
        if inside:
            marks[tuple(np.array(inside).T)] = True
        return marks

    # -- all together ----------------------------------------------------------------------------

    def possible(self, rows: slice) -> Truths:
        """Pairs that no rule forbids; what is pinned is possible too."""
        possible = np.ones((rows.stop - rows.start, len(self.table)), dtype=np.bool_)
        for broken in self.broken(rows).values():
            possible &= ~broken
        possible |= self._marked(_pairs_of(self.pins.groups), rows)
        possible[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = False
        return possible

    def pairable(self, rows: slice) -> Truths:
        """Pairs that may become a pairing of two: whoever is pinned has only the one they are pinned to."""
        pairable = self.possible(rows)
        fixed = [v for group in self.pins.groups for v in group]
        pairable[:, fixed] = False
        for v in fixed:
            if rows.start <= v < rows.stop:
                pairable[v - rows.start, :] = False
        twos = [group for group in self.pins.groups if len(group) == 2]
        return pairable | self._marked(_pairs_of(twos), rows)

    @cached_property
    def pins(self) -> Pins:
        notes: list[str] = []
        groups: list[tuple[int, ...]] = []
        for ids in self.table.problem.pinned:
            group = tuple(sorted(self.table.index[i] for i in ids if i in self.table.index))
            if why := self._cannot_pin(ids, group, groups):
                notes.append(f"{' and '.join(ids)} could not be put together: {why}.")
            else:
                groups.append(group)
        partner = {a: b for group in groups if len(group) == 2 for a, b in (group, group[::-1])}
        return Pins(partner, tuple(groups), tuple(notes))

    def _cannot_pin(self, ids: Sequence[str], group: tuple[int, ...], groups: list[tuple[int, ...]]) -> str:
        if len(group) != len(ids) or len(group) not in (2, 3):
            return "two or three people of this cohort are needed"
        if any(v in other for other in groups for v in group):
            return "one of them has been put with somebody else"
        if any(pair in self.listed[code] for code in ALWAYS for pair in _pairs_of([group])):
            return "this pair is not possible"
        return ""


def _pairs_of(groups: Iterable[tuple[int, ...]]) -> list[tuple[int, int]]:
    return [(a, b) for group in groups for a in group for b in group if a != b]


def _both_known(known: Truths, rows: slice) -> Truths:
    return known[rows, None] & known[None, :]
