"""The administrator's view over cohorts and programmes: totals only, and of fewer than five people nothing.

Totals and trends come from monthly snapshots; only the cohorts on the page are counted as they are now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum

from buddying.models import Cohort, Person, Programme
from insights import answers, months, plots
from insights.aggregates import FEWEST, at_least_five
from insights.models import CohortMonth, Snapshot
from insights.plots import Plot
from insights.progress import LABELS, Progress, progress_of
from matching.models import within_cohort
from sessions_log.models import CoachingSession

A_PAGE = 25
OUTCOMES = 12  # of all programmes


@dataclass(frozen=True)
class Row:
    """A cohort as it is now. Numbers of fewer than five people, and sessions of so few, are None."""

    cohort: Cohort
    joined: int | None
    paired: int | None
    held: int | None
    booked: int | None


@dataclass(frozen=True)
class ProgrammeRow:
    programme: Programme
    cohorts: int
    joined: int | None
    paired: int | None


@dataclass
class Overview:
    """Of the whole organisation or, where one is chosen, of one programme."""

    viewer: Person
    at: datetime
    programme: Programme | None = None

    @property
    def _where(self) -> Q:
        return Q(cohort__programme=self.programme) if self.programme else Q()

    @cached_property
    def snapshot(self) -> Snapshot | None:
        return Snapshot.objects.first()

    @cached_property
    def _published(self) -> answers.Published:
        return answers.of_programme(self.programme, self.viewer) if self.programme else answers.of_all(self.viewer)

    @property
    def path(self) -> Plot:
        """The sum of the numbers that the snapshot may show; those below five of a cohort are in no total either."""
        rows = CohortMonth.objects.filter(self._where, snapshot=self.snapshot)
        enough = {name: Sum(name, filter=Q(**{f"{name}__gte": FEWEST}), default=0) for name in LABELS}
        return plots.path(Progress(**rows.aggregate(**enough)), masked=True)

    @property
    def months(self) -> Plot:
        return plots.trend(months.trend(self._where))

    @property
    def outcomes(self) -> Plot:
        """Of all programmes those that most people rated."""
        programmes = [self.programme] if self.programme else Programme.objects.all()
        found = self._published.outcomes(programmes)
        by_people = sorted(found, key=lambda one: -max(one.people_before, one.people_after))
        return plots.outcomes(found if self.programme else by_people[:OUTCOMES])

    @property
    def answers(self) -> Plot:
        return plots.answers(self._published.answers())

    @property
    def departments(self) -> Plot:
        return plots.reach(answers.departments(self.viewer))

    def cohorts(self, page: str | None) -> tuple[Page, list[Row]]:
        known = Cohort.objects.select_related("programme").filter(
            Q(programme=self.programme) if self.programme else Q()
        )
        found = Paginator(known, A_PAGE).get_page(page)
        return found, rows_of(list(found), self.at)

    def programmes(self, page: str | None) -> tuple[Page, list[ProgrammeRow]]:
        found = Paginator(Programme.objects.annotate(n=Count("cohorts")).order_by("name", "pk"), A_PAGE).get_page(page)
        return found, self._programme_rows(list(found))

    def _programme_rows(self, programmes: Sequence[Any]) -> list[ProgrammeRow]:
        rows = CohortMonth.objects.filter(snapshot=self.snapshot, cohort__programme__in=programmes).order_by()
        sums: Any = rows.values("cohort__programme").annotate(
            **{name: Sum(name, filter=Q(**{f"{name}__gte": FEWEST}), default=0) for name in ("joined", "paired")}
        )
        joined = {row["cohort__programme"]: row["joined"] for row in sums}
        paired = {row["cohort__programme"]: row["paired"] for row in sums}
        return [
            ProgrammeRow(one, one.n, at_least_five(joined.get(one.pk, 0)), at_least_five(paired.get(one.pk, 0)))
            for one in programmes
        ]


PLOTS: dict[str, Callable[[Overview], Plot]] = {
    "path": lambda page: page.path,
    "months": lambda page: page.months,
    "outcomes": lambda page: page.outcomes,
    "answers": lambda page: page.answers,
    "departments": lambda page: page.departments,
}


def rows_of(cohorts: Sequence[Cohort], at: datetime) -> list[Row]:
    progress = progress_of(cohorts, at)
    sessions = _sessions([pk for pk, one in progress.items() if one.has_enough], at)
    return [
        Row(
            cohort,
            at_least_five(progress[cohort.pk].joined),
            at_least_five(progress[cohort.pk].paired),
            *(sessions.get(cohort.pk, (0, 0)) if progress[cohort.pk].has_enough else (None, None)),
        )
        for cohort in cohorts
    ]


def _sessions(cohorts: list[int], at: datetime) -> dict[int, tuple[int, int]]:
    """Held, and booked ahead."""
    standing = CoachingSession.objects.standing().filter(
        within_cohort("starts_at", "pairing__"), pairing__cohort__in=cohorts
    )
    ahead = Q(starts_at__gt=at)
    rows = standing.order_by().values("pairing__cohort").annotate(held=Count("held_at"), booked=Count("pk", ahead))
    return {row["pairing__cohort"]: (row["held"], row["booked"]) for row in rows}
