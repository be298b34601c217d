"""The privacy page's table, from the very rules that queries and erasure use. ``docs/privacy.md`` has the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trust import holdings
from trust.holdings import Fate, Holding

BEGIN, END = "<!-- table of who can see what -->", "<!-- end of table -->"


class Row(NamedTuple):
    what: str
    who: str
    goes: str


def table() -> list[Row]:
    lines = holdings.joined(holdings.all_holdings())
    return [
        Row(str(what), "; ".join(dict.fromkeys(str(one.seen_by) for one in held)), _goes(held))
        for what, held in lines.items()
    ]


def _goes(held: Iterable[Holding]) -> str:
    held = list(held)
    if kept := next((one.fate for one in held if one.fate not in (Fate.GONE, Fate.EMPTIED)), None):
        return str(kept.value)
    with_the_cohort = any(one.content_of for one in held)
    return (
        gettext("with the cohort’s content, or with your account") if with_the_cohort else gettext("with your account")
    )


def as_markdown() -> str:
    rows = ["| what | who can see it | when it goes |", "|---|---|---|"]
    return "\n".join([*rows, *(f"| {row.what} | {row.who} | {row.goes} |" for row in table())])


def put_into(text: str) -> str:
    """A page with the table as it is now."""
    found = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
    assert found.search(text), "the page has no place for the table"
    return found.sub(lambda _: f"{BEGIN}\n{as_markdown()}\n{END}", text, count=1)


LEADS_SEE = (
    _("who has joined, who has named buddies and who is paired"),
    _(
        "the address, department, level and manager of everybody on their lists: "
        "to invite them, and to keep managers apart"
    ),
    _("how many sessions a pair has held, how many days ago the last one was, and whether one is booked"),
    _("who waits for a buddy and since when, and who pauses until when; never who asked for another buddy"),
    _("who practises with whom, and whether a group has practised: done or not yet"),
    _("whether the agreement is signed, and how many people have reflected"),
    _("nothing of a pair that goes on after the cohort, because all of it wish to"),
    _(
        "how often each answer was given in the whole cohort, once a month, "
        "by at least five people who do not all agree"
    ),
    _("sessions by week and people by department, of five people or more"),
    _("that a pair has not signed yet or has booked nothing for three weeks, and when it was last reminded"),
    _("that mail to somebody’s address comes back, and how many mails of each kind were sent to five people or more"),
)
ADMINISTRATORS_SEE = (
    _("people and their roles"),
    _("how many people each cohort has, how far they have come and how many sessions they had, of five people or more"),
    _("how often each answer was given, as leads see it, and people by department, of five people or more"),
    _("how many mails wait, were sent and failed, with the kind of error; neither for whom nor about what"),
)
