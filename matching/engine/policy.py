"""What the lead decides: hard rules, weights of the soft score, and what becomes of the odd one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any, Literal, TypeVar, get_args

Odd = Literal["trio", "wait", "lead"]
Order = Literal["nominations-first", "balanced"]
WorstOff = Literal["among-equals", "off"]
DepartmentRule = Literal["any", "same", "different"]
FULL = 1000  # the highest score


class PolicyError(ValueError):
    """The policy holds a key or a value that means nothing; the message names it."""


@dataclass(frozen=True)
class HardRules:
    """What no pairing may break. One's own manager, refusals and forbidden pairs hold always.

    A rule about something that one of the two has not said does not forbid the pair. `min_score`: the soft score that
    two people have at least, in a trio each two of the three.
    """

    whole_line: bool = False
    no_repeat_within: int | None = None
    max_level_gap: int | None = None
    department: DepartmentRule = "any"
    min_common_hours: int | None = None
    max_commitment_factor: float | None = None
    same_place: bool = False
    min_score: int | None = None

    def __post_init__(self) -> None:
        _one_of("rules.department", self.department, get_args(DepartmentRule))
        _truth("rules.whole_line", self.whole_line)
        _truth("rules.same_place", self.same_place)
        for name in ("no_repeat_within", "max_level_gap", "min_common_hours", "min_score"):
            _whole(f"rules.{name}", getattr(self, name), optional=True)
        if self.min_score is not None and self.min_score > FULL:
            raise PolicyError(f"rules.min_score must be a whole number from 0 to {FULL}, not {self.min_score!r}")
        factor = self.max_commitment_factor
        if factor is not None and (isinstance(factor, bool) or not isinstance(factor, int | float) or factor < 1):
            raise PolicyError(f"rules.max_commitment_factor must be a number from 1 on, not {factor!r}")

    @property
    def commitment_ratio(self) -> Fraction | None:
        return None if self.max_commitment_factor is None else Fraction(str(self.max_commitment_factor))


@dataclass(frozen=True)
class SoftWeights:
    """How much each part counts in the soft score. A negative weight wishes for the opposite.

    `enough_hours`: from so many free hours a week in common on, more is not better.
    """

    common_time: int = 3
    similar_commitment: int = 1
    wants_and_offers: int = 3
    different_goals: int = 1
    different_department: int = 1
    different_level: int = 0
    same_place: int = 0
    enough_hours: int = 4

    def __post_init__(self) -> None:
        for part in fields(self):
            _whole(f"weights.{part.name}", getattr(self, part.name), signed=True)
        if self.enough_hours < 1:
            raise PolicyError("weights.enough_hours must be 1 or more")

    def parts(self) -> dict[str, int]:
        return {name: weight for name, weight in asdict(self).items() if name != "enough_hours" and weight}


@dataclass(frozen=True)
class Bonuses:
    """With `order = "balanced"`: what a nomination adds to a soft score of 0 to 1,000."""

    mutual: int = 1500
    one_way: int = 600
    also: int = 300
    rank: int = 50

    def __post_init__(self) -> None:
        for part in fields(self):
            _whole(f"bonuses.{part.name}", getattr(self, part.name))


@dataclass(frozen=True)
class Policy:
    """`worst_off`: whether, among equally good plans, one is looked for whose worst-off are as well off as can be."""

    odd: Odd = "trio"
    order: Order = "nominations-first"
    worst_off: WorstOff = "among-equals"
    rules: HardRules = field(default_factory=HardRules)
    weights: SoftWeights = field(default_factory=SoftWeights)
    bonuses: Bonuses = field(default_factory=Bonuses)

    def __post_init__(self) -> None:
        _one_of("odd", self.odd, get_args(Odd))
        _one_of("order", self.order, get_args(Order))
        _one_of("worst_off", self.worst_off, get_args(WorstOff))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        known = {"odd", "order", "worst_off", "rules", "weights", "bonuses"}
        _no_others("", data, known)
        plain = {key: data[key] for key in ("odd", "order", "worst_off") if key in data}
        return cls(
            **plain,
            rules=_table(HardRules, "rules", data),
            weights=_table(SoftWeights, "weights", data),
            bonuses=_table(Bonuses, "bonuses", data),
        )

    @classmethod
    def from_toml(cls, text: str) -> Policy:
        try:
            return cls.from_dict(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(str(error)) from error


T = TypeVar("T", HardRules, SoftWeights, Bonuses)


def _table(kind: type[T], name: str, data: Mapping[str, Any]) -> T:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise PolicyError(f"{name} must be a table of its own, [{name}]")
    _no_others(f"{name}.", table, {part.name for part in fields(kind)})
    return kind(**table)


def _no_others(prefix: str, data: Mapping[str, Any], known: set[str]) -> None:
    for key in data:
        if key not in known:
            raise PolicyError(f"{prefix}{key} is not a setting; known are {', '.join(sorted(known))}")


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise PolicyError(f"{name} must be one of {', '.join(choices)}, not {value!r}")


def _truth(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise PolicyError(f"{name} must be true or false, not {value!r}")


def _whole(name: str, value: object, *, optional: bool = False, signed: bool = False) -> None:
    if optional and value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or (value < 0 and not signed):
        raise PolicyError(f"{name} must be a whole number{'' if signed else ' from 0 on'}, not {value!r}")
