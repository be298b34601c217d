"""From bytes to rows that know their line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.importing.problems import Problem, Unreadable
from buddying.words import grouped

MAX_BYTES = 5 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Table:
    """``headings`` maps our own names of columns to the words in the file; ``unused`` are its other headings."""

    file: str
    headings: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, message: str) -> Problem:
        """``column`` is our own name; said in the words of the file."""
        return Problem(self.file, line, self.headings.get(column, column), message)


@dataclass(frozen=True)
class Shape:
    """``names`` maps headings, in small letters with underscores, to our names of columns."""

    names: Mapping[str, str]
    required: tuple[str, ...]
    max_rows: int


def text_of(file: str, data: bytes) -> str:
    """The text of an uploaded file; raises ``Unreadable``."""
    if len(data) > MAX_BYTES:
        raise _unreadable(file, _("The file is larger than 5 MB."))
    if data.startswith(SPREADSHEETS):
        raise _unreadable(file, _("This is a spreadsheet. Save it as CSV and choose that file."))
    if data.startswith(WIDE):
        raise _unreadable(file, _("The file is in UTF-16. Save it as “CSV UTF-8” and choose that file."))
    if b"\0" in data:
        raise _unreadable(file, _("This is not a text file. A CSV file is needed."))
    text = _decoded(file, data)
    if not text.strip():
        raise _unreadable(file, _("The file is empty."))
    return text


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = _("A character cannot be read. Save the file as “CSV UTF-8”.")
        raise Unreadable(Problem(file, line, "", message)) from error


def _unreadable(file: str, message: str) -> Unreadable:
    return Unreadable(Problem(file, 0, "", message))


def read_table(file: str, text: str, shape: Shape) -> Table:
    table = Table(file)
    lines = _lines(table, text)
    heading = next(lines, None)
    if heading is None:
        table.problems = table.problems or [Problem(file, 0, "", _("The file is empty."))]
        return table
    columns = _read_heading(table, heading, shape)
    if not table.problems:
        _read_rows(table, lines, columns, shape)
    return table


def _read_heading(table: Table, heading: tuple[int, list[str]], shape: Shape) -> list[str]:
    """Our name of each column in order; empty for one that we do not use."""
    line, cells = heading
    columns = [shape.names.get(_plain(cell), "") for cell in cells]
    table.headings = {column: cell for cell, column in zip(cells, columns, strict=True) if column}
    table.unused = tuple(cell for cell, column in zip(cells, columns, strict=True) if cell and not column)
    for column in table.headings:
        if columns.count(column) > 1:
            same = [f"“{cell}”" for cell, name in zip(cells, columns, strict=True) if name == column]
            message = _("%(count)d columns mean the same: %(columns)s. Keep one.") % {
                "count": len(same),
                "columns": ", ".join(same),
            }
            table.problems.append(Problem(table.file, line, column, message))
    for column in shape.required:
        if column not in columns:
            found = ", ".join(cell for cell in cells if cell)[:200]
            message = _says(found)
            table.problems.append(Problem(table.file, line, column, message))
    return columns


def _says(found: str) -> str:
    if not found:
        return _("The first line must name this column. It says nothing.")
    return _("The first line must name this column. It says: %(found)s.") % {"found": found}


def _read_rows(table: Table, lines: Iterator[tuple[int, list[str]]], columns: list[str], shape: Shape) -> None:
    for line, cells in lines:
        if len(table.rows) == shape.max_rows:
            message = _("The file has more than %(most)s rows.") % {"most": grouped(shape.max_rows)}
            table.problems.append(Problem(table.file, line, "", message))
            return
        if len(cells) != len(columns):
            said = ngettext(
                "This line has %(count)d cell where the heading has %(expected)d.",
                "This line has %(count)d cells where the heading has %(expected)d.",
                len(cells),
            )
            message = said % {"count": len(cells), "expected": len(columns)}
            table.problems.append(Problem(table.file, line, "", message))
            continue
        table.rows.append(Row(line, {name: cell for name, cell in zip(columns, cells, strict=True) if name}))
    if not table.rows and not table.problems:
        table.problems.append(Problem(table.file, 0, "", _("There is a heading, but no rows below it.")))


def _lines(table: Table, text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that say something, with the number at which each begins (a quoted cell may hold line breaks)."""
    delimiter, skip = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            message = _("This line cannot be read: a quotation mark is not closed, or stands inside a cell.")
            table.problems.append(Problem(table.file, begins, "", message))
            return
        if any(cells) and begins > skip:
            yield begins, cells


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter, and how many lines at the top only serve to say it (as spreadsheets write ``sep=;``)."""
    first = text.lstrip("\r\n ").splitlines()[0] if text.strip() else ""
    if said := re.fullmatch(r"sep=(.)", first.strip("\r\n"), re.IGNORECASE):
        return said[1], 1
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count), 0


def _plain(heading: str) -> str:
    return re.sub(r"[\s\-]+", "_", heading.strip().lower())
