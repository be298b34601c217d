"""Each plot with the table of the very numbers that it draws. Nothing is drawn where nothing may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights import drawing
from insights.aggregates import FEWEST
from insights.answers import Answered, Outcome
from insights.departments import Reached
from insights.months import Month
from insights.progress import LABELS, Progress
from insights.sheets import Cell, Sheet
from insights.weeks import A_WEEK, Rhythm
from matching.board import Figures

TOO_FEW = gettext_lazy("fewer than 5")
Steps = list[tuple[str, int | str, str]]


@dataclass(frozen=True)
class Plot:
    """``kind`` is the template's name in ``insights/plots/``; no drawing where there is nothing to show."""

    kind: str
    sheet: Sheet
    drawing: Any


def path(progress: Progress, urls: dict[str, str] | None = None, masked: bool = False) -> Plot:
    """``masked``: numbers below five are not shown, and look like none."""
    steps = [(label, count, (urls or {}).get(name, "")) for name, label, count in steps_of(progress, masked)]
    total = max((count for _, count, _ in steps if isinstance(count, int)), default=0)
    rows: list[list[Cell]] = [[label, count, _share(count, total)] for label, count, _ in steps]
    sheet = Sheet("path", _("How far people have come"), [_("Step"), _("People"), _("Of all")], rows)
    return Plot("path", sheet, drawing.bands(steps, total) if total else None)


def steps_of(progress: Progress, masked: bool) -> list[tuple[str, str, int | str]]:
    """Name, label and number. Reflections are left out where fewer than five were asked."""
    steps = [(name, label, _said(name, getattr(progress, name), masked)) for name, label in LABELS.items()]
    return [(name, str(label), said) for name, label, said in steps if said is not None]


def _said(name: str, count: int | None, masked: bool) -> int | str | None:
    if name == "ended" and count is None:
        return _("not yet")
    return str(TOO_FEW) if masked and (count or 0) < FEWEST else count


def _share(count: int | str, total: int) -> str:
    return f"{round(100 * count / total)} %" if isinstance(count, int) and total else "–"


def rhythm(found: Rhythm | None, today: date) -> Plot:
    weeks = found.weeks if found else []
    plan = found.plan if found else 0
    rows: list[list[Cell]] = [
        [one.number, date_format(one.begins_on, "SHORT_DATE_FORMAT"), one.booked, one.held, plan] for one in weeks
    ]
    head = [_("Week"), _("From"), _("Booked"), _("Held"), _("Planned")]
    sheet = Sheet("rhythm", _("Sessions by week"), head, rows)
    if not found or not any(week.booked for week in weeks):
        return Plot("columns", sheet if found else Sheet("rhythm", sheet.title, head, []), None)
    passed = (today - weeks[0].begins_on) / A_WEEK
    bars = [(str(one.number), one.booked, one.held) for one in weeks]
    now = passed if 0 <= passed <= len(weeks) else None
    return Plot("columns", sheet, drawing.columns(bars, plan, now))


def trend(months: Sequence[Month]) -> Plot:
    rows: list[list[Cell]] = [
        [date_format(one.month, "SHORT_YEAR_MONTH_FORMAT"), one.joined, one.paired, one.booked, one.held]
        for one in months
    ]
    sheet = Sheet(
        "months", _("Month by month"), [_("Month"), _("Have joined"), _("Are paired"), _("Booked"), _("Held")], rows
    )
    bars = [(date_format(one.month, "SHORT_MONTH_FORMAT"), one.booked, one.held) for one in months]
    return Plot("columns", sheet, drawing.columns(bars) if any(one.booked for one in months) else None)


def outcomes(found: Sequence[Outcome]) -> Plot:
    head = [
        _("Hoped-for outcome"),
        _("Before"),
        _("People before"),
        _("Afterwards"),
        _("People afterwards"),
    ]
    rows: list[list[Cell]] = [
        [one.words, _or_dash(one.before), _or_dash(one.people_before), _or_dash(one.after), _or_dash(one.people_after)]
        for one in found
    ]
    sheet = Sheet("outcomes", _("Outcomes before and afterwards"), head, rows)
    return Plot("outcomes", sheet, [drawing.span(one.words, one.before, one.after) for one in found] or None)


def _or_dash(number: float | None) -> Cell:
    return number or "–"


def answers(found: Sequence[Answered]) -> Plot:
    rows: list[list[Cell]] = [[one.question, bar.label, bar.value] for one in found for bar in one.bars]
    sheet = Sheet("answers", _("What people answered"), [_("Question"), _("Answer"), _("People")], rows)
    return Plot("answers", sheet, list(found) if rows else None)


def reach(found: Sequence[Reached]) -> Plot:
    sheet = Sheet("departments", _("Reach by department"), [_("Department"), _("People")], [list(one) for one in found])
    return Plot("bars", sheet, _bars([(one.department, one.people) for one in found]))


def _bars(rows: Sequence[tuple[str, int]]) -> dict[str, Any] | None:
    most = max((value for _, value in rows), default=0)
    return {"rows": [{"label": label, "value": value} for label, value in rows], "max": most} if rows else None


TIERS = {
    "mutual": gettext_lazy("They named each other"),
    "one_way": gettext_lazy("One named the other"),
    "also": gettext_lazy("“Also happy with”"),
    "none": gettext_lazy("No wish was met"),
    "unplaced": gettext_lazy("Without a buddy at first"),
}


def matching(figures: Figures | None) -> Plot:
    """People by the best that they can claim; nothing for fewer than five."""
    rows: list[tuple[str, int]] = (
        [(str(label), getattr(figures, name)) for name, label in TIERS.items()] if figures else []
    )
    shown = rows if sum(count for _, count in rows) >= FEWEST else []
    sheet = Sheet(
        "matching", _("How the matching met wishes"), [_("People"), _("Number")], [list(row) for row in shown]
    )
    return Plot("bars", sheet, _bars(shown))
