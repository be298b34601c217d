"""Whom a cohort reaches, by department: each of at least five people, the others together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from insights.aggregates import FEWEST

OTHERS = _("Other departments, together")


class Reached(NamedTuple):
    department: str
    people: int


def reach_of(cohort: Cohort) -> list[Reached]:
    present = Participant.objects.present().filter(cohort=cohort).exclude(person__department="")
    rows = present.order_by().values_list("person__department").annotate(n=Count("pk"))
    return merged(Reached(*row) for row in rows)


def merged(rows: Iterable[Reached]) -> list[Reached]:
    """The largest first. Small ones are one, which is filled up with the next smallest until it is five or more;
    nothing where all together are fewer. So no number here is below five, nor is any difference of two of them."""
    ordered = sorted(rows, key=lambda row: (-row.people, row.department))
    shown = [row for row in ordered if row.people >= FEWEST]
    rest = sum(row.people for row in ordered) - sum(row.people for row in shown)
    while 0 < rest < FEWEST and shown:
        rest += shown.pop().people
    return [*shown, Reached(str(OTHERS), rest)] if rest >= FEWEST else shown
