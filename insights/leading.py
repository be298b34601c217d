"""What a lead can do next for each of their cohorts, in four queries for however many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.models import Cohort, Invitation, Participant
from insights.step import Step
from matching.models import MatchRun
from matching.waiting import waiting_by_cohort


def steps_of(led: Sequence[Cohort], at: datetime) -> list[Step]:
    if not led:
        return []
    people, runs = _people(led), _runs(led)
    invited = set(Invitation.objects.filter(cohort__in=led).order_by().values_list("cohort", flat=True).distinct())
    waiting = waiting_by_cohort(led, at)
    return [
        _step(cohort, people.get(cohort.pk), runs.get(cohort.pk, {}), cohort.pk in invited, waiting.get(cohort.pk, 0))
        for cohort in led
    ]


def _people(led: Sequence[Cohort]) -> dict[int, int]:
    """By cohort with anybody on its list: how many have joined."""
    listed = Participant.objects.listed().filter(cohort__in=led).order_by()
    return dict(listed.values_list("cohort").annotate(joined=Count("joined_at")))


def _runs(led: Sequence[Cohort]) -> dict[int, Any]:
    drafts = Q(finished_at__isnull=False, published_at=None)
    rows = MatchRun.objects.filter(cohort__in=led).order_by().values("cohort")
    return {row["cohort"]: row for row in rows.annotate(published=Count("published_at"), drafts=Count("pk", drafts))}


def _step(cohort: Cohort, joined: int | None, runs: dict[str, int], is_invited: bool, waiting: int) -> Step:
    """After publishing, following it."""
    if joined is None and not is_invited:
        return _invite_step(cohort)
    if runs.get("published"):
        return _place_step(cohort, waiting) if waiting else _follow_step(cohort)
    return _match_step(cohort, joined or 0, bool(runs.get("drafts")))


def _invite_step(cohort: Cohort) -> Step:
    return Step(
        4,
        _("Bring people into %(cohort)s") % {"cohort": cohort.name},
        _("Share the join link, paste addresses, or import a list."),
        reverse("buddying:invitations", args=[cohort.pk]),
        _("Invite people"),
        "user-plus",
    )


def _follow_step(cohort: Cohort) -> Step:
    return Step(
        9,
        _("See how %(cohort)s is getting on") % {"cohort": cohort.name},
        _("Who has met, and who may be glad of a kind word."),
        reverse("insights:cohort", args=[cohort.pk]),
        _("Open the cohort"),
        "sprout",
    )


def _place_step(cohort: Cohort, waiting: int) -> Step:
    title = ngettext(
        "%(count)d person waits for a buddy in %(cohort)s", "%(count)d people wait for a buddy in %(cohort)s", waiting
    )
    return Step(
        5,
        title % {"count": waiting, "cohort": cohort.name},
        _("Pair them with each other, let them join a pair, or match all who wait."),
        reverse("matching:pairings", args=[cohort.pk]),
        _("Find them a buddy"),
        "users",
    )


def _match_step(cohort: Cohort, ready: int, has_draft: bool) -> Step:
    board = reverse("matching:board", args=[cohort.pk])
    if has_draft:
        title = _("A draft of the pairs of %(cohort)s is ready") % {"cohort": cohort.name}
        return Step(4, title, _("Nobody is told anything until you publish."), board, _("Look at it"), "users")
    title = _("Follow sign-up in %(cohort)s, then match") % {"cohort": cohort.name}
    why = ngettext(
        "%(count)d has joined so far. You can try a draft at any time; nobody is told until you publish.",
        "%(count)d have joined so far. You can try a draft at any time; nobody is told until you publish.",
        ready,
    )
    return Step(6, title, why % {"count": ready}, board, _("Open matching"), "users")
