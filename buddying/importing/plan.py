"""What an import would do, worked out from the texts of the files and a snapshot of the cohort: nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from buddying.importing import nominations, people
from buddying.importing.nominations import Wishes
from buddying.importing.people import PersonDraft
from buddying.importing.problems import SHOWN, Problem, in_order
from buddying.importing.reading import Table, read_table
from buddying.words import grouped


class Source(NamedTuple):
    """A file by its name and its text; without text there is no such file."""

    name: str
    text: str


NOTHING = Source("", "")


@dataclass(frozen=True)
class Choices:
    kinds: tuple[str, ...] = ()
    keep_rest: bool = True
    address_pattern: str = ""
    agreed: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"kinds": list(self.kinds)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Choices:
        return cls(**stored | {"kinds": tuple(stored.get("kinds", ()))})


@dataclass(frozen=True)
class Here:
    """Somebody on the cohort's list. ``chose``: they have named or refused people here themselves."""

    reference: str
    email: str
    manager: str = ""
    left: bool = False
    chose: bool = False


@dataclass(frozen=True)
class Snapshot:
    """``taken`` and ``closed``: addresses, in small letters, of people elsewhere and of closed accounts.

    ``topics``: those of the cohort's programme.
    """

    here: tuple[Here, ...] = ()
    taken: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    topics: tuple[str, ...] = ()


class Totals(NamedTuple):
    new: int = 0
    known: int = 0
    naming: int = 0
    ranked: int = 0
    also: int = 0
    refused: int = 0


@dataclass
class Plan:
    choices: Choices
    people: list[PersonDraft] = field(default_factory=list)
    wishes: dict[str, Wishes] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    has_managers: bool = False

    @property
    def undecided(self) -> bool:
        """The lead has to say which kind of row is a nomination."""
        return bool(set(self.kinds) - {nominations.REFUSAL}) and not self.choices.kinds

    @property
    def ready(self) -> bool:
        return not self.problems and not self.undecided

    @property
    def first_problems(self) -> list[Problem]:
        return self.problems[:SHOWN]

    @property
    def more_problems(self) -> int:
        return max(0, len(self.problems) - SHOWN)


class Readings(NamedTuple):
    """Both files read, before anything is known about the cohort."""

    people: Table
    nominations: Table
    drafts: list[PersonDraft]
    problems: list[Problem]


def read(people_file: Source, nominations_file: Source, choices: Choices) -> Readings:
    tables = [
        read_table(source.name, source.text, shape) if source.text else Table(source.name)
        for source, shape in ((people_file, people.SHAPE), (nominations_file, nominations.SHAPE))
    ]
    drafts, problems = people.read_people(tables[0], choices.address_pattern)
    return Readings(tables[0], tables[1], drafts, [*tables[0].problems, *tables[1].problems, *problems])


def plan_of(readings: Readings, choices: Choices, snapshot: Snapshot) -> Plan:
    """A heading or a line that cannot be read leaves the checks between rows for later: they would mislead."""
    plan = Plan(choices, people=readings.drafts, problems=list(readings.problems))
    plan.has_managers = "manager_id" in readings.people.headings
    tables = (readings.people, readings.nominations)
    plan.unused = {table.file: table.unused for table in tables if table.unused}
    _plan_people(plan, readings.people, snapshot)
    if not readings.people.problems and not readings.nominations.problems:
        _plan_wishes(plan, readings.nominations, snapshot)
    plan.problems = in_order(plan.problems)
    plan.totals = _totals(plan, snapshot)
    plan.warnings = _warnings(plan, snapshot)
    return plan


def _plan_people(plan: Plan, table: Table, snapshot: Snapshot) -> None:
    plan.problems += people.check_among_themselves(table, plan.people)
    if table.problems:
        return
    managers_here = {one.reference: one.manager for one in snapshot.here if one.reference}
    plan.problems += people.check_topics(table, plan.people, snapshot.topics)
    if plan.has_managers:
        plan.problems += people.check_managers(table, plan.people, managers_here)
    plan.problems += _clashes(table, plan.people, snapshot)


def _clashes(table: Table, drafts: list[PersonDraft], snapshot: Snapshot) -> list[Problem]:
    by_reference = {one.reference: one for one in snapshot.here if one.reference}
    by_email = {one.email.lower(): one for one in snapshot.here if one.email}
    clashes = []
    for draft in drafts:
        same_id, address = by_reference.get(draft.reference), draft.email
        same_address = by_email.get(address) if address else None
        if address in snapshot.closed:
            message = _("The account of this address is closed. An administrator can open it again.")
        elif same_id and same_id.email and address and same_id.email.lower() != address:
            message = _("“%(id)s” is in the cohort already, with another address.") % {"id": draft.reference}
        elif same_address and same_address.reference not in ("", draft.reference):
            said = _("This address is in the cohort already, with the id “%(id)s”.")
            message = said % {"id": same_address.reference}
        elif same_id and not same_id.email and address in snapshot.taken:
            message = _("Somebody else has this address already.")
        else:
            continue
        clashes.append(table.problem(draft.line, "email", message))
    return clashes


def _plan_wishes(plan: Plan, table: Table, snapshot: Snapshot) -> None:
    known = {draft.reference for draft in plan.people}
    known |= {one.reference for one in snapshot.here if one.reference}
    ties, problems = nominations.read_ties(table, known)
    plan.problems += problems
    plan.kinds = nominations.kinds_in(ties)
    for kind in plan.choices.kinds:
        if kind not in plan.kinds:
            message = _no_such_kind(kind, plan.kinds)
            plan.problems.append(table.problem(0, "kind", message))
    kinds = plan.choices.kinds or nominations.usual_kinds(plan.kinds)
    plan.choices = Choices(**plan.choices.as_json() | {"kinds": tuple(kinds)})
    plan.problems += nominations.contradictions(table, ties, kinds)
    plan.wishes = nominations.wishes_of(ties, kinds, keep_rest=plan.choices.keep_rest)


def _no_such_kind(kind: str, found: Collection[str]) -> str:
    if not found:
        return _("No row is of the kind “%(kind)s”; there are no rows.") % {"kind": kind}
    said = _("No row is of the kind “%(kind)s”. Kinds found: %(kinds)s.")
    return said % {"kind": kind, "kinds": ", ".join(sorted(found))}


def _totals(plan: Plan, snapshot: Snapshot) -> Totals:
    references = {one.reference for one in snapshot.here if one.reference}
    addresses = {one.email.lower() for one in snapshot.here if one.email}
    known = sum(draft.reference in references or draft.email in addresses for draft in plan.people)
    wishes = plan.wishes.values()
    return Totals(
        new=len(plan.people) - known,
        known=known,
        naming=sum(bool(wish.ranked) for wish in wishes),
        ranked=sum(len(wish.ranked) for wish in wishes),
        also=sum(len(wish.also) for wish in wishes),
        refused=sum(len(wish.refused) for wish in wishes),
    )


def _warnings(plan: Plan, snapshot: Snapshot) -> list[str]:
    if plan.problems:
        return []
    found: list[tuple[int, Any]] = [
        (
            sum(not draft.name for draft in plan.people),
            ngettext_lazy(
                "%(count)s person has no name: they are called “Person” and their id until they say otherwise.",
                "%(count)s people have no name: they are called “Person” and their id until they say otherwise.",
                "number",
            ),
        ),
        (
            _without_address(plan.people, snapshot),
            ngettext_lazy(
                "%(count)s person has no e-mail address: they can be matched, but cannot log in or get mail.",
                "%(count)s people have no e-mail address: they can be matched, but cannot log in or get mail.",
                "number",
            ),
        ),
        (
            _left(plan.people, snapshot),
            ngettext_lazy(
                "%(count)s person has left this cohort and stays out.",
                "%(count)s people have left this cohort and stay out.",
                "number",
            ),
        ),
    ]
    if plan.wishes:
        found += _warnings_about_wishes(plan, snapshot)
    return [said % {"number": number, "count": grouped(number)} for number, said in found if number]


def _warnings_about_wishes(plan: Plan, snapshot: Snapshot) -> list[tuple[int, Any]]:
    return [
        (
            _chose(plan, snapshot),
            ngettext_lazy(
                "%(count)s person has chosen here themselves: that stays, and the file’s rows for them are not used.",
                "%(count)s people have chosen here themselves: that stays, and the file’s rows for them are not used.",
                "number",
            ),
        ),
        (
            _unnamed(plan),
            ngettext_lazy(
                "%(count)s person was named by nobody in the file.",
                "%(count)s people were named by nobody in the file.",
                "number",
            ),
        ),
        (
            _naming_nobody(plan),
            ngettext_lazy(
                "%(count)s person names nobody in the file.",
                "%(count)s people name nobody in the file.",
                "number",
            ),
        ),
        (
            _up_or_down(plan),
            ngettext_lazy(
                "%(count)s first to third wish is for the person’s own manager or report: those two are never paired.",
                "%(count)s first to third wishes are for the person’s own manager or report: those two are never "
                "paired.",
                "number",
            ),
        ),
    ]


def _without_address(drafts: list[PersonDraft], snapshot: Snapshot) -> int:
    reachable = {one.reference for one in snapshot.here if one.email}
    return sum(not draft.email and draft.reference not in reachable for draft in drafts)


def _left(drafts: list[PersonDraft], snapshot: Snapshot) -> int:
    gone = [one for one in snapshot.here if one.left]
    references = {one.reference for one in gone} - {""}
    addresses = {one.email.lower() for one in gone} - {""}
    return sum(draft.reference in references or draft.email in addresses for draft in drafts)


def _chose(plan: Plan, snapshot: Snapshot) -> int:
    return sum(one.chose and one.reference in plan.wishes for one in snapshot.here)


def _unnamed(plan: Plan) -> int:
    named = {one for wish in plan.wishes.values() for one in (*wish.ranked, *wish.also)}
    return sum(draft.reference not in named for draft in plan.people)


def _naming_nobody(plan: Plan) -> int:
    return sum(draft.reference not in plan.wishes or not plan.wishes[draft.reference].ranked for draft in plan.people)


def _up_or_down(plan: Plan) -> int:
    manager = {draft.reference: draft.manager for draft in plan.people if draft.manager}
    return sum(
        manager.get(namer) == named or manager.get(named) == namer
        for namer, wish in plan.wishes.items()
        for named in wish.ranked
    )
