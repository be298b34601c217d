"""What a drawing or a file says in another language: words change and numbers on the page, its shapes do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from insights import drawing, plots
from insights.answers import Outcome
from insights.comparison import Line
from insights.months import Month
from insights.plots import Plot
from insights.sheets import Sheet, as_csv

SHAPE = re.compile(r"<(?:rect|line|circle|text)\b[^>]*>")


@pytest.fixture
def in_german() -> Iterator[None]:
    with translation.override("de"):
        yield


def shapes(plot: Plot) -> list[str]:
    return SHAPE.findall(render_to_string(f"insights/plots/{plot.kind}.html", {"plot": plot}))


def test_no_two_columns_have_the_same_name() -> None:
    heads = [str(head).strip() for head in outcomes().sheet.head]
    assert sorted(set(heads)) == sorted(heads)


def outcomes() -> Plot:
    return plots.outcomes([Outcome("They ask before they advise", 2.4, 3.6, 12, 9)])


@pytest.mark.parametrize(
    "plot",
    [
        outcomes(),
        Plot("columns", Sheet("weeks", "", [], []), drawing.columns([("1", 5, 2), ("2", 3, 3)], 2.5, 1.3)),
        Plot("path", Sheet("path", "", [], []), drawing.bands([("Joined", 9, ""), ("Paired", 7, "")], 9)),
        Plot("comparison", Sheet("comparison", "", [], []), [Line("Joined", [7], [100 / 3])]),
    ],
    ids=lambda plot: plot.kind,
)
def test_shapes_lie_where_they_lie_in_english(plot: Plot, in_german: None) -> None:
    drawn = shapes(plot)
    with translation.override("en-gb"):
        assert drawn == shapes(plot)
    assert any("." in one for one in drawn)


def test_a_mean_is_read_in_german_and_calculated_with_in_its_file(in_german: None) -> None:
    assert "<b>3,6</b>" in render_to_string("insights/plots/outcomes.html", {"plot": outcomes()})
    assert as_csv(outcomes().sheet, "spring").content.decode().endswith("They ask before they advise,2.4,12,3.6,9\r\n")


def test_a_month_is_named_in_german(in_german: None) -> None:
    plot = plots.trend([Month(date(2027, 10, 1), 9, 8, 7, 6)])
    assert (plot.sheet.rows[0][0], plot.drawing.columns[0].label) == ("Okt 2027", "Okt")
