"""What a lead sees of a cohort, part by part: each is asked for only where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.urls import reverse

from buddying.models import Cohort, Nomination, Participant, Person
from insights import answers, departments, plots, weeks
from insights.aggregates import FEWEST
from insights.plots import Plot
from insights.progress import Progress, progress_of
from matching.board import Figures, figures_of, lean
from matching.models import MatchRun, PairingMember
from reflection.encouraging import Need, in_need, needs
from reflection.models import HelpThread

A_PAGE = 10


@dataclass
class Dashboard:
    cohort: Cohort
    lead: Person
    at: datetime

    @cached_property
    def progress(self) -> Progress:
        return progress_of([self.cohort], self.at)[self.cohort.pk]

    @cached_property
    def published(self) -> answers.Published:
        return answers.of_cohort(self.cohort, self.lead)

    @property
    def path(self) -> Plot:
        return plots.path(self.progress, _addresses(self.cohort))

    @property
    def path_for_sponsors(self) -> Plot:
        """Numbers of five people and more, without a way to their names."""
        return plots.path(self.progress, masked=True)

    @property
    def rhythm(self) -> Plot:
        today = self.at.astimezone(self.cohort.zone).date()
        return plots.rhythm(weeks.rhythm_of(self.cohort, self.lead, self.at), today)

    @property
    def outcomes(self) -> Plot:
        return plots.outcomes(self.published.outcomes([self.cohort.programme]))

    @property
    def answers(self) -> Plot:
        return plots.answers(self.published.answers())

    @property
    def departments(self) -> Plot:
        return plots.reach(departments.reach_of(self.cohort))

    @property
    def matching(self) -> Plot:
        return plots.matching(_match_figures(self.cohort, self.lead))

    @property
    def names_given(self) -> int | None:
        """How many names were given, where five people or more gave any."""
        given = Nomination.objects.filter(nominator__cohort=self.cohort, nominator__left_at=None).count()
        return given if self.progress.named >= FEWEST else None

    def needs(self, page: str | None) -> tuple[Page, list[Need]]:
        found = Paginator(in_need(self.cohort, self.lead, self.at).select_related("cohort"), A_PAGE).get_page(page)
        return found, needs(found, self.at)

    def calls(self) -> tuple[list[HelpThread], int]:
        """Open conversations that people of this cohort began with this very lead, and how many more there are."""
        theirs = Participant.objects.filter(cohort=self.cohort).values("person")
        mine = HelpThread.objects.visible_to(self.lead).open().filter(lead=self.lead, writer__in=theirs)
        first = list(mine.select_related("writer")[:A_PAGE])
        return first, mine.count() - A_PAGE if len(first) == A_PAGE else 0


PLOTS: dict[str, Callable[[Dashboard], Plot]] = {
    "path": lambda page: page.path,
    "rhythm": lambda page: page.rhythm,
    "outcomes": lambda page: page.outcomes,
    "answers": lambda page: page.answers,
    "departments": lambda page: page.departments,
    "matching": lambda page: page.matching,
}


def _addresses(cohort: Cohort) -> dict[str, str]:
    pages = {"listed": "buddying:invitations", "joined": "buddying:people", "paired": "matching:board"}
    return {name: reverse(page, args=[cohort.pk]) for name, page in pages.items()}


def _match_figures(cohort: Cohort, lead: Person) -> Figures | None:
    """Of the published first round; nothing for a lead who takes part: their own pairing could be read off it."""
    if PairingMember.objects.filter(pairing__cohort=cohort, participant__person=lead).exists():
        return None
    runs = list(lean(MatchRun.objects.visible_to(lead).published().filter(cohort=cohort, round=1))[:1])
    return figures_of(runs, lead)[runs[0].pk] if runs else None
