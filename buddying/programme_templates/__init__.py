"""Programmes that have worked elsewhere, to begin from. Every word and number can be changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class ProgrammeTemplate:
    key: str
    label: str
    summary: str
    weeks: int
    target_sessions: int
    session_minutes: int
    reflection_point: int
    purpose: str
    ways: str
    rules: str
    outcomes: str
    sign_up_days: int = 28  # from the opening of sign-up to the start
    nominations_days: int = 10  # from the last day to name buddies to the start
    publishing_days: int = 5  # from the publishing of pairs to the start

    def dates(self, starts_on: date, today: date) -> dict[str, date]:
        """Proposed dates in order, none of them past unless the start is."""
        earliest = min(today, starts_on)
        return {
            "sign_up_opens_on": max(earliest, starts_on - timedelta(days=self.sign_up_days)),
            "nominations_close_on": max(earliest, starts_on - timedelta(days=self.nominations_days)),
            "pairs_published_on": max(earliest, starts_on - timedelta(days=self.publishing_days)),
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(weeks=self.weeks),
        }

    def next_start(self, today: date) -> date:
        """The first Monday that leaves the whole time for signing up."""
        earliest = today + timedelta(days=self.sign_up_days)
        return earliest + timedelta(days=-earliest.weekday() % 7)


RULES = """\
What is said stays between the two of you.
You meet as equals: each coaches, each is coached.
You decide what to talk about. Nobody reports on it, and nobody asks.
Either of you can stop without giving a reason.
When it is more than coaching, you turn to the contacts that the organisation names."""

THREE_MONTHS = ProgrammeTemplate(
    key="three-month-buddying",
    label="Three months of buddying",
    summary="Pairs meet every two weeks for an hour: six sessions, two turns of 30 minutes each time.",
    weeks=13,
    target_sessions=6,
    session_minutes=60,
    reflection_point=3,
    purpose=(
        "We learn from the work we do, and we learn more when somebody listens and asks. In this programme "
        "two colleagues who do not depend on each other support each other’s learning for three months."
    ),
    ways=(
        "You name two or three people you would like as your buddy. Where it can be, you get one of them.\n"
        "You meet every two weeks for an hour. For 30 minutes one of you is coached, then you swap.\n"
        "Each time you end with what you will do before the next session.\n"
        "After three sessions you take a moment to reflect on what works and what does not."
    ),
    rules=RULES,
    outcomes=(
        "I think more clearly about my own questions.\n"
        "I listen and ask better, in this programme and elsewhere.\n"
        "I know somebody outside my team whom I can turn to."
    ),
)

SHORT_START = ProgrammeTemplate(
    key="short-start",
    label="A short start",
    summary="Six weeks to find out whether buddying suits you: three sessions of 60 minutes.",
    weeks=6,
    target_sessions=3,
    session_minutes=60,
    reflection_point=3,
    purpose=("A first taste of coaching each other as equals, for a team or a place that has not tried it before."),
    ways=(
        "You meet every two weeks for an hour. For 30 minutes one of you is coached, then you swap.\n"
        "After the third session you reflect, and say whether you would like to go on."
    ),
    rules=RULES,
    outcomes="I know whether buddying is something for me.",
    sign_up_days=21,
    nominations_days=7,
    publishing_days=3,
)

TEMPLATES = {template.key: template for template in (THREE_MONTHS, SHORT_START)}


def template_named(key: str) -> ProgrammeTemplate:
    """The template with this key; the first one for a key that is not known (any more)."""
    return TEMPLATES.get(key, THREE_MONTHS)
