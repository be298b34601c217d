"""A draft as it stands, and what can be done with two of its people by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from matching.models import MatchRun, ProposalSeat

Group = tuple[int, ...]
Pair = frozenset[int]


@dataclass(frozen=True)
class Move:
    """``added`` are the pairings that it makes of those in ``removed``; ``kept`` of them are held from now on."""

    kind: str
    people: tuple[int, ...]
    removed: tuple[Group, ...] = ()
    added: tuple[Group, ...] = ()
    kept: tuple[Group, ...] = ()

    @property
    def name(self) -> str:
        """Names the move among those of the same two people."""
        return f"{self.kind}-{self.people[0]}"

    @property
    def changes_pairings(self) -> bool:
        return bool(self.removed or self.added) and set(self.removed) != set(self.added)


@dataclass(frozen=True)
class Standing:
    groups: dict[int, Group] = field(default_factory=dict)  # participant -> who sits with them, themself included
    kept: frozenset[Group] = frozenset()
    forbidden: frozenset[Pair] = frozenset()

    def moves(self, a: int, b: int) -> list[Move]:
        if a == b:
            return []
        together = self.groups.get(a)
        if together is not None and b in together:
            return list(self._moves_of_fellows(together, a, b))
        return list(self._moves_of_strangers(a, b))

    def _moves_of_fellows(self, group: Group, a: int, b: int) -> Iterator[Move]:
        if len(group) == 2:
            yield Move("separate", (a, b), (group,))
        else:
            yield from (Move("leave", (one,), (group,), (_without(group, one),)) for one in (a, b))
        if group in self.kept:
            yield Move("release", (a, b), (group,), (group,))
        else:
            yield Move("keep", (a, b), (group,), (group,), (group,))
        if len(group) == 2:
            yield Move("forbid", (a, b), (group,))

    def _moves_of_strangers(self, a: int, b: int) -> Iterator[Move]:
        first, second = self.groups.get(a), self.groups.get(b)
        removed = tuple(group for group in (first, second) if group)
        pair, rest = _group(a, b), tuple(filter(None, (_rest(first, a), _rest(second, b))))
        yield Move("pair", (a, b), removed, (pair, *rest), (pair,))
        if first and second and len(first) == len(second) == 2:
            left = _group(*_without(first, a), *_without(second, b))
            yield Move("cross", (a, b), removed, (pair, left), (pair,))
        if first and second:
            swapped = (_group(b, *_without(first, a)), _group(a, *_without(second, b)))
            yield Move("swap", (a, b), removed, swapped, swapped)
        yield from self._trios(a, b)
        yield from self._trios(b, a)
        apart = Pair((a, b))
        yield Move("allow" if apart in self.forbidden else "forbid", (a, b))

    def _trios(self, who: int, to: int) -> Iterator[Move]:
        host, own = self.groups.get(to), self.groups.get(who)
        if host and len(host) == 2:
            trio, left = _group(who, *host), _rest(own, who)
            removed = tuple(filter(None, (host, own)))
            yield Move("join", (who, to), removed, (trio, *filter(None, (left,))), (trio,))


def standing_of(run: MatchRun) -> Standing:
    groups, kept = _groups(run)
    forbidden = {Pair(pair) for pair in run.forbidden}
    for kind, people in run.edits.standing().filter(kind__in=["forbid", "allow"]).values_list("kind", "participants"):
        forbidden = forbidden | {Pair(people)} if kind == "forbid" else forbidden - {Pair(people)}
    return Standing(groups, kept, frozenset(forbidden))


def _groups(run: MatchRun) -> tuple[dict[int, Group], frozenset[Group]]:
    seats: dict[int, list[int]] = {}
    kept: set[int] = set()
    rows = ProposalSeat.objects.filter(run=run).values_list("proposal", "participant", "proposal__pinned_at")
    for proposal, participant, pinned_at in rows:
        seats.setdefault(proposal, []).append(participant)
        kept |= {proposal} if pinned_at else set()
    groups = {proposal: _group(*members) for proposal, members in seats.items()}
    by_person = {member: group for group in groups.values() for member in group}
    return by_person, frozenset(groups[proposal] for proposal in kept)


def _group(*members: int) -> Group:
    return tuple(sorted(members))


def _without(group: Group, one: int) -> Group:
    return tuple(member for member in group if member != one)


def _rest(group: Group | None, one: int) -> Group | None:
    """What is left of a group without one of its members: a pairing only where two are left."""
    left = _without(group or (), one)
    return left if len(left) == 2 else None
