"""Two drafts side by side: under which policy, what they reach, and whose buddy differs.

Without the pairing that the viewer is in, in either of the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from buddying.models import Cohort, Participant, Person
from buddying.words import listed
from matching.board import Row, figures_of, lean
from matching.changes import groups_of
from matching.distance import by_hand
from matching.models import MatchRun
from matching.saying import decimal
from matching.waiting import is_published

A_PAGE = 40
Groups = dict[int, tuple[int, ...]]


@dataclass(frozen=True)
class Side:
    row: Row
    pairings: int
    fewest_hours: str
    by_hand: str


@dataclass(frozen=True)
class Changed:
    person: Person
    first: str
    second: str


@dataclass(frozen=True)
class Comparison:
    sides: list[Side]
    takes_part: bool
    kept: int
    changed: Page[Any]
    rows: list[Changed]

    @property
    def people(self) -> set[Person]:
        return {row.person for row in self.rows}


def comparable(cohort: Cohort, viewer: Any) -> list[MatchRun]:
    """Drafts of a cohort whose pairs are not published yet, the latest first."""
    if is_published(cohort):
        return []
    drafts = MatchRun.objects.visible_to(viewer).drafts().filter(cohort=cohort, round=1)
    return list(lean(drafts).order_by("-requested_at"))


def comparison_of(first: MatchRun, second: MatchRun, viewer: Any, page: str | None) -> Comparison:
    own = set(Participant.objects.filter(cohort=first.cohort_id, person=viewer).values_list("pk", flat=True))
    groups = [_by_person(groups_of(run)) for run in (first, second)]
    hidden = own | {member for sides in groups for one in own for member in sides.get(one, ())}
    then, now = ({pk: group for pk, group in sides.items() if pk not in hidden} for sides in groups)
    kept = set(then.values()) & set(now.values())
    moved = sorted(pk for pk in set(then) | set(now) if then.get(pk) != now.get(pk))
    changed = Paginator(_in_order(moved), A_PAGE).get_page(page)
    figures = figures_of([first, second], viewer)
    return Comparison(
        sides=[
            Side(Row(run, figures[run.pk]), len(set(sides.values())), _fewest_hours(run, sides), by_hand(run, viewer))
            for run, sides in ((first, then), (second, now))
        ],
        takes_part=bool(own),
        kept=len(kept),
        changed=changed,
        rows=_rows(list(changed), then, now),
    )


def _by_person(groups: Iterable[tuple[int, ...]]) -> Groups:
    return {member: tuple(sorted(group)) for group in groups for member in group}


def _in_order(people: list[int]) -> Any:
    return Participant.objects.filter(pk__in=people).select_related("person").order_by("person__name", "pk")


def _rows(shown: list[Participant], then: Groups, now: Groups) -> list[Changed]:
    others = {member for one in shown for sides in (then, now) for member in sides.get(one.pk, ())}
    found = Participant.objects.filter(pk__in=others).select_related("person")
    names = {participant.pk: str(participant) for participant in found}
    return [Changed(one.person, _with(one.pk, then, names), _with(one.pk, now, names)) for one in shown]


def _with(pk: int, groups: Groups, names: dict[int, str]) -> str:
    return listed(names[member] for member in groups.get(pk, ()) if member != pk and member in names) or _("nobody")


def _fewest_hours(run: MatchRun, groups: Groups) -> str:
    """How the worst-off pairing stands that has said when it is free."""
    people = MatchRun.objects.filter(pk=run.pk).values_list("snapshot__people", flat=True).get() or []
    free = {int(person["id"]): frozenset(person["free"]) for person in people if person["free"]}
    known = [group for group in set(groups.values()) if all(member in free for member in group)]
    halves = [len(frozenset.intersection(*(free[member] for member in group))) for group in known]
    return decimal(min(halves) / 2) if halves else _("not said")
