"""What comes out: pairings with their reasons, people left over with theirs, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Tier = Literal["mutual", "one-way", "also", "none"]
TIERS: tuple[Tier, ...] = ("mutual", "one-way", "also", "none")


class Cancelled(Exception):
    """The caller's progress function answered False."""


class NotProven(Exception):
    """The plan breaks a rule, or its certificate does not prove that no plan is better."""


@dataclass(frozen=True)
class Reason:
    """One reason in two voices. `for_members` is empty where only the lead may know."""

    code: str
    for_lead: str
    for_members: str = ""


@dataclass(frozen=True)
class PlannedPairing:
    """`tier` is what every member can claim; `weight` is in the engine's own doubled units."""

    members: tuple[str, ...]
    tier: Tier
    weight: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Unplaced:
    """`rules`: codes of what kept them from a buddy. `relaxation`: the least change that would free them."""

    person_id: str
    rules: tuple[str, ...]
    relaxation: str


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
        return cls(
            pairings=tuple(_pairing(row) for row in data["pairings"]),
            unplaced=tuple(
                Unplaced(row["person_id"], tuple(row["rules"]), row["relaxation"]) for row in data["unplaced"]
            ),
            certificate=dict(data["certificate"]),
            summary=dict(data["summary"]),
        )


def _pairing(row: Mapping[str, Any]) -> PlannedPairing:
    reasons = tuple(Reason(**reason) for reason in row["reasons"])
    return PlannedPairing(tuple(row["members"]), row["tier"], row["weight"], reasons)
