"""Two to four cohorts side by side: how far their people came, how often they met, what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from buddying.models import Cohort, Person
from insights.answers import of_cohort
from insights.overview import Row, rows_of
from insights.plots import TOO_FEW, Plot, steps_of
from insights.progress import progress_of
from insights.sheets import Cell, Sheet

MOST = 4


@dataclass(frozen=True)
class Line:
    """One number of each cohort. ``shares``: per cent to be drawn, where it is a share of people."""

    label: str
    cells: list[Cell]
    shares: list[float | None]

    @property
    def pairs(self) -> list[tuple[Cell, float | None]]:
        return list(zip(self.cells, self.shares, strict=True))


def compared(cohorts: Sequence[Cohort], viewer: Person, at: datetime) -> Plot:
    lines = [*_path(cohorts, at), *_sessions(rows_of(cohorts, at)), *_answers(cohorts, viewer)]
    sheet = Sheet(
        "comparison",
        _("Cohorts side by side"),
        ["", *(str(cohort) for cohort in cohorts)],
        [[line.label, *line.cells] for line in lines],
    )
    return Plot("comparison", sheet, lines)


def _path(cohorts: Sequence[Cohort], at: datetime) -> Iterable[Line]:
    progress = progress_of(cohorts, at)
    steps = [steps_of(progress[cohort.pk], masked=True) for cohort in cohorts]
    totals = [max((count for _, _, count in one if isinstance(count, int)), default=0) for one in steps]
    for row in zip(*steps, strict=True):
        counts = [count for _, _, count in row]
        shares = [
            100 * count / total if isinstance(count, int) and total else None
            for count, total in zip(counts, totals, strict=True)
        ]
        yield Line(row[0][1], counts, shares)


def _sessions(rows: Sequence[Row]) -> Iterable[Line]:
    for label, name in ((_("Sessions held"), "held"), (_("Sessions booked ahead"), "booked")):
        counts = [getattr(row, name) for row in rows]
        yield Line(label, [str(TOO_FEW) if count is None else count for count in counts], [None] * len(rows))


def _answers(cohorts: Sequence[Cohort], viewer: Person) -> Iterable[Line]:
    """Each answer as a share of those who answered; the questions of which nobody's is shown are left out."""
    found = [of_cohort(cohort, viewer).answers() for cohort in cohorts]
    for asked in zip(*found, strict=True):
        labels = next(([bar.label for bar in one.bars] for one in asked if one.bars), [])
        for number, label in enumerate(labels):
            shares = [100 * one.bars[number].value / one.total if one.bars else None for one in asked]
            cells = [_("nothing yet") if share is None else f"{round(share)} %" for share in shares]
            yield Line(f"{asked[0].question} {label}", list(cells), shares)
