"""What comes out: pairings with their reasons, people left over with theirs, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Tier = Literal["mutual", "one-way", "also", "none"]
TIERS: tuple[Tier, ...] = ("mutual", "one-way", "also", "none")


class Cancelled(Exception):
    """The caller's progress function answered False."""


class NotProven(Exception):
    """The plan breaks a rule, or its certificate does not prove that no plan is better."""


@dataclass(frozen=True)
class Reason:
    """One reason for two readers: `about` is for the lead, `told` for its members, and None where they may not know.

    Words for both are made elsewhere (`saying`).
    """

    code: str
    about: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] | None = None


@dataclass(frozen=True)
class Step:
    """One thing that would have to give way; words for it are made elsewhere (`saying`)."""

    code: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedPairing:
    """`tier` is what every member can claim; `weight` is in the engine's own doubled units."""

    members: tuple[str, ...]
    tier: Tier
    weight: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Unplaced:
    """`rules`: codes of what kept them from a buddy. `relaxation`: the least change that would free them, all of it."""

    person_id: str
    rules: tuple[str, ...]
    relaxation: tuple[Step, ...]


@dataclass(frozen=True)
class Plan:
    pairings: tuple[PlannedPairing, ...]
    unplaced: tuple[Unplaced, ...]
    certificate: dict[str, Any]
    summary: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """Of a plan from before reasons were codes, the reasons are left out."""
        return cls(
            pairings=tuple(_pairing(row) for row in data["pairings"]),
            unplaced=tuple(_unplaced(row) for row in data["unplaced"]),
            certificate=dict(data["certificate"]),
            summary=dict(data["summary"]),
        )


def _pairing(row: Mapping[str, Any]) -> PlannedPairing:
    reasons = tuple(Reason(**reason) for reason in row["reasons"] if "about" in reason)
    return PlannedPairing(tuple(row["members"]), row["tier"], row["weight"], reasons)


def _unplaced(row: Mapping[str, Any]) -> Unplaced:
    steps = [] if isinstance(row["relaxation"], str) else row["relaxation"]
    return Unplaced(row["person_id"], tuple(row["rules"]), tuple(Step(**step) for step in steps))
