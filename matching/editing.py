"""Changing a draft by hand. Every change is a row, is weighed by the engine before it is made, and can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from matching import engine, figures
from matching.among import among
from matching.changes import takes_part
from matching.models import DraftEdit, MatchRun, Proposal
from matching.proposing import count_anew, propose
from matching.running import CannotStart, request_run
from matching.standing import Group, Move, Standing, standing_of

SEEN_BEFORE = _("Somebody changed this draft in the meantime. Look at it again before you change it.")
NO_DRAFT = _("Only a draft can be changed, and only until the pairs of the cohort are published.")
NOT_THESE = _("This is not possible with these two people any more.")
NOTHING = _("There is nothing to undo.")
CONCERNS_YOU = _("The last change has to do with your own pairing. Another lead can undo it.")
NOT_AROUND_YOU = _("You take part in this cohort yourself, so another lead matches the rest again.")
NO_PLAN = _("Somebody of this draft is no longer in the cohort, or in two of its pairings. Match again.")
GONE = _("Somebody of that change has left the cohort. Match again.")

RULES = {
    "own-manager": _("One of them is the manager of the other, or stands above them."),
    "not-possible": _("Not possible."),
    "forbidden": _("A lead has ruled this pair out in this draft."),
    "repeat": _("They were buddies before, and the rules of this draft keep them apart."),
    "level-gap": _("They are too many levels apart for the rules of this draft."),
    "department": _("The rules of this draft on departments keep them apart."),
    "common-time": _("They have too few free hours in common for the rules of this draft."),
    "commitment": _("The hours that they can give are too different for the rules of this draft."),
    "score": _("They fit less than the rules of this draft ask for."),
    "place": _("They are in different places, and the rules of this draft ask for the same."),
}


class CannotEdit(Exception):
    """Why a draft cannot be changed so: a sentence for the lead."""


@dataclass(frozen=True)
class Weighed:
    """What a move would change: people more or fewer by what they can claim, and why it is refused, if it is."""

    move: Move
    more: dict[str, int]
    refused: str


class Desk:
    """One draft opened for changes by one lead."""

    def __init__(self, run: MatchRun, by: Any) -> None:
        self.run, self.by = run, by
        self.standing = standing_of(run)
        self.snapshot = engine.Problem.from_dict(_stored(run, "snapshot"))
        self.problem = _now(self.snapshot, self.standing)
        self.seen = latest(run)

    @cached_property
    def plan(self) -> engine.Plan:
        return engine.Plan.from_dict(_stored(self.run, "plan"))

    @cached_property
    def people(self) -> list[int]:
        """Whom this lead may move: everybody of the draft but themself and whoever sits with them.

        A lead who would have stood in is of the draft as long as they sit with somebody.
        """
        hidden = self.own | self.not_needed
        return [int(person.id) for person in self.snapshot.people if int(person.id) not in hidden]

    @cached_property
    def own(self) -> set[int]:
        mine = set(Participant.objects.filter(cohort=self.run.cohort_id, person=self.by).values_list("pk", flat=True))
        return mine | {member for one in mine for member in self.standing.groups.get(one, ())}

    @cached_property
    def not_needed(self) -> set[int]:
        stands_in = {int(person.id) for person in self.snapshot.people if person.stand_in}
        return stands_in - set(self.standing.groups)

    def weigh(self, move: Move) -> Weighed:
        before, after = self.judge(move.removed), self.judge(move.added)
        more: dict[str, int] = {tier: after.people[tier] - before.people[tier] for tier in figures.TIERS}
        more["unplaced"] = before.placed - after.placed
        return Weighed(move, more, why_refused(after, self.problem) if move.changes_pairings else "")

    def judge(self, groups: Iterable[Group]) -> engine.Judgement:
        """Among the people concerned alone, which is quick in a large cohort; ``value`` is in units of their own."""
        named = [tuple(map(str, group)) for group in groups]
        return engine.judge(among(self.problem, (one for group in named for one in group)), named)

    def put(self, removed: Iterable[Group], added: Iterable[Group], kept: Iterable[Group]) -> None:
        """Takes pairings out of the draft and puts others in."""
        held = list(kept)
        for group in removed:
            Proposal.objects.filter(run=self.run, seats__participant=group[0]).delete()
        kept_ids = [tuple(map(str, group)) for group in held]
        judged = engine.Judge(self.problem).judge([tuple(map(str, group)) for group in added], kept_ids).judged
        propose(self.run, [one.pairing for one in judged], figures.said_in(self.snapshot), held)


def latest(run: MatchRun) -> int:
    """The number of the last change, undone or not: who saw another one saw another draft."""
    numbers = run.edits.order_by("-number").values_list("number", "undone_at")[:1]
    undone = run.edits.filter(undone_at__isnull=False).count()
    return sum(1000 * number for number, _ in numbers) + undone


def why_refused(judgement: engine.Judgement, problem: engine.Problem) -> str:
    """The rules that stand between people, each once. Pairs that were fixed before the run are spared the policy."""
    spared = [set(group) for group in problem.pinned]
    broken = [
        one.rule
        for one in judgement.broken
        if one.rule in ALWAYS or not any(set(one.members) <= group for group in spared)
    ]
    return " ".join(str(RULES.get(rule, RULES["not-possible"])) for rule in dict.fromkeys(sorted(broken)))


ALWAYS = ("own-manager", "not-possible", "forbidden")


@transaction.atomic
def make(
    run: MatchRun, by: Any, people: tuple[int, int], name: str, seen: int, at: datetime | None = None
) -> DraftEdit:
    """Makes one of the moves of two people. Raises CannotEdit, and then nothing has changed."""
    desk = _open(run, by, seen)
    move = _move(desk, people, name)
    if refused := desk.weigh(move).refused:
        raise CannotEdit(refused)
    edit = DraftEdit(run=desk.run, number=_next_number(run), kind=move.kind, participants=list(move.people), by=by)
    edit.before = _rows(move.removed, desk.standing)
    edit.after = [{"members": list(group), "kept": group in move.kept} for group in move.added]
    edit.made_at = at or timezone.now()
    edit.save()
    desk.put(move.removed, move.added, move.kept)
    count_anew(desk.run, desk.plan)
    return edit


@transaction.atomic
def undo(run: MatchRun, by: Any, seen: int, at: datetime | None = None) -> None:
    """Takes the last change back. Raises CannotEdit."""
    desk = _open(run, by, seen)
    last = desk.run.edits.standing().last()
    if last is None:
        raise CannotEdit(NOTHING)
    if last.kind != "empty" and concerns(last, desk.own):
        raise CannotEdit(CONCERNS_YOU)
    _take_back(desk, last)
    desk.run.edits.filter(pk=last.pk).update(undone_at=at or timezone.now(), undone_by=by)
    count_anew(desk.run, desk.plan)


@transaction.atomic
def back_to_the_best(run: MatchRun, by: Any, seen: int, at: datetime | None = None) -> None:
    """Takes all changes back: the draft is what the engine proposed and proved. Raises CannotEdit."""
    desk = _open(run, by, seen)
    edits = desk.run.edits.standing()
    if any(edit.kind != "empty" and concerns(edit, desk.own) for edit in edits):
        raise CannotEdit(CONCERNS_YOU)
    edits.update(undone_at=at or timezone.now(), undone_by=by)
    Proposal.objects.filter(run=desk.run).delete()
    _demand_present(pairing.members for pairing in desk.plan.pairings)
    propose(desk.run, desk.plan.pairings, figures.said_in(desk.snapshot), desk.run.pinned)
    count_anew(desk.run, desk.plan)


def match_the_rest(run: MatchRun, by: Any) -> MatchRun:
    """A new run in which what is kept stays together and what is ruled out stays apart. Raises CannotStart.

    Not for a lead who takes part: with all others kept but one, what becomes of that one tells who refused them.
    """
    if takes_part(by, run.cohort):
        raise CannotStart(NOT_AROUND_YOU)
    standing = standing_of(run)
    return request_run(
        run.cohort,
        by,
        engine.Policy.from_dict(run.policy),
        based_on=run,
        pinned=sorted(list(group) for group in standing.kept),
        forbidden=sorted(sorted(pair) for pair in standing.forbidden),
        stand_in=run.stand_in,
    )


def why_not_as_it_stands(run: MatchRun) -> str:
    """The rules that the draft breaks with all that was changed by hand; nothing, if it keeps them."""
    desk = Desk(run, None)
    try:
        judgement = desk.judge(set(desk.standing.groups.values()))
    except engine.NotAPlan:
        return str(NO_PLAN)
    refused = why_refused(judgement, desk.problem)
    return " ".join([gettext("A pairing of this draft breaks a rule."), refused]) if refused else ""


def concerns(edit: DraftEdit, own: set[int]) -> bool:
    groups = [row["members"] for row in edit.before + edit.after]
    return any(own & set(members) for members in [*groups, edit.participants])


def _open(run: MatchRun, by: Any, seen: int) -> Desk:
    """The draft, held against other changes and against publishing."""
    Cohort.objects.select_for_update().get(pk=run.cohort_id)
    held = MatchRun.objects.select_related("cohort").get(pk=run.pk)
    if not can_be_changed(held):
        raise CannotEdit(NO_DRAFT)
    desk = Desk(held, by)
    if desk.seen != seen:
        raise CannotEdit(SEEN_BEFORE)
    return desk


def can_be_changed(run: MatchRun) -> bool:
    """Until the cohort's pairs are published: what a move costs tells who named whom."""
    is_open = run.is_draft and not run.is_being_published
    return is_open and bool(run.figures) and run.shows_wishes and run.published_instead() is None


def _move(desk: Desk, people: tuple[int, int], name: str) -> Move:
    movable = set(desk.people)
    moves = desk.standing.moves(*people) if movable.issuperset(people) else []
    found = next((move for move in moves if move.name == name), None)
    if found is None:
        raise CannotEdit(NOT_THESE)
    return found


def _take_back(desk: Desk, edit: DraftEdit) -> None:
    before = [tuple(row["members"]) for row in edit.before]
    _demand_present(before)
    after = [tuple(row["members"]) for row in edit.after]
    desk.put(after, before, [tuple(row["members"]) for row in edit.before if row["kept"]])


def _demand_present(groups: Iterable[Iterable[Any]]) -> None:
    """Whoever has had their data erased cannot be put back."""
    wanted = {int(member) for group in groups for member in group}
    if Participant.objects.filter(pk__in=wanted).count() != len(wanted):
        raise CannotEdit(GONE)


def _next_number(run: MatchRun) -> int:
    return (run.edits.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _rows(groups: Iterable[Group], standing: Standing) -> list[dict[str, Any]]:
    return [{"members": list(group), "kept": group in standing.kept} for group in groups]


def _stored(run: MatchRun, column: str) -> Any:
    return MatchRun.objects.filter(pk=run.pk).values_list(column, flat=True).get()


def _now(snapshot: engine.Problem, standing: Standing) -> engine.Problem:
    """The snapshot under what is ruled out now."""
    pairs = (sorted(pair) for pair in standing.forbidden)
    return replace(snapshot, forbidden=tuple((str(a), str(b)) for a, b in pairs))
