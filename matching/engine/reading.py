"""Reads the tables of a spreadsheet. Whatever cannot be read is named by file, line and column.

people.csv       id; and as present: name or label, department (or practice), level, manager_id, place (or
office), free,
                 hours_per_month, wants, offers, goals, waiting_priority, stand_in (yes: takes part only if
                 one more person has a buddy thereby, under odd = "lead"). Lists are separated by ";"; `free`
                 holds half-hours of a week in UTC, single or as ranges: "18;19;40-47".
nominations.csv  from_id, to_id; and as present: rank_or_weight (or rank, weight, value), kind.
                 A kind named "refusal" or a negative value is a refusal. A kind named "also", or an empty
                 value, is "also happy with". A policy file may rename columns: [columns] department =
                 "team".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from .problem import HALF_HOURS_A_WEEK, Nomination, Person, natural

RankBy = Literal["auto", "value", "weight", "mutual"]
REFUSAL, ALSO = "refusal", "also"
TOP_TIES = 3
T = TypeVar("T")

OTHER_NAMES = {
    "name": ("name", "label"),
    "department": ("department", "practice"),
    "place": ("place", "office"),
    "value": ("rank_or_weight", "rank", "weight", "value"),
}


class BadInput(Exception):
    """The message names the file, the line and the column."""

    def __init__(self, path: Path, line: int, column: str, problem: str) -> None:
        where = f"{path}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True)
class Row:
    path: Path
    line: int
    columns: Sequence[str]
    cells: Sequence[str]
    renamed: Mapping[str, str]

    def bad(self, field: str, problem: str) -> BadInput:
        name = self.heading(field) or field
        number = f"{self.columns.index(name) + 1} ({name})" if name in self.columns else name
        return BadInput(self.path, self.line, number, problem)

    def heading(self, field: str) -> str | None:
        choices = (self.renamed[field],) if field in self.renamed else OTHER_NAMES.get(field, (field,))
        return next((name for name in choices if name in self.columns), None)

    def text(self, field: str) -> str:
        name = self.heading(field)
        return "" if name is None else self.cells[self.columns.index(name)].strip()

    def needed(self, field: str) -> str:
        text = self.text(field)
        if not text:
            raise self.bad(field, "nothing is written here")
        return text

    def read(self, field: str, parse: Callable[[str], T], expected: str) -> T | None:
        text = self.text(field)
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, KeyError):
            raise self.bad(field, f"{text!r} is not {expected}") from None

    def items(self, field: str) -> frozenset[str]:
        return frozenset(item.strip() for item in self.text(field).split(";") if item.strip())


def rows_of(path: Path, needed: Iterable[str], renamed: Mapping[str, str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_text(path)), delimiter=_delimiter(path), strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        for name in needed:
            if name not in columns:
                raise BadInput(path, 1, name, "this column is missing")
        if len(set(columns)) < len(columns):
            twice = next(name for name in columns if columns.count(name) > 1)
            raise BadInput(path, 1, twice, "this column is there twice")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                problem = f"the line has {len(cells)} columns where the heading has {len(columns)}"
                raise BadInput(path, reader.line_num, str(min(len(cells), len(columns)) + 1), problem)
            yield Row(path, reader.line_num, columns, cells, renamed)
    except csv.Error as error:
        raise BadInput(path, reader.line_num, "1", str(error)) from None


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = before.rpartition(b"\n")[2].count(b",") + 1
        raise BadInput(path, line, str(column), "this is not UTF-8 text; save the table as CSV UTF-8") from None


def _delimiter(path: Path) -> str:
    heading = _text(path).partition("\n")[0]
    return ";" if "," not in heading and ";" in heading else ","


# -- people ------------------------------------------------------------------------------------------


def read_people(path: Path, renamed: Mapping[str, str]) -> tuple[Person, ...]:
    lines: dict[str, int] = {}
    people = []
    for row in rows_of(path, [renamed.get("id", "id")], renamed):
        person = _person(row)
        if person.id in lines:
            raise row.bad("id", f"{person.id!r} is already on line {lines[person.id]}")
        lines[person.id] = row.line
        people.append(person)
    return tuple(people)


def _person(row: Row) -> Person:
    return Person(
        id=row.needed("id"),
        name=row.text("name"),
        department=row.text("department") or None,
        level=row.read("level", int, "a whole number"),
        manager_id=row.text("manager_id") or None,
        place=row.text("place") or None,
        free=row.read("free", _half_hours, "a list of half-hours from 0 to 335") or frozenset(),
        hours_per_month=row.read("hours_per_month", _from_one, "a whole number from 1 on"),
        wants=row.items("wants"),
        offers=row.items("offers"),
        goals=row.items("goals"),
        waiting_priority=bool(row.read("waiting_priority", _truth, "yes or no")),
        stand_in=bool(row.read("stand_in", _truth, "yes or no")),
    )


def _half_hours(text: str) -> frozenset[int]:
    slots: set[int] = set()
    for item in text.split(";"):
        first, dash, last = item.partition("-")
        slots.update(range(int(first), int(last if dash else first) + 1))
    if slots and not 0 <= min(slots) <= max(slots) < HALF_HOURS_A_WEEK:
        raise ValueError
    return frozenset(slots)


def _from_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _truth(text: str) -> bool:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]


# -- nominations -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tie:
    """One row of nominations.csv that is neither a refusal nor "also happy with"."""

    row: Row
    from_id: str
    to_id: str
    value: float
    kind: str


@dataclass(frozen=True)
class Choices:
    nominations: tuple[Nomination, ...]
    refusals: tuple[tuple[str, str], ...]


def read_choices(
    path: Path,
    people: Iterable[Person],
    kind: str | None,
    rank_by: RankBy,
    top: int | None,
    renamed: Mapping[str, str],
) -> Choices:
    """`top`: keep so many of each person, 0 all; None keeps all of a ranking and three of unranked ties."""
    known = {person.id for person in people}
    ties: dict[str, list[Tie]] = {}
    also: list[Nomination] = []
    refusals: list[tuple[str, str]] = []
    needed = [renamed.get(name, name) for name in ("from_id", "to_id")]
    for row in rows_of(path, needed, renamed):
        tie = _tie(row, known)
        if tie.kind.lower() == REFUSAL or tie.value < 0:
            refusals.append((tie.from_id, tie.to_id))
        elif tie.kind.lower() == ALSO or (row.heading("value") and not row.text("value")):
            also.append(Nomination(tie.from_id, tie.to_id))
        else:
            ties.setdefault(tie.kind, []).append(tie)
    if kind is not None and kind not in ties:
        raise BadInput(path, 1, "kind", f"no row is of kind {kind!r}; there are {', '.join(sorted(ties)) or 'none'}")
    chosen = [kind] if kind is not None else sorted(ties)
    ranked = [nomination for name in chosen for nomination in _ranked(ties[name], rank_by, top)]
    return Choices(tuple(ranked + also), tuple(refusals))


def _tie(row: Row, known: set[str]) -> Tie:
    from_id, to_id = row.needed("from_id"), row.needed("to_id")
    for field, person_id in (("from_id", from_id), ("to_id", to_id)):
        if person_id not in known:
            raise row.bad(field, f"{person_id!r} is not among the people")
    if from_id == to_id:
        raise row.bad("to_id", f"{from_id!r} names themself")
    value = row.read("value", _number, "a number")
    return Tie(row, from_id, to_id, 1.0 if value is None else value, row.text("kind"))


def _number(text: str) -> float:
    number = float(text)
    if not abs(number) < 1e15:
        raise ValueError
    return number


def _ranked(ties: list[Tie], rank_by: RankBy, top: int | None) -> Iterator[Nomination]:
    if rank_by == "auto":
        rank_by = "value" if _is_ranking(ties) else "weight"
    keep = (None if rank_by == "value" else TOP_TIES) if top is None else (top or None)
    both = {(tie.from_id, tie.to_id) for tie in ties}
    by_person: dict[str, list[Tie]] = {}
    for tie in ties:
        by_person.setdefault(tie.from_id, []).append(tie)
    for person_id in sorted(by_person):
        if rank_by == "value":
            yield from _by_value(by_person[person_id], keep)
        else:
            yield from _by_strength(by_person[person_id], keep, both, weighed=rank_by == "weight")


def _is_ranking(ties: list[Tie]) -> bool:
    """Nobody gives the same number twice, all numbers are ranks, and somebody names more than one."""
    said = [(tie.from_id, tie.value) for tie in ties]
    several = len({tie.from_id for tie in ties}) < len(ties)
    return several and len(set(said)) == len(said) and all(v >= 1 and v == int(v) for _, v in said)


def _by_value(ties: list[Tie], keep: int | None) -> Iterator[Nomination]:
    for tie in sorted(ties, key=lambda t: (t.value, natural(t.to_id)))[:keep]:
        if tie.value < 1 or tie.value != int(tie.value):
            raise tie.row.bad("value", f"{tie.row.text('value')!r} is not a rank, a whole number from 1 on")
        yield Nomination(tie.from_id, tie.to_id, int(tie.value))


def _by_strength(
    ties: list[Tie], keep: int | None, both: set[tuple[str, str]], *, weighed: bool
) -> Iterator[Nomination]:
    """Strongest first (where weights count), then mutual ties first, then by id."""

    def order(tie: Tie) -> tuple[float, bool, tuple[int, int, str]]:
        return (-tie.value if weighed else 0.0, (tie.to_id, tie.from_id) not in both, natural(tie.to_id))

    names = dict.fromkeys(tie.to_id for tie in sorted(ties, key=order))
    for rank, to_id in enumerate(list(names)[:keep], start=1):
        yield Nomination(ties[0].from_id, to_id, rank)
