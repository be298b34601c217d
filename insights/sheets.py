"""A table as it stands on a page, and the same as CSV: what is not on the page is in no file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from buddying.spreadsheets import harmless

Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """``slug`` names it in addresses and files. The first cell of a row is its heading."""

    slug: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def lines(self) -> Iterator[Sequence[Cell]]:
        yield self.head
        yield from self.rows


def as_csv(sheet: Sheet, name: str) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{sheet.slug}.csv"'
    writer = csv.writer(response)
    writer.writerows([guarded(cell) for cell in line] for line in sheet.lines())
    return response


def guarded(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell
